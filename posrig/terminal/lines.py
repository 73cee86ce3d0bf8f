"""Lines that a relay connects or cuts: the terminal's Ethernet, the USB stick."""

from __future__ import annotations

from posrig.description.rig_file import SwitchWiring
from posrig.ground.clock import Clock
from posrig.instruments.switch import SwitchUnit
from posrig.terminal.timeline import Note


class RelayLine:
    """Fulfils :class:`posrig.terminal.contracts.Network` for any line behind one relay."""

    def __init__(self, name: str, switch: SwitchUnit, wiring: SwitchWiring, clock: Clock, note: Note) -> None:
        self.name, self._switch, self._clock, self._note = name, switch, clock, note
        self._channel = (wiring.channel,)
        self._closed_connects = wiring.closed_means == "connected"
        self.ordered: bool | None = None
        """Connected or not, as last ordered; None: never, it is as it was found."""

    @property
    def connected(self) -> bool:
        """As the relay stands, by the switch unit's own account."""
        return bool(self._switch.closed(self._channel)) == self._closed_connects

    def connect(self) -> None:
        self._set(self._closed_connects, "connected")

    def disconnect(self) -> None:
        self._set(not self._closed_connects, "disconnected")

    def _set(self, close: bool, word: str) -> None:
        self.ordered = close == self._closed_connects
        if close:
            self._switch.close_channels(self._channel)
        else:
            self._switch.open_channels(self._channel)
        self._note(self._clock.last_now(), "network", f"{self.name} {word}")
