"""Counter and esign in the rig's own process: what each has over its wires, and what the rig refuses to it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig_process import DEADLINE_S, ROOT, RigProcess
from small_terminals import CounterHands, EsignHands

from posrig.screens.picture import Emulator
from posrig.simulated.options import OptionsError, read
from posrig.simulated.terminals import catalogue

CHANNELS = {name: catalogue.kind_of(name).usual_channels() for name in ("counter", "esign")}


class Terminal(RigProcess):
    def __init__(self, name: str, passwords: dict[str, str]) -> None:
        super().__init__(["-m", "posrig.simulated", "--options", "-"], {"terminal": name}, argument=False)
        self.channels = CHANNELS[name]
        self.face = catalogue.kind_of(name).face
        self.emulator = Emulator(self.face.rows, self.face.columns, self.face.encoding)
        if "service" in self.ports:
            self.wire("service")
        self.console = socket.create_connection(("127.0.0.1", self.ports["screen"]), timeout=DEADLINE_S)
        self.act("terminal.fresh", provision={"passwords": passwords})
        self.power()

    def keys(self, *words: str) -> None:
        for word in words:
            for key in word if word.isdigit() else (word,):
                self.press(self.channels[key])

    def sent(self) -> bytes:
        """All bytes on the console up to the last repaint; what they paint is in the emulator."""
        frame = int(self.wire("clock").ask("N").split()[2])
        data = b""
        while b"painted %d\x07" % frame not in data:
            data += self.console.recv(65536)
        self.emulator.feed(data)
        return data

    def shown(self) -> list[str]:
        self.sent()
        return [row.strip() for row in self.emulator.rows() if row.strip()]


@pytest.fixture(scope="module")
def counter() -> Iterator[Terminal]:
    rig = Terminal("counter", CounterHands.passwords)
    rig.advance(6.0)
    yield rig
    rig.console.close()
    assert rig.end() == 0, rig.errors


@pytest.fixture(scope="module")
def esign() -> Iterator[Terminal]:
    rig = Terminal("esign", EsignHands.passwords)
    rig.advance(7.0)
    yield rig
    rig.console.close()
    assert rig.end() == 0, rig.errors


def test_the_counters_console_paints_what_changed_in_gb18030(counter: Terminal) -> None:
    assert counter.shown()[0] == "暂停服务"
    counter.keys("HASH")
    first = counter.sent()
    counter.keys("1")
    typed = counter.sent()
    assert "请输入工号".encode("gb18030") in first
    assert b"\x1b[4;1H1\x1b[K" in typed
    assert b"\x1b[2J" not in typed
    counter.keys("00001", "HASH", CounterHands.passwords["100001"], "HASH")
    assert counter.shown()[0] == "自助缴费"
    counter.scpi("switch", f"ROUT:CLOS (@{counter.channels['KEYSWITCH']});*ESR?")
    counter.advance(0.7)
    counter.scpi("switch", f"ROUT:OPEN (@{counter.channels['KEYSWITCH']});*ESR?")
    counter.advance(0.1)
    partial = counter.shown()
    late = Emulator(8, 21, "gb18030")
    late.feed(counter.another("screen").socket.recv(65536))
    assert partial == [row.strip() for row in late.rows() if row.strip()]
    assert partial[0] == "==== 钥匙已锁 ===="


def test_a_rig_has_what_its_terminal_has(counter: Terminal, esign: Terminal) -> None:
    assert "service" not in counter.ports
    assert "service" in esign.ports
    assert "unknown act" in counter.refused("touch", x=1, y=1)
    assert "unknown act" in counter.refused("finger.touch", finger="a")
    assert "unknown act" in esign.refused("usb.insert")
    assert "terminal counter has no wire 'service'" in counter.refused("wire.fault", wire="service", fault="drop")
    assert counter.act("keys.felt").keys() == CHANNELS["counter"].keys()
    assert json.loads(json.dumps(counter.act("update.build", size=2000)["manifest"]))["model"] == "C"


def test_esign_is_touched_by_pads_and_by_points(esign: Terminal) -> None:
    esign.lines()
    assert "签到" in " ".join(esign.shown())
    esign.act("touch", x=120, y=160)
    esign.advance(0.5)
    esign.keys("01", "OK", EsignHands.passwords["01"], "OK")
    assert "操作员 01" in esign.shown()
    codes = [line.split("code=")[1].split()[0] for line in esign.lines() if " key " in line]
    assert codes == ["OK", "0", "1", "OK", "*", "*", "*", "*", "*"]
    assert "allowed: x 0 to 239, y 0 to 319" in esign.refused("touch", x=240, y=0)
    assert "allowed: over 0, at most 60" in esign.refused("touch", x=1, y=1, seconds=0.0)


def test_the_camera_sees_the_glass(esign: Terminal) -> None:
    pillow = pytest.importorskip("PIL.Image")
    wire = esign.another("camera").socket
    wire.sendall(b"GET /snapshot HTTP/1.1\r\n\r\n")
    data = b""
    while chunk := wire.recv(65536):
        data += chunk
    import io

    assert pillow.open(io.BytesIO(data.partition(b"\r\n\r\n")[2])).size == (1200, 2000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"terminal": "x9"}', ("no model 'x9'", "counter, esign, r")),
        ('{"terminal": "counter", "wiring": {"keys": {"ENTER": 1001}}}', ("no key of the terminal", "KEYSWITCH")),
        ('{"terminal": "counter", "wiring": {"keys": {"1": 1001}}}', ("0 has no channel", "each of the 13 keys")),
        ('{"terminal": "counter", "ports": {"service": 0}}', ("unknown port 'service'", "supply, switch")),
        ('{"terminal": "counter", "faults": [{"wire": "service", "fault": "drop"}]}', ("no wire 'service'", "screen")),
    ],
)
def test_options_name_what_this_terminal_has(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(OptionsError) as refused:
        read(text, "options.json")
    assert all(word in str(refused.value) for word in words), refused.value


def test_a_model_is_a_folder_and_nothing_else(tmp_path: Path) -> None:
    """A third terminal costs no Python outside its folder: one that the library never heard of is served."""
    folder = tmp_path / "terminal_of_a_stranger"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "kind.py").write_text(
        "from posrig.simulated.hardware.kind import Face, Kind\n"
        "KIND = Kind(name='terminal_of_a_stranger', model='Z', keys=('A', 'B'), face=Face(2, 8), lines=frozenset())\n"
    )
    (folder / "model.py").write_text(
        "import sys\nfrom posrig.simulated.terminals.terminal_of_a_stranger.kind import KIND\n"
        "class Firmware:\n"
        "    def __init__(self, board): self.board = board\n"
        "    def power_on(self): self.board.display.show(['HELLO'])\n"
        "    def contact(self, key, closed): self.board.display.show([key])\n"
        "    def discard(self): pass\n"
        "class Model:\n"
        "    kind = KIND\n"
        "    def provision(self, flash, wanted, trust): pass\n"
        "    def firmware(self, defects): return Firmware\n"
        "    def journal(self, board): return []\n"
        "    def storage(self, board): return {}\n"
        "    def seeded(self): return [{'id': 'z'}]\n"
        "def model(defects_from=()): return Model()\n"
    )
    code = (
        "import sys, posrig.simulated.terminals as t\n"
        f"t.__path__.append({str(tmp_path)!r})\n"
        "from posrig.simulated.__main__ import main\n"
        "sys.exit(main(['--list-defects', '--terminal', 'terminal_of_a_stranger']) or main(['--options', '-']))\n"
    )
    options = json.dumps({"terminal": "terminal_of_a_stranger"}) + "\n"
    done = subprocess.run(
        [sys.executable, "-c", code], input=options, capture_output=True, text=True, cwd=ROOT, timeout=DEADLINE_S
    )
    assert done.returncode == 0, done.stderr
    listed, announced = done.stdout.splitlines()
    assert json.loads(listed) == [{"id": "z"}]
    assert "screen" in json.loads(announced)["ports"]
