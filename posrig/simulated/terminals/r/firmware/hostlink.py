"""The host link: sign-on data, hourly echo, pushes of the back office, and the lock after too long a silence (C05)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

ECHO_S = 3600.0
NET_LOCK_H = 24
"""Hours without contact until C05, unless the parameter ``net_lock_h`` says otherwise."""
GRACE_S = 30.0
"""After power-on the link gets this long before a long absence locks the terminal."""
CLOCK_TOLERANCE_S = 2.0

Answer = Callable[[dict[str, Any]], None]
Failure = Callable[[str], None]

PARAMETERS: Mapping[str, Callable[[Any], bool]] = {
    "idle_lock_min": lambda value: type(value) is int and 1 <= value <= 15,
    "net_lock_h": lambda value: type(value) is int and 1 <= value <= 240,
    "phone": lambda value: isinstance(value, str) and 0 < len(value) <= 16 and value.isprintable(),
}
"""What the host may set, and which values make sense."""


class Hostlink(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._when_linked: list[Callable[[], None]] = []
        self._net_check: Timer | None = None

    def start(self) -> None:
        nic = self.fw.board.nic
        nic.on_link, nic.on_push = self.link, self.push
        if self.fw.store.get("host.contact") is None:
            self.note_contact()
        self.fw.board.after(ECHO_S, self._hourly)
        self._check_later(GRACE_S)

    def request(self, message: Mapping[str, Any], on_answer: Answer, on_failure: Failure) -> None:
        """Ask the host; every answer counts as contact, a wrong certificate goes into the log."""

        def answered(answer: dict[str, Any]) -> None:
            self.note_contact()
            on_answer(answer)

        def failed(why: str) -> None:
            self.note_failure(why)
            on_failure(why)

        self.fw.board.nic.request({**message, "terminal": self.fw.board.serial_number}, answered, failed)

    def when_linked(self, call: Callable[[], None]) -> None:
        """Now, or when the link comes up."""
        if self.fw.board.nic.attached:
            call()
        else:
            self._when_linked.append(call)

    # the link

    def link(self, up: bool) -> None:
        self.fw.board.service.emit("link", state="up" if up else "down")
        if not up:
            return
        waiting, self._when_linked = self._when_linked, []
        for call in waiting:
            call()
        if self.has_reason_to_call():
            self.echo()

    def has_reason_to_call(self) -> bool:
        """Something waits for the host, or it has not been heard of for an hour."""
        return self.fw.journal.waiting() > 0 or self.fw.lock_states.net_locked() or self.silent_s() >= ECHO_S

    def echo(self) -> None:
        """Show the host that the terminal lives; then send what waited for the link."""
        self.request({"type": "echo"}, lambda _answer: self._send_waiting(), lambda _why: None)

    def _send_waiting(self) -> None:
        self.fw.journal.send_waiting(lambda: None, lambda _why: None)

    def _hourly(self) -> None:
        self.fw.board.after(ECHO_S, self._hourly)
        self.echo()

    # sign-on data

    def signed_on(self, operator: str) -> None:
        self.fw.update.session_began()
        self.request({"type": "sign_on", "operator": operator}, self._take_over, lambda _why: None)

    def _take_over(self, answer: dict[str, Any]) -> None:
        self.take_zone(answer.get("zone"))
        self.take_time(answer.get("time"))
        self.take_parameters(answer.get("parameters"))

    def take_time(self, text: object) -> None:
        """Correct the clock chip by the host's time and log it; an unreadable time changes nothing."""
        when = _time(text)
        if when is None:
            return
        if abs((when - self.fw.utc()).total_seconds()) > CLOCK_TOLERANCE_S:
            self.fw.clock.correct(when, "host")
            self.fw.sign_on.date_corrected()
            self.fw.pages.repaint()

    def take_zone(self, zone: object) -> None:
        if isinstance(zone, str) and zone != self.fw.parameter("zone") and self.fw.known_zone(zone):
            self.fw.set_parameter("zone", zone)

    def take_parameters(self, wanted: object) -> None:
        """Take over the known ones with a sensible value; what changed is logged by name."""
        if not isinstance(wanted, dict):
            return
        for name, value in wanted.items():
            if name in PARAMETERS and PARAMETERS[name](value) and self.fw.parameter(name) != value:
                self.fw.set_parameter(name, value)
                self.fw.log.add("parameter", operator="host", result=name)
        # a shorter time counts from the last contact, not from the next one
        self._check_later(max(self.limit_s() - self.silent_s(), 0.0))

    # pushes

    def push(self, message: dict[str, Any]) -> None:
        """An unasked message of the host, applied at once whatever page is shown."""
        self.note_contact()
        acts: Mapping[str, Callable[[dict[str, Any]], None]] = {
            "lock": self.host_lock,
            "unlock": self.host_unlock,
            "update": self.offered,
        }
        act = acts.get(str(message.get("type")))
        if act is not None:
            act(message)

    def host_lock(self, message: dict[str, Any]) -> None:
        self.fw.lock_states.set_host_lock(reference_text(message.get("reference")))

    def host_unlock(self, message: dict[str, Any]) -> None:
        self.fw.lock_states.clear_host_lock()

    def offered(self, message: dict[str, Any]) -> None:
        self.fw.update.announced()

    # contact and its absence

    def note_contact(self) -> None:
        self.fw.store.put("host.contact", [self.fw.clock.counter(), self.fw.clock.timestamp()])
        self._check_later(self.limit_s())
        self.fw.lock_states.net_contact()

    def note_failure(self, why: str) -> None:
        """A false server is a security event, a missing one is not."""
        if why == "certificate":
            self.fw.log.add("certificate", result="host")

    def limit_s(self) -> float:
        return float(self.fw.parameter("net_lock_h", NET_LOCK_H)) * 3600.0

    def silent_s(self) -> float:
        """True seconds since the last contact. A counter that lost its battery says nothing: then it was too long."""
        counter, _ = self.fw.store.get("host.contact")
        passed = self.fw.clock.counter() - float(counter)
        return passed if passed >= 0 else self.limit_s()

    def last_contact(self) -> float:
        """Seconds since the epoch, as the clock chip had it then."""
        return float(self.fw.store.get("host.contact")[1])

    def try_again(self) -> None:
        self.echo()

    def _check_later(self, delay_s: float) -> None:
        if self._net_check is not None:
            self._net_check.cancel()
        self._net_check = self.fw.board.after(delay_s, self._check_silence)

    def _check_silence(self) -> None:
        left = self.limit_s() - self.silent_s()
        if left > 0:
            self._check_later(left)
        elif self.fw.transactions.busy():
            self._check_later(GRACE_S)
        else:
            self.fw.lock_states.set_net_lock(self.last_contact())


def _time(text: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return when if when.tzinfo is not None and 2020 <= when.year < 2100 else None


def reference_text(reference: object) -> str:
    """At most four letters or digits: whatever else the host sends must not spoil the screen."""
    return re.sub(r"[^0-9A-Za-z]", "", str(reference or "0000"))[:4]
