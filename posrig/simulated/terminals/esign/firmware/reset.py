"""Factory reset: CANCEL and FUNC held at power-on for five seconds, then the system's password, then OK."""

from __future__ import annotations

from posrig.simulated.terminals.contacts import Contacts
from posrig.simulated.terminals.esign.firmware.guesses import Guesses
from posrig.simulated.terminals.esign.firmware.people import SYSTEM, after_reset
from posrig.simulated.terminals.pages import Busy, Core, Keys, Then

CHORD = {"CANCEL", "FUNC"}
HOLD_S, ASK_S, ERASE_S, DONE_S = 5.0, 30.0, 4.0, 1.0
KEPT = ("version", "previous", "boots", "trace", "host_lock")


class Reset:
    def __init__(self, core: Core, guesses: Guesses, contacts: Contacts) -> None:
        self.core, self.guesses, self.contacts = core, guesses, contacts

    def held(self) -> bool:
        """Both keys and no other."""
        return self.contacts.down == CHORD

    def asked(self) -> None:
        """The keys were held long enough."""
        self.guesses.ask("reset_pwd", ("", "恢复出厂设置", "", "请输入系统密码"), SYSTEM, self.confirm, self.core.home)

    def confirm(self) -> None:
        rows = ("", "恢复出厂设置", "", "将清除全部数据")
        keys: dict[str, Then] = {"OK": self.begin, "CANCEL": self.core.home}
        self.core.show(Keys("reset_ask", lambda: rows, keys, stays_s=ASK_S, then=self.core.home))

    def begin(self) -> None:
        self.core.flash.put(erasing=True)
        self.go_on()

    def unfinished(self) -> bool:
        """A power cut fell into it: it is finished before anything else."""
        return bool(self.core.flash.get("erasing"))

    def go_on(self) -> None:
        self.core.show(Busy("resetting", lambda: ("", "正在恢复出厂设置", "", "请勿断电")))
        self.core.board.after(ERASE_S, self._erased)

    def _erased(self) -> None:
        self.erase()
        self.core.show(Busy("reset_done", lambda: ("", "恢复出厂完成", "", "即将重启")))
        self.core.board.after(DONE_S, self.core.board.restart)

    def erase(self) -> None:
        self.core.flash.erase(keep=KEPT, people=after_reset())
