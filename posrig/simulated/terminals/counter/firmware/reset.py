"""Factory reset: by a supervisor, from the menu of a terminal that is not locked; it ends with a power cut."""

from __future__ import annotations

from posrig.simulated.terminals.counter.firmware.staff import after_reset
from posrig.simulated.terminals.pages import Busy, Core, Keys

ERASE_S, ASK_S = 4.0, 30.0
KEPT = ("version", "previous", "boots", "trace", "host_lock")
"""What is no data of the merchant's: firmware, the number of the last sale, and the host's word."""


class Reset:
    def __init__(self, core: Core) -> None:
        self.core = core

    def ask(self) -> None:
        rows = ("恢复出厂设置", "", "清除全部员工和流水", "确定吗?", "", "", "", "*键取消       #键确定")
        keys = {"HASH": self.begin, "STAR": self.core.home}
        self.core.show(Keys("reset_ask", lambda: rows, keys, stays_s=ASK_S, then=self.core.home))

    def begin(self) -> None:
        self.core.flash.put(erasing=True)
        self.go_on()

    def unfinished(self) -> bool:
        """A power cut fell into it: it is finished before anything else."""
        return bool(self.core.flash.get("erasing"))

    def go_on(self) -> None:
        self.core.show(Busy("resetting", lambda: ("正在恢复出厂设置", "", "请勿断电")))
        self.core.board.after(ERASE_S, self._erased)

    def _erased(self) -> None:
        self.erase()
        self.core.show(Busy("reset_done", lambda: ("恢复出厂完成", "", "请断电后重新开机")))

    def erase(self) -> None:
        self.core.flash.erase(keep=KEPT, staff=after_reset())
