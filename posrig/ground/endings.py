"""What may end a process from outside: signals, a reader of its output that goes away, a parent that is gone.

SIGINT, SIGTERM and SIGHUP (a closed window) mean the same everywhere: end in order, with the rig made safe. A run under
``nohup`` goes on: a SIGHUP that was ignored at the start stays ignored.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, TextIO

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Handler = Callable[[int, FrameType | None], Any]


def listen(handler: Handler, signals: Sequence[signal.Signals] = SIGNALS) -> dict[int, Any]:
    """Have ``handler`` take the endings; what was there before, for :func:`restore`. In the main thread only."""
    heard = [number for number in signals if number != signal.SIGHUP or _heard(number)]
    return {number: signal.signal(number, handler) for number in heard}


def restore(before: dict[int, Any]) -> None:
    """Give the signals back."""
    for number, handler in before.items():
        # None: installed from C, Python cannot put it back
        signal.signal(number, signal.SIG_DFL if handler is None else handler)


def be_deaf() -> None:
    """One more impatient signal must not change what a process that is about to end says by its exit code."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def interrupt_once(_number: int, _frame: FrameType | None) -> None:
    """A handler: the first ending raises KeyboardInterrupt, those after it only say that closing takes its time.

    Raised once more in the middle of closing, it would lose what was found until then; every step of that is bounded.
    """
    listen(_have_patience)
    raise KeyboardInterrupt


def _have_patience(_number: int, _frame: FrameType | None) -> None:
    say("closing: the rig is made safe and what was found is written")


def _heard(number: int) -> bool:
    return signal.getsignal(number) is not signal.SIG_IGN


def say(text: str) -> None:
    """To standard error at once, from a signal handler too; a window that is gone loses nothing but the words."""
    with contextlib.suppress(OSError):
        os.write(2, text.encode() + b"\n")


def end_with(pid: int) -> None:
    """SIGTERM for this process when that one is gone: a worker must not go on pressing keys for nobody."""
    try:
        gone = os.pidfd_open(pid)
    except ProcessLookupError:
        os.kill(os.getpid(), signal.SIGTERM)
        return
    except OSError:
        return
    threading.Thread(target=_wait_for_the_end, args=(gone,), name=f"end of process {pid}", daemon=True).start()


def _wait_for_the_end(gone: int) -> None:
    select.select([gone], [], [])
    os.kill(os.getpid(), signal.SIGTERM)


class _Patient(io.FileIO):
    """A file whose reader may go away: what is written then is lost, and no error. A report that nobody reads is no
    reason to stop, and none for an exit code that accuses the terminal."""

    lost = False

    def write(self, data: Any) -> int:
        if not self.lost:
            try:
                return super().write(data)
            except BlockingIOError:
                raise
            except OSError:
                self.lost = True
        return memoryview(data).nbytes


def patient(stream: TextIO) -> TextIO:
    """The same stream, patient with a reader that goes away; one that is no file of the system stays as it is."""
    try:
        number = stream.fileno()
        stream.flush()
    except (AttributeError, ValueError, OSError):
        return stream
    raw = _Patient(number, "w", closefd=False)
    made = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=getattr(stream, "line_buffering", False) or raw.isatty(),
        write_through=getattr(stream, "write_through", False),
    )
    atexit.register(_forget, raw, made, number)
    return made


def _forget(raw: _Patient, made: TextIO, number: int) -> None:
    """At the very end: what others left in their buffers must not fail at the interpreter's last flush."""
    with contextlib.suppress(ValueError, OSError):
        made.flush()
    if raw.lost:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def patient_output() -> None:
    """Standard output and error are patient from now on; a closed one is opened on nothing, or the next file would take
    its number and get what is printed."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = patient(sys.stdout) if sys.stdout is not None else open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = patient(sys.stderr) if sys.stderr is not None else open(os.devnull, "w")  # noqa: SIM115
