"""Two image slots and the boot control block: which slot runs, which one is on trial, and the way back.

Images are raw areas, written in blocks without a journal. The boot control block is one small file that is replaced
whole: that replacement is the only moment at which the running version can change, so a power cut at any other moment
leaves the old one. Neither lies in the store: a factory reset keeps the firmware.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

IMAGE_MAGIC = b"POSRIG IMAGE "
FACTORY_BYTES = 16_384
MOST_STARTS = 3
"""A new image that did not start well so many times is given up."""
WATCHDOG_S = 8.0
"""An image that does not run is reset by the watchdog after so long."""
IMAGE_FAULT = "E05"
_OTHER = {"a": "b", "b": "a"}


def canonical(fields: object) -> bytes:
    """JSON with sorted names and no blanks, UTF-8: the one spelling that is signed."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def image_header(image: bytes) -> dict[str, Any]:
    """What the image says of itself (model, version, boots); empty when it is none."""
    line, found, _ = image[:4096].partition(b"\n")
    if not found or not line.startswith(IMAGE_MAGIC):
        return {}
    try:
        header = json.loads(line[len(IMAGE_MAGIC) :])
    except ValueError:
        return {}
    return header if isinstance(header, dict) else {}


def factory_image(version: str, model: str) -> bytes:
    """What a terminal brings from the shelf."""
    header = IMAGE_MAGIC + canonical({"boots": True, "model": model, "version": version}) + b"\n"
    return header + Random(version).randbytes(FACTORY_BYTES)


class Slots(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._control: dict[str, Any] = {}
        self._whole = True

    # what runs

    @property
    def control(self) -> dict[str, Any]:
        if not self._control:
            self._control = self._load()
        return self._control

    @property
    def active(self) -> str:
        return str(self.control["active"])

    def version(self) -> str:
        """Of the record; without one (a slot that was being overwritten) what the image says of itself."""
        record = self.control["slots"][self.active] or image_header(self.read(self.active))
        return str(record.get("version", "?"))

    # starting

    def starting(self) -> bool:
        if self.control["trial"]:
            self.count_start()
        self._whole = self.is_whole(self.active)
        if not self._whole and self.can_go_back():
            self.go_back()
        if self.starts(self.active):
            return True
        self.fw.board.after(WATCHDOG_S, self.fw.board.restart)
        return False

    def count_start(self) -> None:
        trial = self.control["trial"]
        if self.given_up(trial["starts"]):
            self.go_back()
            return
        trial["starts"] += 1
        self._save()

    def given_up(self, starts: int) -> bool:
        return starts >= MOST_STARTS

    def starts(self, slot: str) -> bool:
        """Whether the image in that slot runs at all: a property of the image, as good or bad as the vendor made it."""
        return image_header(self.read(slot)).get("boots") is True

    def started_well(self) -> None:
        if self.control["trial"]:
            self.control["trial"] = None
            self._save()
            self.fw.board.service.emit("update", state="confirmed", version=self.version())

    def image_fault(self) -> str | None:
        return None if self._whole else IMAGE_FAULT

    # the way back

    def can_go_back(self) -> bool:
        other = _OTHER[self.active]
        return self.control["slots"][other] is not None and self.is_whole(other)

    def go_back(self) -> None:
        """To the slot that ran before; the failed image is forgotten, its version kept for the report."""
        failed = self.active
        self.control["back"] = self.version()
        self.control["slots"][failed] = None
        self.control["active"] = _OTHER[failed]
        self.control["trial"] = None
        self._save()
        self._whole = self.is_whole(self.active)

    def take_back_report(self) -> str | None:
        """The version that would not run, once."""
        version: str | None = self.control["back"]
        if version is not None:
            self.control["back"] = None
            self._save()
        return version

    # writing

    def target(self) -> str:
        """The slot that does not run."""
        return _OTHER[self.active]

    def begin_write(self, slot: str) -> None:
        """From here on that slot holds nothing that could be started."""
        self.control["slots"][slot] = None
        self._save()
        self.area(slot).write_bytes(b"")

    def write_block(self, slot: str, offset: int, data: bytes) -> None:
        with self.area(slot).open("r+b") as area:
            area.seek(offset)
            area.write(data)

    def activate(self, slot: str, version: str, size: int, sha256: str) -> None:
        """The one atomic step: the next start is the new image's first trial."""
        self.control["slots"][slot] = {"version": version, "size": size, "sha256": sha256}
        self.control["active"] = slot
        self.control["trial"] = {"starts": 0}
        self._save()

    def read(self, slot: str) -> bytes:
        area = self.area(slot)
        return area.read_bytes() if area.exists() else b""

    def digest(self, slot: str) -> str:
        return hashlib.sha256(self.read(slot)).hexdigest()

    def is_whole(self, slot: str) -> bool:
        """What lies in the slot is what was checked when it was written (RFC 9124 REQ.SEC.AUTH.EXEC)."""
        record = self.control["slots"][slot]
        return record is not None and self.digest(slot) == record["sha256"]

    def area(self, slot: str) -> Path:
        return self.fw.store.area(f"slot_{slot}")

    def _load(self) -> dict[str, Any]:
        file = self.fw.store.area("boot")
        if file.exists():
            control: dict[str, Any] = json.loads(file.read_bytes())
            return control
        return self._from_the_shelf()

    def _from_the_shelf(self) -> dict[str, Any]:
        version = str(self.fw.store.get("version", "2.4.1"))
        image = factory_image(version, self.fw.board.model)
        self.area("a").write_bytes(image)
        record = {"version": version, "size": len(image), "sha256": hashlib.sha256(image).hexdigest()}
        self._control = {"active": "a", "slots": {"a": record, "b": None}, "trial": None, "back": None}
        self._save()
        return self._control

    def _save(self) -> None:
        file = self.fw.store.area("boot")
        fresh = file.with_suffix(".new")
        fresh.write_bytes(canonical(self._control))
        os.replace(fresh, file)
