"""IEEE 488.2 status reporting (chapter 11) with SCPI-99's condition, event and enable registers."""

from __future__ import annotations

from collections import deque

from posrig.simulated.scpi.errors import MESSAGES, POWER_ON, event_bit

QUEUE_LENGTH = 20


class Register:
    """One SCPI status register: a condition, and the event latched from its rises."""

    def __init__(self) -> None:
        self.condition = 0
        self.event = 0
        self.enable = 0

    def set_condition(self, value: int) -> None:
        self.event |= value & ~self.condition
        self.condition = value

    def take_event(self) -> int:
        value, self.event = self.event, 0
        return value

    @property
    def summary(self) -> bool:
        return bool(self.event & self.enable)


class Status:
    """Error queue, standard event register, status byte."""

    def __init__(self) -> None:
        self._errors: deque[int] = deque()
        self.esr = POWER_ON
        self.ese = 0
        self.sre = 0
        self.operation = Register()
        self.questionable = Register()
        self.registers = [self.operation, self.questionable]
        """All SCPI registers, summaries included: ``*CLS`` clears their events, ``STATus:PRESet`` their masks."""

    def push(self, code: int) -> None:
        """Queue an error; a full queue keeps its oldest entries and says -350 in the last place."""
        self.esr |= event_bit(code)
        if len(self._errors) < QUEUE_LENGTH:
            self._errors.append(code)
        else:
            self._errors[-1] = -350

    def pop(self) -> str:
        code = self._errors.popleft() if self._errors else 0
        return f'{code:+d},"{MESSAGES.get(code, "No error")}"'

    @property
    def error_count(self) -> int:
        return len(self._errors)

    def take_esr(self) -> int:
        value, self.esr = self.esr, 0
        return value

    def clear(self) -> None:
        """``*CLS``: events and errors go, enable masks stay."""
        self._errors.clear()
        self.esr = 0
        for register in self.registers:
            register.event = 0

    def preset(self) -> None:
        """``STATus:PRESet``: the enable masks of SCPI's own registers go."""
        for register in self.registers:
            register.enable = 0

    @property
    def status_byte(self) -> int:
        byte = 4 * bool(self._errors) | 8 * self.questionable.summary
        byte |= 32 * bool(self.esr & self.ese) | 128 * self.operation.summary
        return byte | (64 if byte & self.sre else 0)
