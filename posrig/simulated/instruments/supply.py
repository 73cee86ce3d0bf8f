"""Keysight E36312A: three outputs, each by channel list ``(@2)``, by ``SOURce2`` or by the selected instrument."""

from __future__ import annotations

import random
from collections.abc import Callable

from posrig.simulated.instruments.outputs import Mode, Output, Ratings, Trip
from posrig.simulated.loop.scheduler import Scheduler
from posrig.simulated.scpi.errors import ScpiError
from posrig.simulated.scpi.instrument import WORD, Elapse, Instrument
from posrig.simulated.scpi.parser import Channels
from posrig.simulated.scpi.status import Register
from posrig.simulated.scpi.values import Limits, Parameters

MEASURE_S = 0.02
RATINGS = {
    1: Ratings(Limits(0, 6.18, 0, "V"), Limits(0.001, 5.15, 5.0, "A"), Limits(0.5, 6.6, 6.6, "V")),
    2: Ratings(Limits(0, 25.75, 0, "V"), Limits(0.001, 1.03, 1.0, "A"), Limits(1.0, 27.5, 27.5, "V")),
    3: Ratings(Limits(0, 25.75, 0, "V"), Limits(0.001, 1.03, 1.0, "A"), Limits(1.0, 27.5, 27.5, "V")),
}
OCP_DELAY = Limits(0, 3600, 0.05, "S")
NAMES = {"P6V": 1, "P25V": 2, "N25V": 3, "CH1": 1, "CH2": 2, "CH3": 3, "1": 1, "2": 2, "3": 3}

Getter = Callable[[Output], float]
Setter = Callable[[Output, float], None]


def nr3(number: float) -> str:
    return f"{number:+.8E}"


class PowerSupply(Instrument):
    identity = "Keysight Technologies,E36312A,MY00000001,2.1.0-1.0.4-1.12"

    def __init__(self, elapse: Elapse, scheduler: Scheduler, noise: random.Random) -> None:
        super().__init__(elapse)
        self._noise = noise
        self._selected = 1
        self.outputs = {number: Output(ratings, scheduler) for number, ratings in RATINGS.items()}
        self._summaries = {number: Register() for number in RATINGS}
        self.status.registers += self._summaries.values()
        for number, output in self.outputs.items():
            output.on_mode = self._noting(number)
        self._add_outputs()
        self._add_protection()
        self._add_measurements()
        self._add_selection()

    def reset(self) -> None:
        self._selected = 1
        for output in self.outputs.values():
            output.reset()

    def _add_outputs(self) -> None:
        level = "[:LEVel][:IMMediate][:AMPLitude]"
        self._setting(f"VOLTage{level}", lambda o: o.ratings.voltage, lambda o: o.set_v, _set_v)
        self._setting(f"CURRent{level}", lambda o: o.ratings.current, lambda o: o.limit_a, _set_limit_a)
        add = self.commands.add
        add("OUTPut#[:STATe]?", self._is_on, channels=Channels.OPTIONAL)
        add("OUTPut#[:STATe]", self._switch, values=1, channels=Channels.OPTIONAL)
        add("APPLy", self._apply, values=(1, 3), channels=Channels.OPTIONAL)
        add("APPLy?", self._applied, values=(0, 1), channels=Channels.OPTIONAL)

    def _add_protection(self) -> None:
        self._setting(
            "VOLTage:PROTection[:LEVel][:AMPLitude]", lambda o: o.ratings.protection, lambda o: o.ovp_v, _set_ovp_v
        )
        self._setting("CURRent:PROTection:DELay[:TIME]", lambda _: OCP_DELAY, lambda o: o.ocp_delay_s, _set_ocp_delay)
        add = self.commands.add
        add("[SOURce#:]CURRent:PROTection:STATe?", self._ocp_state, channels=Channels.OPTIONAL)
        add("[SOURce#:]CURRent:PROTection:STATe", self._set_ocp, values=1, channels=Channels.OPTIONAL)
        for kind, trip in (("VOLTage", Trip.OVER_VOLTAGE), ("CURRent", Trip.OVER_CURRENT)):
            add(f"[SOURce#:]{kind}:PROTection:TRIPped?", self._tripped(trip), channels=Channels.OPTIONAL)
            add(f"[SOURce#:]{kind}:PROTection:CLEar", self._clear, channels=Channels.OPTIONAL)
        add("[SOURce#:]VOLTage:SENSe[:SOURce]?", self._internal_sense, channels=Channels.OPTIONAL)
        add("OUTPut#:PROTection:CLEar", self._clear, channels=Channels.OPTIONAL)

    def _internal_sense(self, parameters: Parameters) -> str:
        return ",".join("INT" for _ in self._addressed(parameters))

    def _add_measurements(self) -> None:
        add = self.commands.add
        add("MEASure#[:SCALar]:VOLTage[:DC]?", self._measure_v, channels=Channels.OPTIONAL)
        add("MEASure#[:SCALar]:CURRent[:DC]?", self._measure_a, channels=Channels.OPTIONAL)
        summary = "STATus:QUEStionable:INSTrument:ISUMmary#"
        add(f"{summary}:CONDition?", lambda p: f"+{self._summary(p).condition}")
        add(f"{summary}[:EVENt]?", lambda p: f"+{self._summary(p).take_event()}")
        add(f"{summary}:ENABle?", lambda p: f"+{self._summary(p).enable}")
        add(f"{summary}:ENABle", self._enable_summary, values=1)

    def _add_selection(self) -> None:
        add = self.commands.add
        add("INSTrument[:SELect]", self._select, values=1)
        add("INSTrument:NSELect", self._select, values=1)
        self.ask("INSTrument[:SELect]?", lambda: f"CH{self._selected}")
        self.ask("INSTrument:NSELect?", lambda: f"+{self._selected}")
        self.ask("INSTrument:CATalog?", lambda: '"CH1","CH2","CH3"')

    def _setting(self, header: str, limits: Callable[[Output], Limits], get: Getter, put: Setter) -> None:
        """A numeric setting per output: ``VOLT 5,(@2)``, ``VOLT? MAX,(@2)``."""

        def set_(parameters: Parameters) -> None:
            # All values are checked before the first output changes.
            wanted = [(o, parameters.number(limits(o))) for o in self._addressed(parameters)]
            for output, value in wanted:
                put(output, value)
                output.settle()

        def query(parameters: Parameters) -> str:
            return ",".join(nr3(parameters.queried(limits(o), get(o))) for o in self._addressed(parameters))

        self.commands.add(f"[SOURce#:]{header}", set_, values=1, channels=Channels.OPTIONAL)
        self.commands.add(f"[SOURce#:]{header}?", query, values=(0, 1), channels=Channels.OPTIONAL)

    def _addressed(self, parameters: Parameters) -> list[Output]:
        """The outputs that a command is for: channel list before numeric suffix before selection."""
        if parameters.channels is not None:
            if not parameters.channels:
                raise ScpiError(-109)
            if any(number not in self.outputs for number in parameters.channels):
                raise ScpiError(-222)
            return [self.outputs[number] for number in parameters.channels]
        if not parameters.suffixes:
            return [self.outputs[self._selected]]
        return [self.outputs[parameters.suffix(0, range(1, 4), self._selected)]]

    def _select(self, parameters: Parameters) -> None:
        number = NAMES.get(parameters.values[0].upper().removeprefix("+"))
        if number is None:
            raise ScpiError(-224)
        self._selected = number

    def _switch(self, parameters: Parameters) -> None:
        on = parameters.boolean()
        for output in self._addressed(parameters):
            output.on = on
            output.settle()

    def _is_on(self, parameters: Parameters) -> str:
        return ",".join(str(int(o.on and o.trip is Trip.NONE)) for o in self._addressed(parameters))

    def _apply(self, parameters: Parameters) -> None:
        """``APPLy CH2,5,0.5``: the output's name may be left out."""
        number = NAMES.get(parameters.values[0].upper()) if not parameters.values[0].isdigit() else None
        numbers = parameters.values[1:] if number else parameters.values
        outputs = [self.outputs[number]] if number else self._addressed(parameters)
        if not numbers:
            raise ScpiError(-109)
        if len(numbers) > 2:
            raise ScpiError(-108)
        for output in outputs:
            volts = output.ratings.voltage.value(numbers[0])
            amps = output.ratings.current.value(numbers[1]) if len(numbers) == 2 else output.limit_a
            output.set_v, output.limit_a = volts, amps
            output.settle()

    def _applied(self, parameters: Parameters) -> str:
        number = NAMES.get(parameters.values[0].upper()) if parameters.values else None
        if parameters.values and number is None:
            raise ScpiError(-224)
        outputs = [self.outputs[number]] if number else self._addressed(parameters)
        return ",".join(f'"{o.set_v:.3f},{o.limit_a:.3f}"' for o in outputs)

    def _set_ocp(self, parameters: Parameters) -> None:
        on = parameters.boolean()
        for output in self._addressed(parameters):
            output.ocp = on
            output.settle()

    def _ocp_state(self, parameters: Parameters) -> str:
        return ",".join(str(int(o.ocp)) for o in self._addressed(parameters))

    def _tripped(self, trip: Trip) -> Callable[[Parameters], str]:
        return lambda parameters: ",".join(str(int(o.trip is trip)) for o in self._addressed(parameters))

    def _clear(self, parameters: Parameters) -> None:
        for output in self._addressed(parameters):
            output.clear_trip()

    def _measure_v(self, parameters: Parameters) -> str:
        outputs = self._addressed(parameters)
        self.elapse(MEASURE_S)
        return ",".join(nr3(o.volts + self._noise.gauss(0, 0.0005) * (o.mode is not Mode.OFF)) for o in outputs)

    def _measure_a(self, parameters: Parameters) -> str:
        outputs = self._addressed(parameters)
        self.elapse(MEASURE_S)
        return ",".join(nr3(o.amps * self._noise.gauss(1, 0.01)) for o in outputs)

    def _summary(self, parameters: Parameters) -> Register:
        return self._summaries[parameters.suffix(0, range(1, 4))]

    def _enable_summary(self, parameters: Parameters) -> None:
        self._summary(parameters).enable = round(parameters.number(WORD))

    def _noting(self, number: int) -> Callable[[], None]:
        """Keeps the summary register of an output, and bit 13 (instrument summary) of the questionable register."""

        def note() -> None:
            self._summaries[number].set_condition(self.outputs[number].bits)
            any_summary = any(register.summary for register in self._summaries.values())
            self.status.questionable.set_condition(8192 if any_summary else 0)

        return note


def _set_v(output: Output, value: float) -> None:
    output.set_v = value


def _set_limit_a(output: Output, value: float) -> None:
    output.limit_a = value


def _set_ovp_v(output: Output, value: float) -> None:
    output.ovp_v = value


def _set_ocp_delay(output: Output, value: float) -> None:
    output.ocp_delay_s = value
