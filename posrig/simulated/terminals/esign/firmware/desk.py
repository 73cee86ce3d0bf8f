"""The work: welcome, sign-on, the amount, function codes, the menu of buttons, passwords."""

from __future__ import annotations

from posrig.simulated.terminals.esign.firmware.guesses import KEYS, REFUSAL_S, Guesses, Take
from posrig.simulated.terminals.esign.firmware.locks import Locks
from posrig.simulated.terminals.esign.firmware.people import People, digits
from posrig.simulated.terminals.esign.firmware.sale import Sale, money
from posrig.simulated.terminals.esign.firmware.update import Update
from posrig.simulated.terminals.pages import Core, Keys, Notice, Then

MENU_S, VERSION_S, DONE_S = 60.0, 5.0, 2.0


class Desk:
    def __init__(self, core: Core, people: People, guesses: Guesses, locks: Locks, sale: Sale, update: Update) -> None:
        self.core, self.people, self.guesses = core, people, guesses
        self.locks, self.sale, self.update = locks, sale, update

    def open(self) -> None:
        if self.people.session is None:
            self.welcome()
        else:
            self.ready()

    def welcome(self) -> None:
        rows = ("", "欢迎使用", "电子签名终端", "", "请签到")
        self.core.show(Keys("welcome", lambda: rows, {"OK": self._number, "version": self.version}))

    # sign-on

    def _number(self) -> None:
        self._field("login", ("", "操作员签到", "", "请输入操作员号"), "操作员", 2, self._password, secret=False)

    def _password(self, operator: str) -> None:
        head = ("", "操作员签到", f"操作员 {operator}")
        self.guesses.ask("login_pwd", head, operator, lambda: self._signed_on(operator), self.core.home)

    def _signed_on(self, operator: str) -> None:
        if not self.people.cashier(operator):
            self.core.note("no_right", REFUSAL_S, ("", "请用收银员签到"))
        elif self.people.is_first(operator):
            self.new_password(operator, lambda: self._begin(operator))
        else:
            self._begin(operator)

    def _begin(self, operator: str) -> None:
        self.people.session = operator
        self.core.board.service.emit("sign_on", operator=operator, result="ok")
        self.core.home()

    def _sign_off(self) -> None:
        self.people.session = None
        self.core.home()

    # work

    def ready(self) -> None:
        operator = self.people.session
        more: dict[str, Then] = {"FUNC": self._function, "FEED": self.sale.feed, "menu": self.menu}
        more["lock"] = lambda: self.locks.set("button")
        self.core.show(
            self.core.entry(
                "ready",
                lambda typed: ("", f"操作员 {operator}", "", "请输入金额", "", f"金额:{money(int(typed or 0))}"),
                self.sale.start,
                _stay,
                most=7,
                keys=KEYS,
                stays_s=None,
                more=more,
            )
        )

    def _function(self) -> None:
        self._field("func", ("", "功能", "", "请输入功能码"), "功能码", 2, self._chosen, secret=False)

    def _chosen(self, code: str) -> None:
        functions: dict[str, Then] = {
            "11": self._sign_off,
            "22": lambda: self.locks.set("function"),
            "33": self.sale.last,
            "44": self.version,
            "55": self._own_password,
            "66": self.update.open,
        }
        functions.get(code, lambda: self.core.note("no_func", REFUSAL_S, ("", "无此功能")))()

    def menu(self) -> None:
        keys: dict[str, Then] = {
            "lock": lambda: self.locks.set("menu"),
            "sign_off": self._sign_off,
            "query": self.sale.last,
            "next": self.menu2,
            "CANCEL": self.core.home,
        }
        self._menu("menu", "菜单 1/2", keys)

    def menu2(self) -> None:
        keys: dict[str, Then] = {
            "update": self.update.open,
            "password": self._own_password,
            "version": self.version,
            "next": self.menu,
            "CANCEL": self.core.home,
        }
        self._menu("menu2", "菜单 2/2", keys)

    def _menu(self, screen: str, title: str, keys: dict[str, Then]) -> None:
        self.core.show(Keys(screen, lambda: ("", title), keys, stays_s=MENU_S, then=self.core.home))

    def version(self) -> None:
        rows = ("", "版本信息", f"版本 V{self.update.version()}", f"机号 {self.core.board.serial_number}")
        self.core.show(Notice("version", lambda: rows, stays_s=VERSION_S, then=self.core.home))

    # passwords

    def _own_password(self) -> None:
        self.new_password(self.people.session or "", self.core.home)

    def new_password(self, operator: str, done: Then) -> None:
        """Typed twice; the weak ones are refused."""
        most = digits(operator)

        def again(first: str) -> None:
            if self.people.weak(operator, first):
                self.core.note("pwd_weak", REFUSAL_S, ("", "密码太简单", "", "请换一个"))
                return
            head = ("", "修改密码", "", "请再输入一次")
            self._field("new_pwd2", head, "新密码", most, lambda second: self._changed(operator, first, second, done))

        self._field("new_pwd", ("", "修改密码", "", f"请输入{most}位新密码"), "新密码", most, again)

    def _changed(self, operator: str, first: str, second: str, done: Then) -> None:
        if first != second:
            self.core.note("pwd_differ", REFUSAL_S, ("", "两次输入不一致"))
            return
        self.people.set_password(operator, first)
        self.core.note("pwd_done", DONE_S, ("", "密码修改成功"), done)

    def _field(
        self, screen: str, head: tuple[str, ...], prompt: str, most: int, submit: Take, *, secret: bool = True
    ) -> None:
        page = self.core.entry(
            screen,
            lambda typed: (*head, "", f"{prompt}:{typed}"),
            submit,
            self.core.home,
            most=most,
            keys=KEYS,
            secret=secret,
        )
        self.core.show(page)


def _stay() -> None:
    return
