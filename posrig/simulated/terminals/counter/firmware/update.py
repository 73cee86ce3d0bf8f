"""Update from a USB stick, by a supervisor, on a terminal that is not locked. It runs after the next power cut."""

from __future__ import annotations

import hashlib

from posrig.simulated.terminals import signed
from posrig.simulated.terminals.pages import Busy, Core, Keys, Notice
from posrig.simulated.terminals.signed import Offer

FILE = "update.pkg"
CHECK_S, WRITE_S, STEPS = 2.0, 8.0, 10
REFUSED_S, LOOK_S = 5.0, 60.0


class Update:
    def __init__(self, core: Core) -> None:
        self.core = core

    def version(self) -> str:
        return str(self.core.flash.get("version"))

    def open(self) -> None:
        """Wait for the stick, or go on with one that is there."""
        if self.core.board.usb.folder() is not None:
            self.check()
            return
        rows = ("优盘升级", "", "请插入优盘", "", "", "", "", "*键返回")
        self.core.show(Keys("stick_wait", lambda: rows, {"STAR": self.core.home}, stays_s=LOOK_S, then=self.core.home))

    def plugged(self) -> None:
        """A stick came or went: of interest while one is waited for."""
        if self.core.page.screen == "stick_wait" and self.core.board.usb.folder() is not None:
            self.check()

    def check(self) -> None:
        rows = ("优盘升级", "", "正在检查...")
        self.core.show(Notice("stick_check", lambda: rows, stays_s=CHECK_S, then=self._checked))

    def _checked(self) -> None:
        folder = self.core.board.usb.folder()
        package = None if folder is None else signed.read_package(folder / FILE)
        if package is None:
            self.refuse("没有升级文件")
            return
        offer, image = package
        why = self.objection(offer, image)
        if why is None:
            self._ask(offer, image)
        else:
            self.refuse(why)

    def objection(self, offer: Offer, image: bytes) -> str | None:
        """Why this package is not taken; the signature before anything that it covers."""
        if not self.signature_ok(offer):
            return "签名无效"
        if not signed.meant_for(offer, self.core.board.model):
            return "机型不符"
        if not signed.newer(offer, self.version()) or not signed.in_date(offer, self.core.board.rtc.read()):
            return "版本过旧"
        return None if signed.whole(offer, image) else "文件损坏"

    def signature_ok(self, offer: Offer) -> bool:
        return signed.signature_ok(offer, self.core.board.trust.update_keys)

    def _ask(self, offer: Offer, image: bytes) -> None:
        rows = (
            "优盘升级",
            f"新版本 V{offer.version}",
            f"现版本 V{self.version()}",
            "",
            "",
            "",
            "",
            "*键取消       #键升级",
        )
        keys = {"HASH": lambda: self._write(offer, image, 0), "STAR": self.core.home}
        self.core.show(Keys("stick_ask", lambda: rows, keys, stays_s=LOOK_S, then=self.core.home))

    def _write(self, offer: Offer, image: bytes, step: int) -> None:
        """In blocks beside the running image; what runs changes in one write at the end."""
        area, block = self.core.flash.area("new"), -(-len(image) // STEPS)
        with area.open("wb" if step == 0 else "ab") as file:
            file.write(image[step * block : (step + 1) * block])
        rows = ("正在升级", f"V{offer.version}", "", f"已写入 {10 * step}%", "请勿断电")
        self.core.show(Busy("stick_write", lambda: rows))
        following = (lambda: self._write(offer, image, step + 1)) if step + 1 < STEPS else lambda: self._written(offer)
        self.core.board.after(WRITE_S / STEPS, following)

    def _written(self, offer: Offer) -> None:
        area = self.core.flash.area("new")
        if hashlib.sha256(area.read_bytes()).hexdigest() != offer.fields.get("sha256"):
            self.refuse("文件损坏")
            return
        boots = signed.image_header(area.read_bytes()).get("boots") is True
        area.replace(self.core.flash.area("image"))
        self.core.flash.put(version=offer.version, previous=self.version(), boots=boots)
        rows = ("升级完成", f"V{offer.version}", "", "请断电后重新开机")
        self.core.show(Busy("stick_done", lambda: rows))

    def fallen_back(self) -> str | None:
        """At a start: an image that does not run is given up for the one before; its version, for one report."""
        if self.core.flash.get("boots", True):
            return None
        failed = self.version()
        self.core.flash.put(version=self.core.flash.get("previous"), boots=True)
        return failed

    def refuse(self, why: str) -> None:
        self.core.note("stick_no", REFUSED_S, ("升级被拒绝", why, "", "版本不变"))
