"""Update over the network: function 66 and the supervisor's password. The terminal restarts by itself."""

from __future__ import annotations

from collections.abc import Callable

from posrig.simulated.terminals import signed
from posrig.simulated.terminals.esign.firmware.guesses import Guesses
from posrig.simulated.terminals.esign.firmware.people import SUPERVISOR
from posrig.simulated.terminals.pages import Busy, Core, Keys
from posrig.simulated.terminals.signed import MANIFEST_LIMIT, Offer

Take = Callable[[bytes], None]
Progress = Callable[[int], None]
ASK_S, REFUSED_S, DONE_S, WRITE_S = 30.0, 4.0, 1.0, 5.0
SILENCE_S = 30.0
"""Without a byte the download is given up."""


class Update:
    def __init__(self, core: Core, guesses: Guesses) -> None:
        self.core, self.guesses = core, guesses
        self._got = bytearray()
        self._waited = 0

    def version(self) -> str:
        return str(self.core.flash.get("version"))

    def open(self) -> None:
        self.guesses.ask("update_pwd", ("", "系统更新", "", "请主管输入密码"), SUPERVISOR, self._look, self.core.home)

    def _look(self) -> None:
        self.core.show(Busy("update_check", lambda: ("", "系统更新", "", "正在检查...")))
        self._fetch("/manifest.json", MANIFEST_LIMIT, self._manifest, lambda _: None)

    def _manifest(self, text: bytes) -> None:
        offer = signed.read_offer(text)
        why = "服务器无更新" if offer is None else self.objection(offer)
        if offer is None or why is not None:
            self.refuse(why or "")
            return
        rows = ("", "发现新版本", f"新版本 V{offer.version}", f"现版本 V{self.version()}")
        keys = {"OK": lambda: self._download(offer), "CANCEL": self.core.home}
        self.core.show(Keys("update_ask", lambda: rows, keys, stays_s=ASK_S, then=self.core.home))

    def objection(self, offer: Offer) -> str | None:
        """Why this offer is not taken; the signature before anything that it covers."""
        if not signed.signature_ok(offer, self.core.board.trust.update_keys):
            return "签名无效"
        if not signed.meant_for(offer, self.core.board.model):
            return "机型不符"
        if not self.newer(offer) or not signed.in_date(offer, self.core.board.rtc.read()):
            return "版本过旧"
        return None if offer.size else "文件损坏"

    def newer(self, offer: Offer) -> bool:
        return signed.newer(offer, self.version())

    def _download(self, offer: Offer) -> None:
        def progress(got: int) -> None:
            rows = ("", "正在下载", f"V{offer.version}", "", f"{100 * got // offer.size}%", "请勿断电")
            self.core.show(Busy("update_get", lambda: rows))

        progress(0)
        self._fetch("/image.bin", offer.size, lambda image: self._write(offer, image), progress)

    def _write(self, offer: Offer, image: bytes) -> None:
        if not signed.whole(offer, image):
            self.refuse("文件损坏")
            return
        self.core.show(Busy("update_write", lambda: ("", "正在安装", f"V{offer.version}", "", "请勿断电")))
        self.core.flash.area("new").write_bytes(image)
        self.core.board.after(WRITE_S, lambda: self._written(offer, image))

    def _written(self, offer: Offer, image: bytes) -> None:
        """What runs changes in one write; a power cut before it leaves the old version."""
        if self.core.flash.area("new").read_bytes() != image:
            self.refuse("文件损坏")
            return
        boots = signed.image_header(image).get("boots") is True
        self.core.flash.area("new").replace(self.core.flash.area("image"))
        self.core.flash.put(version=offer.version, previous=self.version(), boots=boots)
        self.core.board.service.emit("update", state="done", version=offer.version)
        self.core.show(Busy("update_done", lambda: ("", "更新完成", f"V{offer.version}", "", "即将重启")))
        self.core.board.after(DONE_S, self.core.board.restart)

    def fallen_back(self) -> str | None:
        """At a start: an image that does not run is given up for the one before; its version, for one report."""
        if self.core.flash.get("boots", True):
            return None
        failed = self.version()
        self.core.flash.put(version=self.core.flash.get("previous"), boots=True)
        return failed

    def refuse(self, why: str) -> None:
        self.core.board.service.emit("update", state="refused", version=self.version())
        self.core.note("update_no", REFUSED_S, ("", "更新失败", "", why, "", "版本不变"))

    # the download

    def _fetch(self, path: str, length: int, done: Take, progress: Progress) -> None:
        """All bytes, or a refusal. The network hands them over in pieces, an empty one at the end."""
        self._got = bytearray()

        def data(piece: bytes) -> None:
            self._waited += 1
            if piece:
                self._got += piece
                progress(len(self._got))
                self._watch()
            else:
                done(bytes(self._got))

        def failed(_why: str) -> None:
            self._waited += 1
            self.refuse("通讯失败")

        self._watch()
        self.core.board.nic.fetch(path, 0, length, data, failed)

    def _watch(self) -> None:
        self._waited += 1
        at = self._waited
        self.core.board.after(SILENCE_S, lambda: self.refuse("通讯失败") if at == self._waited else None)
