"""What every SCPI instrument has: common commands, SYSTem and STATus, the run of one program message."""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.scpi.errors import OPERATION_COMPLETE, ScpiError
from posrig.simulated.scpi.parser import CommandSet
from posrig.simulated.scpi.status import Register, Status
from posrig.simulated.scpi.values import Limits, Parameters

Elapse = Callable[[float], None]
"""An instrument's own time (s): on the virtual clock time moves, in real time the answer waits."""

BYTE = Limits(0, 255, 0)
WORD = Limits(0, 65535, 0)


class Instrument:
    """Base of the simulated instruments. A subclass adds its commands and says what ``*RST`` does."""

    identity = ""
    options = "0"

    def __init__(self, elapse: Elapse) -> None:
        self.elapse = elapse
        self.status = Status()
        self.commands = CommandSet()
        self._beeper = True
        self._text = ""
        self._add_common()
        self._add_system()
        self._add_status("OPERation", self.status.operation)
        self._add_status("QUEStionable", self.status.questionable)

    def message(self, text: str) -> str | None:
        """Run one program message; the answers of its queries joined by ``;``, or None.

        A unit with an error queues it and gives no answer; the units after it still run, as on libscpi-based devices.
        """
        answers: list[str] = []
        for unit in self.commands.parse(text):
            if unit.handler is None:
                self.status.push(unit.error.code if unit.error else -102)
                continue
            try:
                answer = unit.handler(unit.parameters)
            except ScpiError as error:
                self.status.push(error.code)
                continue
            if answer is not None:
                answers.append(answer)
        return ";".join(answers) if answers else None

    def overrun(self) -> None:
        """A message that never ended was longer than the input buffer."""
        self.status.push(-363)

    def reset(self) -> None:
        """``*RST``."""

    def trigger(self) -> None:
        """``*TRG``; ignored by an instrument that waits for none."""
        raise ScpiError(-211)

    def ask(self, header: str, answer: Callable[[], str]) -> None:
        """Add a query without parameters."""
        self.commands.add(header, lambda _: answer())

    def tell(self, header: str, act: Callable[[], None]) -> None:
        """Add a command without parameters."""

        def run(_: Parameters) -> None:
            act()

        self.commands.add(header, run)

    def _add_common(self) -> None:
        status = self.status
        self.ask("*IDN?", lambda: self.identity)
        self.ask("*OPT?", lambda: self.options)
        self.ask("*TST?", lambda: "+0")
        self.ask("*OPC?", lambda: "1")
        self.tell("*OPC", self._operation_complete)
        self.tell("*WAI", lambda: None)
        self.tell("*RST", self.reset)
        self.tell("*CLS", status.clear)
        self.tell("*TRG", self.trigger)
        self.ask("*ESR?", lambda: f"+{status.take_esr()}")
        self.ask("*STB?", lambda: f"+{status.status_byte}")
        self._mask("*ESE", lambda: status.ese, lambda value: setattr(status, "ese", value), BYTE)
        self._mask("*SRE", lambda: status.sre, lambda value: setattr(status, "sre", value & ~64), BYTE)

    def _add_system(self) -> None:
        status = self.status
        self.ask("SYSTem:ERRor[:NEXT]?", status.pop)
        self.ask("SYSTem:ERRor:COUNt?", lambda: f"+{status.error_count}")
        self.ask("SYSTem:VERSion?", lambda: "1999.0")
        self.tell("SYSTem:BEEPer[:IMMediate]", lambda: None)
        self.ask("SYSTem:BEEPer:STATe?", lambda: str(int(self._beeper)))
        self.commands.add("SYSTem:BEEPer:STATe", self._set_beeper, values=1)
        self.commands.add("DISPlay[:WINDow]:TEXT[:DATA]", self._show_text, values=1)
        self.ask("DISPlay[:WINDow]:TEXT[:DATA]?", lambda: f'"{self._text}"')
        self.tell("DISPlay[:WINDow]:TEXT:CLEar", lambda: setattr(self, "_text", ""))
        for header in ("SYSTem:REMote", "SYSTem:LOCal", "SYSTem:RWLock"):
            self.tell(header, lambda: None)

    def _add_status(self, name: str, register: Register) -> None:
        self.ask(f"STATus:{name}[:EVENt]?", lambda: f"+{register.take_event()}")
        self.ask(f"STATus:{name}:CONDition?", lambda: f"+{register.condition}")
        self._mask(
            f"STATus:{name}:ENABle",
            lambda: register.enable,
            lambda value: setattr(register, "enable", value),
            WORD,
        )
        if name == "OPERation":
            self.tell("STATus:PRESet", self.status.preset)

    def _mask(self, header: str, get: Callable[[], int], put: Callable[[int], None], limits: Limits) -> None:
        self.ask(f"{header}?", lambda: f"+{get()}")

        def run(parameters: Parameters) -> None:
            put(round(parameters.number(limits)))

        self.commands.add(header, run, values=1)

    def _operation_complete(self) -> None:
        self.status.esr |= OPERATION_COMPLETE

    def _show_text(self, parameters: Parameters) -> None:
        self._text = parameters.string()

    def _set_beeper(self, parameters: Parameters) -> None:
        self._beeper = parameters.boolean()
