"""The work: signed off, sign-on, the amount, the staff menu, passwords."""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.terminals.counter.firmware.prompts import FOOT, KEYS, REFUSAL_S, Prompts
from posrig.simulated.terminals.counter.firmware.reset import Reset
from posrig.simulated.terminals.counter.firmware.sale import Sale, money
from posrig.simulated.terminals.counter.firmware.staff import DEFAULT, DIGITS, Staff, supervises
from posrig.simulated.terminals.counter.firmware.update import Update
from posrig.simulated.terminals.pages import Core, Keys, Then

Take = Callable[[str], None]
MENU_S, INFO_S, DONE_S = 60.0, 10.0, 2.0
AMOUNT_DIGITS = 7


class Desk:
    def __init__(self, core: Core, staff: Staff, prompts: Prompts, sale: Sale, update: Update, reset: Reset) -> None:
        self.core, self.staff, self.prompts = core, staff, prompts
        self.sale, self.update, self.reset = sale, update, reset

    def open(self) -> None:
        """The page of a terminal that is not locked."""
        if self.staff.on_duty is None:
            self.closed()
        else:
            self.ready()

    def closed(self) -> None:
        rows = ("", "      暂停服务", "", "   请到其他柜台办理", "", "", "", "员工按#键登录")
        self.core.show(Keys("closed", lambda: rows, {"HASH": self._sign_on}))

    def _sign_on(self) -> None:
        self.prompts.who("login", "员工登录", self._signed_on, self.core.home)

    def _signed_on(self, number: str) -> None:
        if self.staff.must_change(number):
            self.new_password(number, self.core.home, lambda: self._on_duty(number))
        else:
            self._on_duty(number)

    def _on_duty(self, number: str) -> None:
        self.staff.on_duty = number
        self.core.home()

    def ready(self) -> None:
        number = self.staff.on_duty
        self.core.show(
            self.core.entry(
                "ready",
                lambda typed: (
                    "自助缴费",
                    "",
                    "请输入金额(元):",
                    money(int(typed or 0)),
                    "",
                    "",
                    f"工号 {number}",
                    "*键员工菜单   #键确认",
                ),
                self.sale.start,
                self.menu,
                most=AMOUNT_DIGITS,
                keys=KEYS,
                stays_s=None,
            )
        )

    def menu(self) -> None:
        rows = (
            "员工菜单",
            "1.退出登录 2.本机信息",
            "3.优盘升级 4.恢复出厂",
            "5.修改密码 6.新增员工",
            "",
            "",
            "",
            "*键返回",
        )
        keys: dict[str, Then] = {
            "1": self._sign_off,
            "2": self.info,
            "3": lambda: self._supervised("update", "优盘升级", self.update.open),
            "4": lambda: self._supervised("reset", "恢复出厂设置", self.reset.ask),
            "5": self._own_password,
            "6": lambda: self._supervised("hire", "新增员工", self._hire),
            "STAR": self.core.home,
        }
        self.core.show(Keys("menu", lambda: rows, keys, stays_s=MENU_S, then=self.core.home))

    def _sign_off(self) -> None:
        self.staff.on_duty = None
        self.core.home()

    def info(self) -> None:
        net = "正常" if self.core.board.nic.attached else "断开"
        rows = (
            "本机信息",
            f"版本 V{self.update.version()}",
            f"机号 {self.core.board.serial_number}",
            f"网络 {net}",
            "",
            "",
            "",
            "*键返回",
        )
        self.core.show(Keys("info", lambda: rows, {"STAR": self.core.home}, stays_s=INFO_S, then=self.core.home))

    def _supervised(self, screen: str, title: str, then: Then) -> None:
        """A supervisor's number and password, whoever is on duty."""

        def proved(number: str) -> None:
            if supervises(number) and not self.staff.must_change(number):
                then()
            else:
                self.core.note("no_right", REFUSAL_S, (title, "", "须由主管操作"))

        self.prompts.who(screen, title, proved, self.core.home)

    # passwords

    def _own_password(self) -> None:
        number = self.staff.on_duty or ""
        self.new_password(number, self.core.home, self.core.home)

    def new_password(self, number: str, back: Then, done: Then) -> None:
        """Typed twice; the weak ones are refused."""

        def again(first: str) -> None:
            if self.staff.weak(number, first):
                self.core.note("pwd_weak", REFUSAL_S, ("修改密码", "", "密码太简单", "请换一个"))
                return
            self._field(
                "new_pwd2", "修改密码", "再输入一次:", lambda second: self._changed(number, first, second, done), back
            )

        self._field("new_pwd", "修改密码", "新密码(6位):", again, back)

    def _changed(self, number: str, first: str, second: str, done: Then) -> None:
        if first != second:
            self.core.note("pwd_differ", REFUSAL_S, ("修改密码", "", "两次输入不一致"))
            return
        self.staff.set_password(number, first)
        self.core.note("pwd_done", DONE_S, ("修改密码", "", "修改成功"), done)

    def _field(self, screen: str, title: str, prompt: str, submit: Take, back: Then) -> None:
        self.core.show(
            self.core.entry(
                screen,
                lambda typed: (title, "", prompt, typed, "", "", "", FOOT),
                submit,
                back,
                most=DIGITS,
                keys=KEYS,
                secret=screen != "hire_no",
            )
        )

    def _hire(self) -> None:
        """A new number begins with the published password, and so with a new one of its own."""
        self._field("hire_no", "新增员工", "新工号(6位):", self._hired, self.core.home)

    def _hired(self, number: str) -> None:
        if len(number) != DIGITS:
            self.core.note("hire_bad", REFUSAL_S, ("新增员工", "", "工号须为6位"))
            return
        self.staff.set_password(number, DEFAULT, first=True)
        self.core.note("hire_done", DONE_S, ("新增员工", f"工号 {number}", f"初始密码 {DEFAULT}"))
