"""Worker processes that end when they are told to, or when the process that started them is gone.

A search keeps a core busy for minutes. Ctrl-C and a closed window reach every process of a terminal's job, SIGTERM only
the first one: so the workers hear of none from the kernel but from the end of a pipe, and each closes its rig in order.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.connection import Connection
from typing import TypeVar

from posrig.safety.actions import signals_held

T = TypeVar("T")
R = TypeVar("R")
ENDS_WITHIN_S = 3.0
"""After so long a worker is killed; the simulated rig's process ends with it."""
_ending, _idle = threading.Event(), threading.Event()
_idle.set()


def each(work: Callable[[T], R], tasks: Sequence[T], workers: int) -> Generator[R]:
    """The results as they come, ``workers`` tasks at a time, each in a process of its own.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM; every worker has ended then, the tasks that were running with it.
    """
    context = multiprocessing.get_context("spawn")
    hears, life_line = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, context, initializer=_listen, initargs=(hears,))
    try:
        waiting = [pool.submit(_do, work, task) for task in tasks]
        for done in as_completed(waiting):
            yield done.result()
    finally:
        with signals_held():  # an impatient second Ctrl-C must not leave a worker behind
            life_line.close()
            pool.shutdown(wait=False, cancel_futures=True)
            _end_children()
            hears.close()


def _end_children() -> None:
    deadline = time.monotonic() + ENDS_WITHIN_S
    for child in multiprocessing.active_children():
        child.join(max(deadline - time.monotonic(), 0.0))
        if child.is_alive():
            child.kill()


def _listen(hears: Connection) -> None:
    """In a worker, before its first task."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    threading.Thread(target=_wait_for_the_end, args=(hears,), daemon=True).start()


def _wait_for_the_end(hears: Connection) -> None:
    hears.poll(None)  # nothing is ever sent: it is readable when the other end is closed
    _ending.set()
    os.kill(os.getpid(), signal.SIGTERM)
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        _idle.wait(ENDS_WITHIN_S)
        os._exit(1)  # nobody is left who would end a worker without a task


def _interrupt(_number: int, _frame: object) -> None:
    if not _idle.is_set():  # a worker that waits for a task is ended by its pool
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt


def _do(work: Callable[[T], R], task: T) -> R:
    _idle.clear()
    try:
        if _ending.is_set():
            raise KeyboardInterrupt
        return work(task)
    finally:
        _idle.set()
