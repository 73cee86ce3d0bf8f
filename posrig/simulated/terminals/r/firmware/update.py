"""The update: offer, power, download that resumes at the byte, check, write to the other slot, restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Ask, Notice, Page, refusal
from posrig.simulated.terminals.r.firmware.update_checks import (
    MANIFEST_LIMIT,
    SCREENS,
    Offer,
    UpdateChecks,
    read_offer,
)
from posrig.simulated.terminals.r.firmware.update_pages import PausePage, PowerPage, ProgressPage
from posrig.simulated.terminals.r.firmware.update_source import NetSource, Source, StickSource, stick_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from posrig.simulated.terminals.r.firmware.contracts.device import Device

ADMIN = "99"
LEAST_BATTERY = 30
CHECK_S = 3.0
WRITE_S = 20.0
BLOCK = 65_536
DONE_S = 2.0
TRIES = 5
"""So many broken downloads in a row without a new byte end the update."""
RETRY_S = 1.0


class Update(UpdateChecks):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._postponed = False
        self._source: Source | None = None
        self._tries = 0
        self._manifest = b""

    def start(self) -> None:
        self.fw.board.usb.on_change = self.stick_changed
        self.stick_changed()

    # offers

    def announced(self) -> None:
        """The host says that there is something: fetch its manifest, unless a download has the line."""
        if self._source is None:
            self._manifest = b""
            self.fw.board.nic.fetch("/manifest.json", 0, MANIFEST_LIMIT, self._manifest_data, self._manifest_failed)

    def _manifest_data(self, data: bytes) -> None:
        self._manifest += data
        if not data:
            self.offered("net", self._manifest.decode("utf-8", "replace"))

    def _manifest_failed(self, why: str) -> None:
        if why == "link":
            self.fw.hostlink.when_linked(self.announced)
        elif why == "certificate":
            self.fw.log.add("certificate", result="update")
            if self._admin_is_idle():
                self.fw.transactions.net_down()

    def stick_changed(self) -> None:
        manifest = stick_manifest(self.fw.board.usb.folder())
        offer = self.offer()
        if manifest is not None:
            self.offered("stick", manifest)
        elif offer is not None and offer.source == "stick" and self._source is None:
            self.forget()

    def offered(self, source: str, text: str) -> None:
        """Keep the offer until the administrator has decided, over restarts too."""
        offer = read_offer(source, text)
        if offer is None:
            self.fw.log.add("update_no", result="format")
            return
        if self.offer() != offer:
            self.staging().unlink(missing_ok=True)
            self._postponed = False
        self.fw.store.put("update.offer", [source, text])
        self._tell("offered", offer)
        if self._admin_is_idle():
            self.fw.home()

    def offer(self) -> Offer | None:
        kept = self.fw.store.get("update.offer")
        return read_offer(*kept) if kept else None

    def forget(self) -> None:
        self.fw.store.delete("update.offer")
        self.staging().unlink(missing_ok=True)

    def session_began(self) -> None:
        """ "Later" means until the next sign-on."""
        self._postponed = False

    def offer_waiting(self) -> bool:
        offer = self.offer()
        if offer is None or self._postponed or not self.may_install():
            return False
        self.show_offer(offer)
        return True

    def menu(self) -> None:
        offer = self.offer()
        if offer is None:
            self.fw.pages.show(Notice(self.fw, "upd_none", self.fw.home, {"version": self.fw.slots.version()}))
            return
        self.show_offer(offer)

    def show_offer(self, offer: Offer) -> None:
        fields = {"new": offer.version, "version": self.fw.slots.version()}
        self.fw.pages.show(Ask(self.fw, "upd_offer", lambda: self.install(offer), self.later, fields))

    def later(self) -> None:
        self._postponed = True
        self.fw.home()

    # conditions

    def may_install(self) -> bool:
        return self.fw.roles.may(self.fw.sign_on.operator, "update")

    def batch_empty(self) -> bool:
        return self.fw.journal.unsettled() == 0

    def power_enough(self) -> bool:
        battery = self.fw.board.battery
        return battery.mains or battery.percent >= LEAST_BATTERY

    def install(self, offer: Offer) -> None:
        if not self.may_install():
            self.fw.home()
        elif not self.batch_empty():
            self._postponed = True
            fields = {"count": self.fw.journal.unsettled()}
            self.fw.pages.show(refusal(self.fw, "upd_no_batch", self.fw.home, fields))
        elif not self.power_enough():
            self.fw.pages.show(PowerPage(self.fw, self.power_enough, lambda: self.get(offer), self.later))
        else:
            self.get(offer)

    # download

    def staging(self) -> Path:
        """Where the image lies until it is checked; kept over power cuts, so that a download can go on."""
        return self.fw.store.area("staging")

    def staged_bytes(self) -> int:
        staging = self.staging()
        return staging.stat().st_size if staging.exists() else 0

    def get(self, offer: Offer) -> None:
        self._tries = 0
        self._tell("downloading", offer)
        self.load(offer)

    def load(self, offer: Offer) -> None:
        """Fetch what is missing."""
        have = self.resume_at(offer)
        page = ProgressPage(self.fw, "upd_get", have, offer.size)
        self.fw.pages.show(page)
        self._source = self.source(offer)
        self._source.read(
            have,
            self.bytes_to_ask(offer, have),
            lambda data: self.loaded(offer, page, data),
            lambda why: self.broken(offer, page, why),
        )

    def resume_at(self, offer: Offer) -> int:
        """The byte at which the download goes on."""
        if self.staged_bytes() > offer.size:
            self.staging().unlink()
        return self.staged_bytes()

    def bytes_to_ask(self, offer: Offer, have: int) -> int:
        """What is missing, and one byte more: an image that is longer than signed must show."""
        return offer.size - have + 1

    def too_long(self, offer: Offer, done: int) -> bool:
        """More than was promised: nothing of it will be used, so nothing more is taken."""
        return done > offer.size

    def source(self, offer: Offer) -> Source:
        return StickSource(self.fw) if offer.source == "stick" else NetSource(self.fw)

    def loaded(self, offer: Offer, page: ProgressPage, data: bytes) -> None:
        if not self._shown(page):
            self._source = None
            return
        self.keep(data)
        self._tries = 0
        page.done = self.staged_bytes()
        self.fw.pages.repaint()
        if not data or self.too_long(offer, page.done):
            self._source = None
            self.check(offer)

    def keep(self, data: bytes) -> None:
        with self.staging().open("ab") as staging:
            staging.write(data)

    def broken(self, offer: Offer, page: ProgressPage, why: str) -> None:
        self._source = None
        self._tries += 1
        if not self._shown(page):
            return
        if why == "link":
            self.pause(offer, page)
        elif why == "certificate" or self._tries >= TRIES:
            self.given_up(why)
        else:
            self.fw.board.after(RETRY_S, lambda: self._if_shown(page, offer))

    def _if_shown(self, page: Page, offer: Offer) -> None:
        if self._shown(page):
            self.load(offer)

    def pause(self, offer: Offer, before: ProgressPage) -> None:
        page = PausePage(self.fw, before.percent, self.stop)
        self.fw.pages.show(page)
        self._tell("paused", offer)
        self.source(offer).when_back(lambda: self._if_shown(page, offer))

    def stop(self) -> None:
        """CANCEL at ``upd_pause``: what is loaded is thrown away, the offer stays for later."""
        self.staging().unlink(missing_ok=True)
        self.later()

    def given_up(self, why: str) -> None:
        self._postponed = True
        self.fw.log.add("certificate" if why == "certificate" else "net_down", result="update")
        self.fw.transactions.net_down()

    # check

    def check(self, offer: Offer) -> None:
        page = ProgressPage(self.fw, "upd_check", 0, 1)
        self.fw.pages.show(page)
        self._tell("checking", offer)
        self.fw.board.after(CHECK_S, lambda: self.checked(offer))

    def checked(self, offer: Offer) -> None:
        reason = self.reason(offer, self.staging())
        if reason is not None:
            self.refuse(offer, reason)
        elif not self.power_enough():
            self.fw.pages.show(PowerPage(self.fw, self.power_enough, lambda: self.check(offer), self.later))
        else:
            self.write(offer)

    def refuse(self, offer: Offer, reason: str) -> None:
        """A refused package is deleted, so that it cannot come back as a half-done one."""
        record = self.fw.log.add("update_no", self.fw.sign_on.operator or "", reason)
        self.forget()
        self._tell("refused", offer, reason=reason)
        fields = {"version": self.fw.slots.version(), "record": f"{record:06d}"}
        self.fw.pages.show(refusal(self.fw, SCREENS[reason], self.fw.home, fields))

    # write

    def write(self, offer: Offer) -> None:
        slot = self.fw.slots.target()
        self._tell("writing", offer)
        self.fw.light.writing("update", True)
        self.fw.slots.begin_write(slot)
        page = ProgressPage(self.fw, "upd_write", 0, offer.size)
        self.fw.pages.show(page)
        self._write_later(offer, slot, page)

    def _write_later(self, offer: Offer, slot: str, page: ProgressPage) -> None:
        blocks = -(-offer.size // BLOCK)
        self.fw.board.after(WRITE_S / blocks, lambda: self._write_next(offer, slot, page))

    def _write_next(self, offer: Offer, slot: str, page: ProgressPage) -> None:
        data = self.block(page.done)
        self.fw.slots.write_block(slot, page.done, data)
        page.done += len(data)
        self.fw.pages.repaint()
        if data and page.done < offer.size:
            self._write_later(offer, slot, page)
        else:
            self.written(offer, slot)

    def block(self, offset: int) -> bytes:
        """The next block of what was checked."""
        with self.staging().open("rb") as staging:
            staging.seek(offset)
            return staging.read(BLOCK)

    def written(self, offer: Offer, slot: str) -> None:
        self.fw.light.writing("update", False)
        if not self.written_ok(offer, slot):
            self.refuse(offer, "written")
            return
        self.commit(offer, slot)
        self.fw.log.add("update_ok", self.fw.sign_on.operator or "", offer.version)
        self.forget()
        self._tell("done", offer)
        self.fw.pages.show(ProgressPage(self.fw, "upd_done", 0, 1, {"new": offer.version}))
        self.fw.board.after(DONE_S, self.fw.board.restart)

    def commit(self, offer: Offer, slot: str) -> None:
        fields = offer.fields
        self.fw.slots.activate(slot, str(fields["version"]), int(fields["size"]), str(fields["sha256"]))

    # after a start

    def report_back(self) -> bool:
        """The new image would not run and the old one is back: say so once. True when a page was shown."""
        version = self.fw.slots.take_back_report()
        if version is None:
            return False
        record = self.fw.log.add("update_back", result=version)
        fields = {"new": version, "version": self.fw.slots.version(), "record": f"{record:06d}"}
        self.fw.board.service.emit("update", state="back", version=self.fw.slots.version())
        self.fw.pages.show(Notice(self.fw, "upd_back", self.fw.home, fields))
        return True

    def _admin_is_idle(self) -> bool:
        return self.fw.sign_on.operator == ADMIN and self.fw.pages.beneath.screen == "idle"

    def _shown(self, page: Page) -> bool:
        return self.fw.pages.beneath is page

    def _tell(self, state: str, offer: Offer, **more: str) -> None:
        fields: Mapping[str, str] = {"state": state, "version": offer.version, **more}
        self.fw.board.service.emit("update", **fields)
