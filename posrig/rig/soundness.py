"""Before a terminal is accused: is the rig itself sound? Asked when a scenario fails, while nothing has moved yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from posrig.ground.faults import ConfigurationError, PosrigError, ProductFailure, RigFault
from posrig.rig.press_counts import check_contacts
from posrig.rig.rig import Rig
from posrig.rig.stream_evidence import check_agreement, check_identity, check_initial_state, check_recognised
from posrig.rig.supply_evidence import check_supply
from posrig.rig.wire_evidence import arrived_whole, check_port, check_relays, check_streams


class Doubt(str):
    """One line that speaks against a rig; it knows which instrument and which keys it names."""

    instrument: str = ""
    keys: tuple[str, ...] = ()
    configuration: bool = False
    """It speaks against a file, not against the rig."""
    todo: str = ""
    where: str = ""

    @classmethod
    def of(cls, fault: PosrigError) -> Doubt:
        doubt = cls(fault.found.splitlines()[0])
        doubt.instrument, doubt.keys = getattr(fault, "instrument", ""), getattr(fault, "keys", ())
        doubt.configuration = isinstance(fault, ConfigurationError)
        doubt.todo, doubt.where = fault.todo, fault.where
        return doubt


def doubts(rig: Rig) -> list[Doubt]:
    """What speaks against the rig, one line each; empty when every part that can be asked is proved sound.

    Asked: relays that nobody closed, how often each closed and was felt, the supply's output, trips, settings, volts
    and amperes, what the terminal's streams lost, its lines to the host and the update server, whether display and
    service port speak of the same page and of the terminal that the rig file names, and the state it was left in. Last,
    and only on a sound rig, whether the profile has known this terminal at all: that speaks against the profile.
    """
    checks: tuple[Callable[[], None], ...] = (
        rig.keypad.check_open,
        lambda: check_lines(rig),
        lambda: check_supply(rig),
        lambda: check_relays(rig, rig.baseline),
        lambda: check_contacts(rig),
        lambda: check_streams(rig, rig.baseline),
        lambda: check_port(rig, rig.baseline),
        lambda: check_identity(rig),
        lambda: check_agreement(rig),
        lambda: check_initial_state(rig),
    )
    against = [doubt for check in checks if (doubt := _asked(check)) is not None]
    if not against and (doubt := _asked(lambda: check_recognised(rig))) is not None:
        against.append(doubt)
    return against


def blamed(against: list[Doubt], looked_like: str) -> PosrigError:
    """The error that stands in the place of an accusation: a configuration error when only a file is to blame."""
    if all(doubt.configuration for doubt in against):
        return ConfigurationError(f"{'; '.join(against)}\nit looked like: {looked_like}",
                                  where=against[0].where, todo=against[0].todo)  # fmt: skip
    return RigFault(
        f"the rig is not sound, so the terminal is not judged: {'; '.join(against)}\nit looked like: {looked_like}",
        instrument=against[0].instrument,
        keys=tuple(dict.fromkeys(key for doubt in against for key in doubt.keys)),
        todo=against[0].todo,
    )


@contextmanager
def judged(rig: Rig) -> Iterator[None]:
    """Around what may accuse the terminal. Raises RigFault or ConfigurationError in the place of a ProductFailure when
    something speaks against the rig or the profile, and ProductFailure in the place of a RigFault that is proved to be
    the terminal's own doing."""
    try:
        yield
    except ProductFailure as failure:
        if against := doubts(rig):
            raise blamed(against, failure.found) from failure
        raise
    except RigFault as fault:
        if proof := own_doing(rig, fault):
            raise ProductFailure(f"{proof}\nit looked like: {fault.found}") from fault
        raise


def own_doing(rig: Rig, fault: PosrigError) -> str:
    """Was a fault of the terminal's console or service port the terminal's own? The proof in words, or nothing.

    Proved when each byte that left the terminal's connector came in, and nothing else speaks against the rig: then what
    is wrong about the messages was wrong when they left.
    """
    names = {"service port": "service", rig.streams.screen.name: "screen"}
    name = getattr(fault, "instrument", "")
    if name not in names or rig.streams.screen.lost or (rig.streams.service is not None and rig.streams.service.lost):
        return ""
    try:
        if not arrived_whole(rig, rig.baseline, names[name]) or doubts(rig):
            return ""
    except PosrigError:
        return ""
    return f"the terminal's own {name} is defective: each byte that left the terminal's connector has come in"


def check_lines(rig: Rig) -> None:
    """Network and USB lines are as they were switched, by read-back. Raises RigFault."""
    for line in (rig.network, rig.usb):
        if line is not None and line.ordered is not None and line.connected != line.ordered:
            raise RigFault(
                f"the {line.name} line is {_joined(not line.ordered)}, it was switched {_joined(line.ordered)}",
                instrument="switch",
                todo="does somebody else use the switch unit?",
            )


def _joined(connected: bool) -> str:
    return "connected" if connected else "disconnected"


def _asked(check: Callable[[], None]) -> Doubt | None:
    try:
        check()
    except PosrigError as fault:
        return Doubt.of(fault)
    return None
