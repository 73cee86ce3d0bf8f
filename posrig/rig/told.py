"""What the terminal has told about itself on its service port: who it is, its firmware, its pages.

Kept by the reader's thread, asked by nobody while all is well; what speaks against a rig is compared with it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from posrig.terminal.contracts import ServiceLine

KEPT_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the terminal said it shows. ``at``: when the line was read, on the rig's clock."""

    at: float
    screen: str


@dataclass(slots=True)
class Told:
    """``serial``: of the last start, empty while none was told; ``firmware``: the version of the last start."""

    serial: str = ""
    firmware: str = ""
    flash_writes: int = 0
    """How often the terminal said that it began to write an image."""
    pages: deque[Page] = field(default_factory=lambda: deque(maxlen=KEPT_PAGES))
    """Since the power came on, or the scenario began; the last one is shown now."""

    def line(self, line: ServiceLine, at: float) -> None:
        """Take a line that was read at this time of the rig's clock."""
        match line.event:
            case "screen":
                self.pages.append(Page(at, line.fields.get("id", "")))
            case "boot":
                self.firmware = line.fields.get("version", "")
                self.serial = line.fields.get("serial", "") or self.serial
            case "power" if line.fields.get("state") == "off":
                self.dark()
            case "update" if line.fields.get("state") == "writing":
                self.flash_writes += 1

    def dark(self) -> None:
        """The power went: no page is shown."""
        self.pages.clear()

    def begin(self, *, exchanged: bool) -> None:
        """A new scenario: only the page that is shown now is kept. ``exchanged``: another terminal was put in."""
        if exchanged:
            self.serial = ""
        while len(self.pages) > 1:
            self.pages.popleft()
