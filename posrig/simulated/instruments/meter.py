"""Keysight 34461A: current in the terminal's supply line, voltage across it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from posrig.simulated.scpi.errors import ScpiError
from posrig.simulated.scpi.instrument import Elapse, Instrument
from posrig.simulated.scpi.values import Limits, Parameters, matches

MAINS_HZ = 50
OVERLOAD = 9.9e37
NOT_A_NUMBER = 9.91e37
NPLC = (0.02, 0.2, 1.0, 10.0, 100.0)
RANGES = {"CURR": (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 3.0, 10.0), "VOLT": (0.1, 1.0, 10.0, 100.0, 1000.0)}
NOISE = {"CURR": 0.015, "VOLT": 0.0002}
"""Relative standard deviation at NPLC 1: the terminal's own ripple, not the meter's."""
OVERRANGE = 1.2
MEMORY = 10_000
COUNT = Limits(1, MEMORY, 1)
NAMES = {"CURR": "CURRent", "VOLT": "VOLTage"}

Source = Callable[[], float]


class Multimeter(Instrument):
    identity = "Keysight Technologies,34461A,MY00000003,A.03.01-02.40-03.01-00.52-03-01"

    def __init__(self, elapse: Elapse, amps: Source, volts: Source, noise: random.Random) -> None:
        super().__init__(elapse)
        self._sources: dict[str, Source] = {"CURR": amps, "VOLT": volts}
        self._noise = noise
        self._defaults()
        for kind, name in NAMES.items():
            self._add_function(kind, name)
        self._add_triggering()

    def _defaults(self) -> None:
        self._kind = "VOLT"
        self._nplc = {"CURR": 10.0, "VOLT": 10.0}
        self._range = {"CURR": 1.0, "VOLT": 10.0}
        self._auto = {"CURR": True, "VOLT": True}
        self._auto_zero = {"CURR": True, "VOLT": True}
        self._samples = self._triggers = 1
        self._trigger_source = "IMMediate"
        self._readings: list[float] = []
        self._waiting = False

    def reset(self) -> None:
        self._defaults()

    def trigger(self) -> None:
        if not self._waiting:
            raise ScpiError(-211)
        self._waiting = False
        self._acquire()

    def _add_function(self, kind: str, name: str) -> None:
        add = self.commands.add
        add(f"CONFigure:{name}[:DC]", lambda p: self._configure(kind, p), values=(0, 2))
        add(f"MEASure:{name}[:DC]?", lambda p: self._measure(kind, p), values=(0, 2))
        sense = f"[SENSe:]{name}[:DC]"
        add(f"{sense}:NPLCycles", lambda p: self._set_nplc(kind, p), values=1)
        add(f"{sense}:NPLCycles?", lambda p: _nr3(p.queried(_nplc_limits(), self._nplc[kind])), values=(0, 1))
        add(f"{sense}:RANGe[:UPPer]", lambda p: self._set_range(kind, p), values=1)
        add(f"{sense}:RANGe[:UPPer]?", lambda p: _nr3(p.queried(_limits(kind), self._range[kind])), values=(0, 1))
        add(f"{sense}:RANGe:AUTO", lambda p: self._set_flag(self._auto, kind, p), values=1)
        add(f"{sense}:RANGe:AUTO?", lambda _: str(int(self._auto[kind])))
        add(f"{sense}:ZERO:AUTO", lambda p: self._set_flag(self._auto_zero, kind, p), values=1)
        add(f"{sense}:ZERO:AUTO?", lambda _: str(int(self._auto_zero[kind])))

    def _add_triggering(self) -> None:
        add = self.commands.add
        self.ask("CONFigure?", lambda: f'"{self._kind} {_nr3(self._range[self._kind])},{_nr3(1e-6)}"')
        self.ask("[SENSe:]FUNCtion[:ON]?", lambda: f'"{self._kind}"')
        add("[SENSe:]FUNCtion[:ON]", self._set_function, values=1)
        self.ask("READ?", self._read)
        self.tell("INITiate[:IMMediate]", self._initiate)
        self.ask("FETCh?", self._fetch)
        self.tell("ABORt", self._abort)
        self.ask("DATA:POINts?", lambda: f"+{len(self._readings)}")
        self.ask("DATA:LAST?", lambda: _nr3(self._readings[-1] if self._readings else NOT_A_NUMBER))
        add("SAMPle:COUNt", self._set_samples, values=1)
        add("SAMPle:COUNt?", lambda p: f"+{round(p.queried(COUNT, self._samples))}", values=(0, 1))
        add("TRIGger:COUNt", self._set_triggers, values=1)
        add("TRIGger:COUNt?", lambda p: f"+{round(p.queried(COUNT, self._triggers))}", values=(0, 1))
        add("TRIGger:SOURce", self._set_trigger_source, values=1)
        self.ask("TRIGger:SOURce?", lambda: self._trigger_source[:3].upper())
        self.ask("ROUTe:TERMinals?", lambda: "FRON")

    def _configure(self, kind: str, parameters: Parameters) -> None:
        """``CONFigure`` sets all other measurement and trigger settings to their defaults, NPLC 10 among them."""
        self._defaults()
        self._kind = kind
        if parameters.values and not _is_auto(parameters.values[0]):
            self._set_range(kind, parameters)

    def _measure(self, kind: str, parameters: Parameters) -> str:
        self._configure(kind, parameters)
        return self._read()

    def _set_function(self, parameters: Parameters) -> None:
        name = parameters.string().upper().removesuffix(":DC")
        kind = next((kind for kind, full in NAMES.items() if matches(name, full)), None)
        if kind is None:
            raise ScpiError(-224)
        self._kind = kind

    def _set_nplc(self, kind: str, parameters: Parameters) -> None:
        wanted = parameters.number(_nplc_limits())
        self._nplc[kind] = next(nplc for nplc in NPLC if nplc >= wanted)

    def _set_range(self, kind: str, parameters: Parameters) -> None:
        wanted = parameters.number(_limits(kind))
        self._range[kind] = next(step for step in RANGES[kind] if step >= wanted)
        self._auto[kind] = False

    def _set_flag(self, flags: dict[str, bool], kind: str, parameters: Parameters) -> None:
        flags[kind] = parameters.boolean()

    def _set_samples(self, parameters: Parameters) -> None:
        self._samples = round(parameters.number(COUNT))

    def _set_triggers(self, parameters: Parameters) -> None:
        self._triggers = round(parameters.number(COUNT))

    def _set_trigger_source(self, parameters: Parameters) -> None:
        self._trigger_source = parameters.keyword("IMMediate", "BUS", "EXTernal")

    def _read(self) -> str:
        if self._trigger_source != "IMMediate":
            # The trigger could never come: the query itself keeps the bus busy.
            raise ScpiError(-221)
        self._acquire()
        return self._fetch()

    def _initiate(self) -> None:
        if self._waiting:
            raise ScpiError(-213)
        self._readings = []
        if self._trigger_source == "IMMediate":
            self._acquire()
        else:
            self._waiting = True

    def _abort(self) -> None:
        self._waiting = False

    def _fetch(self) -> str:
        if not self._readings:
            raise ScpiError(-230)
        return ",".join(map(_nr3, self._readings))

    def _acquire(self) -> None:
        count = self._samples * self._triggers
        if count > MEMORY:
            raise ScpiError(-221)
        kind = self._kind
        each_s = self._nplc[kind] / MAINS_HZ * (2 if self._auto_zero[kind] and self._nplc[kind] > 1 else 1)
        self._readings = []
        for _ in range(count):
            self.elapse(each_s)
            self._readings.append(self._reading(kind))

    def _reading(self, kind: str) -> float:
        # Averaging over more power line cycles leaves less of the ripple.
        deviation = NOISE[kind] / math.sqrt(max(self._nplc[kind], 0.02))
        value = self._sources[kind]() * self._noise.gauss(1, min(deviation, 0.05))
        if self._auto[kind]:
            fitting = (step for step in RANGES[kind] if abs(value) <= step * OVERRANGE)
            self._range[kind] = next(fitting, RANGES[kind][-1])
        return value if abs(value) <= self._range[kind] * OVERRANGE else math.copysign(OVERLOAD, value)


def _nr3(number: float) -> str:
    return f"{number:+.8E}"


def _nplc_limits() -> Limits:
    return Limits(NPLC[0], NPLC[-1], 10.0)


def _limits(kind: str) -> Limits:
    ranges = RANGES[kind]
    return Limits(ranges[0], ranges[-1], 1.0 if kind == "CURR" else 10.0, "A" if kind == "CURR" else "V")


def _is_auto(text: str) -> bool:
    return text.upper() in ("AUTO", "DEF", "DEFAULT")
