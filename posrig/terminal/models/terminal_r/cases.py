"""Terminal R's own use cases, where it proves more than meanings say: by a sale, by its service port, by its owner."""

from __future__ import annotations

from typing import Any

from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import locking, resetting, signing_on, starting, states, updating
from posrig.terminal.typed import wrong_password
from posrig.terminal.ways.cases import Cases


class OwnCases(Cases):
    """Each of these does what the one by meaning does, and checks more."""

    def switch_on(self) -> Frame:
        return starting.switch_on(self.terminal)

    def cut_power(self, off_s: float | None = None) -> Frame:
        return starting.cut_power(self.terminal, off_s)

    def signed_off(self) -> Frame:
        return starting.signed_off(self.terminal)

    def ready(self, operator: str) -> Frame:
        return starting.ready(self.terminal, operator)

    def restart(self, operator: str) -> Frame:
        return starting.restart_by_chord(self.terminal)

    def sign_on(self, operator: str) -> Frame:
        return signing_on.sign_on(self.terminal, operator)

    def sign_off(self, operator: str) -> Frame:
        return signing_on.sign_off(self.terminal)

    def wrong_passwords(self, operator: str, count: int) -> Frame:
        return signing_on.try_wrong_passwords(self.terminal, operator, count)

    def rest(self) -> Frame:
        return signing_on.rest_from_notice(self.terminal)

    def lock(self, operator: str) -> Frame:
        return locking.lock(self.terminal)

    def unlock(self, operator: str) -> Frame:
        return locking.unlock(self.terminal, operator)

    def try_unlock(self, operator: str, *, wrong: bool = False) -> Frame:
        password = wrong_password(self.terminal, operator) if wrong else None
        return locking.try_unlock(self.terminal, operator, password=password)

    def is_locked(self) -> Frame:
        return locking.is_locked(self.terminal)

    def is_locked_out(self, operator: str) -> Frame:
        return states.is_locked_out(self.terminal, operator or states.CASHIER)

    def is_open(self, operator: str) -> Frame:
        return locking.is_open(self.terminal, operator)

    def reach(self, state: str, *, after_s: float = 0.0) -> Frame:
        return states.reach(self.terminal, state, after_s=after_s)

    def holds(self, state: str) -> Frame:
        return states.holds(self.terminal, state)

    def factory_reset(self) -> Frame:
        self.terminal.power.off()
        return resetting.factory_reset(self.terminal)

    def try_sign_on(self, operator: str) -> Frame:
        return signing_on.password_step(self.terminal, operator)

    def old_password_is_refused(self, operator: str) -> None:
        resetting.old_password_is_refused(self.terminal, operator)

    def offer_update(self, **package: Any) -> Frame:
        return updating.offer(self.terminal, **package)

    def version_is(self, version: str) -> None:
        updating.version_is(self.terminal, version)

    def is_locked_by_host(self) -> Frame:
        return expect_screen(self.terminal, ("host_lock",), within_s=3, expected="the terminal is locked by the host")

    def asks_for_sign_on(self) -> Frame:
        return expect_screen(self.terminal, ("signed_off",), within_s=starting.start_time_s(self.terminal))

    def is_ready(self, operator: str) -> Frame:
        expected = f"the ready screen of operator {operator}"
        frame = expect_screen(self.terminal, ("idle",), within_s=5, expected=expected)
        expect(frame.fields["operator"] == operator, self.terminal, expected, frame)
        return frame
