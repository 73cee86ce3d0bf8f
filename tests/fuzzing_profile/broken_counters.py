"""Counter terminals with one thing wrong that no shipped defect breaks: named by ``defects_from``, told by an oracle."""

from __future__ import annotations

from dataclasses import replace

from posrig.simulated.terminals.counter.defects.registry import defect
from posrig.simulated.terminals.counter.firmware.attempts import Attempts
from posrig.simulated.terminals.counter.firmware.desk import Desk
from posrig.simulated.terminals.counter.firmware.parts import Parts
from posrig.simulated.terminals.counter.firmware.prompts import Prompts
from posrig.simulated.terminals.counter.firmware.staff import Staff
from posrig.simulated.terminals.pages import Entry, Keys


class _OpenDoor(Desk):
    def closed(self) -> None:
        super().closed()
        page = self.core.page
        assert isinstance(page, Keys)
        page._keys["STAR"] = lambda: self._on_duty("100001")


@defect("x_open_door", "A key at the closed counter leads to the ready page")
def x_open_door(parts: Parts) -> Parts:
    return replace(parts, desk=_OpenDoor)


class _DeadKey(Desk):
    def closed(self) -> None:
        super().closed()
        page = self.core.page
        assert isinstance(page, Keys)
        del page._keys["HASH"]


@defect("x_dead_key", "The key that begins a sign-on does nothing")
def x_dead_key(parts: Parts) -> Parts:
    return replace(parts, desk=_DeadKey)


class _OtherPage(Desk):
    def closed(self) -> None:
        super().closed()
        page = self.core.page
        assert isinstance(page, Keys)
        page._keys["2"] = self.info


@defect("x_info_for_all", "The page about the terminal is shown to whoever presses 2")
def x_info_for_all(parts: Parts) -> Parts:
    return replace(parts, desk=_OtherPage)


class _KnowsAll(Staff):
    def knows(self, number: str, typed: str) -> bool:
        return True


@defect("x_any_password", "Any password signs on")
def x_any_password(parts: Parts) -> Parts:
    return replace(parts, staff=_KnowsAll)


class _Hasty(Attempts):
    def failed(self) -> int:
        if self.count() == 1:
            self.keep(3)
        return super().failed()


@defect("x_hasty", "The second wrong password stops the terminal")
def x_hasty(parts: Parts) -> Parts:
    return replace(parts, attempts=_Hasty)


class _Short(Attempts):
    def left_s(self) -> float:
        left = super().left_s()
        return left if left > 240.0 else 0.0


@defect("x_short_stop", "The stop is over after a minute")
def x_short_stop(parts: Parts) -> Parts:
    return replace(parts, attempts=_Short)


class _KeepsDigits(Entry):
    kept = ""

    def key(self, key: str) -> None:
        super().key(key)
        if key.isdigit() and not self.secret:
            _KeepsDigits.kept = self.typed

    def shown(self, typed: str) -> str:
        return super().shown(typed if typed or self.secret else _KeepsDigits.kept)


@defect("x_keeps_digits", "A number comes up with what was typed last")
def x_keeps_digits(parts: Parts) -> Parts:
    return replace(parts, entry=_KeepsDigits)


class _Stays(Prompts):
    def refuse(self) -> None:
        self.attempts.failed()
        self.core.note("refused", 600.0, ("工号或密码错误", "", "还可以试3次"))


@defect("x_notice_stays", "The refusal never goes")
def x_notice_stays(parts: Parts) -> Parts:
    return replace(parts, prompts=_Stays)
