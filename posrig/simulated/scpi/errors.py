"""SCPI-99 error numbers (volume 2, chapter 21.8) and the standard event bit that each class of error sets."""

from __future__ import annotations

OPERATION_COMPLETE, QUERY_ERROR, DEVICE_ERROR, EXECUTION_ERROR, COMMAND_ERROR, POWER_ON = 1, 4, 8, 16, 32, 128

MESSAGES = {
    -101: "Invalid character",
    -102: "Syntax error",
    -103: "Invalid separator",
    -104: "Data type error",
    -108: "Parameter not allowed",
    -109: "Missing parameter",
    -113: "Undefined header",
    -114: "Header suffix out of range",
    -131: "Invalid suffix",
    -151: "Invalid string data",
    -171: "Invalid expression",
    -211: "Trigger ignored",
    -213: "Init ignored",
    -221: "Settings conflict",
    -222: "Data out of range",
    -224: "Illegal parameter value",
    -230: "Data corrupt or stale",
    -350: "Queue overflow",
    -363: "Input buffer overrun",
    111: "Channel list: slot number out of range",
    112: "Channel list: channel number out of range",
}


class ScpiError(Exception):
    """One entry for the error queue."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(MESSAGES[code])


def event_bit(code: int) -> int:
    """The bit of the standard event status register for an error number (IEEE 488.2, 11.5.1.1)."""
    if -200 < code <= -100:
        return COMMAND_ERROR
    if -300 < code <= -200:
        return EXECUTION_ERROR
    if -500 < code <= -400:
        return QUERY_ERROR
    return DEVICE_ERROR
