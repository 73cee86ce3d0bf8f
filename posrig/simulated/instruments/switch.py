"""Agilent 34980A with an actuator card (20 relays) in each of slots 1 and 2; channels are ``sccc``."""

from __future__ import annotations

from posrig.simulated.instruments.relays import OPERATE_S, Relay
from posrig.simulated.scpi.errors import ScpiError
from posrig.simulated.scpi.instrument import Elapse, Instrument
from posrig.simulated.scpi.parser import Channels
from posrig.simulated.scpi.values import Limits, Parameters

CARDS = {1: "Agilent Technologies,34903A,MY00000011,1.0", 2: "Agilent Technologies,34903A,MY00000012,1.0"}
EMPTY = "Agilent Technologies,0,0,0"
CHANNELS = tuple(slot * 1000 + number for slot in CARDS for number in range(1, 21))
SLOT = Limits(1, 8, 1)


class SwitchUnit(Instrument):
    """``ROUTe:CLOSe?`` reads the commanded state back, not the contacts: a stuck relay does not show there."""

    identity = "Agilent Technologies,34980A,MY00000002,2.43-2.42-2.07-0.05"

    def __init__(self, elapse: Elapse, relays: dict[int, Relay]) -> None:
        super().__init__(elapse)
        self._relays = relays
        add, required, optional = self.commands.add, Channels.REQUIRED, Channels.OPTIONAL
        add("[ROUTe:]CLOSe", lambda p: self._command(p, True), channels=required)
        add("[ROUTe:]OPEN", lambda p: self._command(p, False), channels=required)
        add("[ROUTe:]CLOSe?", lambda p: self._read_back(p, True), channels=required)
        add("[ROUTe:]OPEN?", lambda p: self._read_back(p, False), channels=required)
        add("[ROUTe:]CLOSe:EXCLusive", self._close_only, channels=required)
        add("[ROUTe:]OPEN:ALL", self._open_all, values=(0, 1))
        self.ask("[ROUTe:]DONE?", lambda: "1")
        add("DIAGnostic:RELay:CYCLes?", self._cycles, channels=required)
        add("DIAGnostic:RELay:CYCLes:CLEar", self._clear_cycles, channels=required)
        add("SYSTem:CTYPe?", self._card, values=1)
        add("SYSTem:CDEScription?", self._description, values=1)
        add("SYSTem:MODule:TERMinal:TYPE?", self._no_terminal, values=1)
        add("SYSTem:CPON", self._card_reset, values=1)
        add("[ROUTe:]CHANnel:LABel?", self._labels, values=(0, 1), channels=optional)

    def reset(self) -> None:
        """``*RST`` opens all relays."""
        self._move(list(self._relays.values()), False)

    def _command(self, parameters: Parameters, closed: bool) -> None:
        self._move(self._named(parameters), closed)

    def _close_only(self, parameters: Parameters) -> None:
        wanted = self._named(parameters)
        self._move([relay for relay in self._relays.values() if relay not in wanted], False)
        self._move(wanted, True)

    def _move(self, relays: list[Relay], closed: bool) -> None:
        moved = [relay.command(closed) for relay in relays]
        if any(moved):
            self.elapse(OPERATE_S)

    def _read_back(self, parameters: Parameters, closed: bool) -> str:
        return ",".join(str(int(relay.commanded is closed)) for relay in self._named(parameters))

    def _open_all(self, parameters: Parameters) -> None:
        if not parameters.values or parameters.values[0].upper() == "ALL":
            self.reset()
            return
        self._move(self._in_slot(self._slot(parameters)), False)

    def _card_reset(self, parameters: Parameters) -> None:
        if parameters.values[0].upper() == "ALL":
            self.reset()
            return
        self._move(self._in_slot(self._slot(parameters)), False)

    def _cycles(self, parameters: Parameters) -> str:
        return ",".join(f"+{relay.cycles}" for relay in self._named(parameters))

    def _clear_cycles(self, parameters: Parameters) -> None:
        for relay in self._named(parameters):
            relay.cycles = 0

    def _card(self, parameters: Parameters) -> str:
        return CARDS.get(self._slot(parameters), EMPTY)

    def _description(self, parameters: Parameters) -> str:
        return '"20-Channel Actuator"' if self._slot(parameters) in CARDS else '""'

    def _no_terminal(self, parameters: Parameters) -> str:
        self._slot(parameters)
        return "NONE"

    def _labels(self, parameters: Parameters) -> str:
        return ",".join('""' for _ in self._named(parameters))

    def _slot(self, parameters: Parameters) -> int:
        return round(parameters.number(SLOT))

    def _in_slot(self, slot: int) -> list[Relay]:
        return [relay for channel, relay in self._relays.items() if channel // 1000 == slot]

    def _named(self, parameters: Parameters) -> list[Relay]:
        """The relays of a channel list. Raises ScpiError 111 (no card there), 112 (no such channel), -109."""
        if not parameters.channels:
            raise ScpiError(-109)
        for channel in parameters.channels:
            if channel not in self._relays:
                raise ScpiError(112 if channel // 1000 in CARDS else 111)
        return [self._relays[channel] for channel in parameters.channels]
