"""What pytest prints of a run: names, captured text and failures of others cannot steer the reader's terminal."""

from __future__ import annotations

from typing import Any

import pytest

from posrig.ground.printable import printable_coloured


class Escaping:
    """A stream that escapes what would steer a terminal. Colours stay: pytest's own are among what it is given."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> Any:
        return self._stream.write(printable_coloured(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Once pytest has its terminal: every line of the session goes through one place."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    writer = getattr(reporter, "_tw", None)
    if writer is not None and not isinstance(writer._file, Escaping):
        writer._file = Escaping(writer._file)
