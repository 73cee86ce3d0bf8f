"""A display of another size than terminal R's: the profile says how many rows and columns a photo has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posrig.commands._check_trials import Check
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import read_rig
from posrig.rig.rig import Rig, RigOptions
from posrig.screens.camera import camera_eye
from posrig.simulated.hardware.kind import Face
from posrig.simulated.wires.photograph import Lens, seen_at

RIGS = Path(__file__).parents[2] / "rigs"


@pytest.fixture(scope="module")
def counter() -> Profile:
    return read_profile(RIGS / "profiles" / "counter.yaml")


def lens(profile: Profile) -> Lens:
    return Lens(3, Face(rows=profile.data.display.rows, columns=profile.data.display.columns))


def test_every_page_of_the_counter_is_read(counter: Profile) -> None:
    camera = read_rig(RIGS / "counter.yaml").camera
    assert camera is not None
    assert camera.corners == seen_at((168, 128))[1]
    reader, seen = camera_eye(counter).reader(camera.corners), lens(counter)
    wrong = []
    for name, screen in counter.screens.items():
        shown = tuple(re.sub(r"\{[^}]*\}", "7", row).rstrip(" ") for row in screen.rows["zh"])
        rows = (*shown, *[""] * (counter.data.display.rows - len(shown)))
        reading = reader.read(seen.photo(rows, backlight=True))
        if reading is None or reading.rows != rows:
            wrong.append((name, reading))
    assert not wrong


def test_corners_are_found_on_it(counter: Profile) -> None:
    rows = (
        "员工菜单",
        "1.退出登录 2.本机信息",
        "3.优盘升级 4.恢复出厂",
        "5.修改密码 6.新增员工",
        "",
        "",
        "",
        "*键返回",
    )
    photo, eye = lens(counter).photo(rows, backlight=True), camera_eye(counter)
    found = eye.find_corners(photo, "".join(rows))
    assert found is not None
    reading = eye.reader(found).read(photo)
    assert reading is not None
    assert reading.rows == rows


@pytest.mark.parametrize(("rig", "said"), [("counter", "as the console"), ("esign", "no camera in this rig file")])
def test_check_has_no_complaint(rig: str, said: str) -> None:
    with Rig.open(read_rig(RIGS / f"{rig}.yaml"), options=RigOptions(guard=False)) as opened:
        opened.power.on()
        opened.terminal.screen.settled()
        assert said in Check(opened, lambda _row: None, lambda _part: None)._camera()
