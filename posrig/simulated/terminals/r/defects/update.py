"""Seeded defects of the firmware update."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.slots import Slots, image_header
from posrig.simulated.terminals.r.firmware.transactions import Transactions
from posrig.simulated.terminals.r.firmware.update import Update
from posrig.simulated.terminals.r.firmware.update_checks import IMAGE_LIMIT, Offer


class _StickUnchecked(Update):
    def key_ok(self, offer: Offer) -> bool:
        return offer.source == "stick" or super().key_ok(offer)

    def signature_ok(self, offer: Offer) -> bool:
        return offer.source == "stick" or super().signature_ok(offer)


@defect("upd_no_sig_usb", "The stick's path skips the signature check", group="Update", rules=("R-UPDATE-2",))
def upd_no_sig_usb(parts: Parts) -> Parts:
    return replace(parts, update=_StickUnchecked)


class _PartSigned(Update):
    """Only the bytes that the manifest speaks of are checked; what follows them rides along."""

    def too_long(self, offer: Offer, done: int) -> bool:
        return False

    def size_ok(self, offer: Offer, image: bytes) -> bool:
        return len(image) >= int(offer.fields["size"])

    def digest_ok(self, offer: Offer, image: bytes) -> bool:
        return super().digest_ok(offer, image[: offer.size])

    def written_ok(self, offer: Offer, slot: str) -> bool:
        return True

    def commit(self, offer: Offer, slot: str) -> None:
        slots = self.fw.slots
        slots.activate(slot, str(offer.fields["version"]), len(slots.read(slot)), slots.digest(slot))


@defect("upd_part_signed", "Extra bytes ride along behind the signed image", group="Update", rules=("R-UPDATE-6",))
def upd_part_signed(parts: Parts) -> Parts:
    return replace(parts, update=_PartSigned)


class _Downgrades(Update):
    def version_ok(self, offer: Offer) -> bool:
        return bool(offer.fields["version"] != self.fw.slots.version())


@defect("upd_downgrade", "An older signed version installs", group="Update", rules=("R-UPDATE-3",))
def upd_downgrade(parts: Parts) -> Parts:
    return replace(parts, update=_Downgrades)


class _AnyModel(Update):
    def model_ok(self, offer: Offer) -> bool:
        return True


@defect("upd_wrong_model", "An image of a sister model installs", group="Update", rules=("R-UPDATE-4",))
def upd_wrong_model(parts: Parts) -> Parts:
    return replace(parts, update=_AnyModel)


class _Undated(Update):
    def expiry_ok(self, offer: Offer) -> bool:
        return True


@defect("upd_expired_ok", "An offer past its date is taken", group="Update", rules=("R-UPDATE-5",))
def upd_expired_ok(parts: Parts) -> Parts:
    return replace(parts, update=_Undated)


class _ReadsAgain(Update):
    """What was checked is read a second time for writing: whatever lies there by then is written."""

    def write(self, offer: Offer) -> None:
        self.staging().unlink(missing_ok=True)
        source = self.source(offer)

        whole = False

        def data(chunk: bytes) -> None:
            nonlocal whole
            if whole:
                return
            self.keep(chunk)
            if not chunk or self.staged_bytes() >= offer.size:
                whole = True
                super(_ReadsAgain, self).write(offer)

        source.read(0, offer.size, data, lambda _why: self.refuse(offer, "written"))

    def written_ok(self, offer: Offer, slot: str) -> bool:
        return True

    def commit(self, offer: Offer, slot: str) -> None:
        image = self.fw.slots.read(slot)
        version = str(image_header(image).get("version", offer.version))
        self.fw.slots.activate(slot, version, len(image), hashlib.sha256(image).hexdigest())


@defect("upd_toctou", "A file replaced between check and write is written", group="Update", rules=("R-UPDATE-7",))
def upd_toctou(parts: Parts) -> Parts:
    return replace(parts, update=_ReadsAgain)


class _UncheckedFields(Update):
    def fields_ok(self, offer: Offer) -> bool:
        """Name and slot may be anything; a size that is no number would only stop the terminal."""
        return type(offer.fields.get("size")) is int and offer.version != "?"

    def slot_ok(self, offer: Offer) -> bool:
        return True


@defect("upd_param_injection", "Name and slot of the file are used unchecked", group="Update", rules=("R-UPDATE-8",))
def upd_param_injection(parts: Parts) -> Parts:
    return replace(parts, update=_UncheckedFields)


class _OverItself(Slots):
    def target(self) -> str:
        return self.active


@defect("upd_power_bricks", "A cut while installing leaves no image that starts", group="Update", rules=("R-UPDATE-9",))
def upd_power_bricks(parts: Parts) -> Parts:
    return replace(parts, slots=_OverItself)


class _FromTheStart(Update):
    def resume_at(self, offer: Offer) -> int:
        self.staging().unlink(missing_ok=True)
        return 0


@defect("upd_resume_restarts", "A broken download starts from 0 each time", group="Update", rules=("R-UPDATE-10",))
def upd_resume_restarts(parts: Parts) -> Parts:
    return replace(parts, update=_FromTheStart)


class _OverOpenBatch(Update):
    def batch_empty(self) -> bool:
        return True


@defect("upd_with_open_batch", "An update runs over unsettled sales", group="Update", rules=("R-UPDATE-11",))
def upd_with_open_batch(parts: Parts) -> Parts:
    return replace(parts, update=_OverOpenBatch)


class _TriesForEver(Slots):
    def given_up(self, starts: int) -> bool:
        return False


@defect("upd_no_fallback", "An image that does not start is tried for ever", group="Update", rules=("R-UPDATE-12",))
def upd_no_fallback(parts: Parts) -> Parts:
    return replace(parts, slots=_TriesForEver)


class _Anybodys(Update):
    def may_install(self) -> bool:
        return self.fw.sign_on.operator is not None


@defect("upd_open_to_cashier", "A cashier can start an update", group="Update", rules=("R-UPDATE-13",))
def upd_open_to_cashier(parts: Parts) -> Parts:
    return replace(parts, update=_Anybodys)


class _TakesAll(Update):
    """Takes what comes, far beyond the size that was signed, and keeps it after the refusal."""

    def too_long(self, offer: Offer, done: int) -> bool:
        return done >= IMAGE_LIMIT

    def bytes_to_ask(self, offer: Offer, have: int) -> int:
        return IMAGE_LIMIT - have

    def forget(self) -> None:
        self.fw.store.delete("update.offer")


class _FullStore(Transactions):
    FULL: ClassVar[int] = 4_000_000

    def after_waiting(self, go_on: Callable[[], None]) -> None:
        if self.fw.update.staged_bytes() > self.FULL:
            self.show_refused(0, "96")
        else:
            super().after_waiting(go_on)


@defect(
    "upd_endless_data", "An oversize file fills the store and stops the journal", group="Update", rules=("R-UPDATE-14",)
)
def upd_endless_data(parts: Parts) -> Parts:
    return replace(parts, update=_TakesAll, transactions=_FullStore)
