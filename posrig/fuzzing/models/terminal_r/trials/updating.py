"""Updates: sound and faulty packages, both ways in, false servers, power cuts at any moment (invariants 16, 17, 18)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial, holds
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import updating
from posrig.terminal.models.terminal_r.selling import sale_is_accepted
from posrig.terminal.models.terminal_r.signing_on import rest_from_notice, sign_on
from posrig.terminal.models.terminal_r.starting import cut_power, ready, signed_off
from posrig.terminal.terminal import Terminal

OLD, NEW = "2.4.1", "2.5.0"
FAULTS = (
    "unsigned", "bad_signature", "changed", "manifest_changed", "extra_bytes", "cut_short", "oversize", "wrong_model",
    "wrong_type", "wrong_slot", "wrong_precursor", "older", "expired", "key_without_right", "key_false_name",
    "name_injection", "version_injection", "not_starting",
)  # fmt: skip
"""What the vendor's tool can build in (docs/update-package.md)."""
DROPS = "line drops"
SERVERS: Mapping[str, Mapping[str, Any]] = {
    "endless": {"endless": True},
    "flips a byte": {"flip_at": 1_000_000},
    "replaces the image": {"replace_after_check": True},
    "mixes two images": {"mix_after": 1_000_000},
    "wrong certificate": {"certificate": "wrong"},
    DROPS: {},
}
EITHER = ("replaces the image", DROPS)
"""The image that was read and checked may well run; never another one."""
CUTS = ("upd_get 20", "upd_get 70", "upd_check 0", "upd_write 5", "upd_write 50", "upd_write 95", "upd_done 0")
ENDS = (*updating.REFUSALS, "upd_done", "upd_no_batch", "upd_power", "net_down", "signed_off", "idle", "boot")
HOMES = ("signed_off", "upd_offer", "upd_back", "lock")
FALLS_BACK_S = 180.0
ENDLESS_S = 60.0
"""After so long an update that never ends is cut; nothing of it may run."""


def _possible(chosen: Circumstances) -> bool:
    plain_package = chosen["package"] == "sound"
    if chosen["server"] != "true":
        alone = chosen["cut"] == "no" and chosen["with"] == "an empty batch"
        return plain_package and alone and chosen["by"] == "network"
    if chosen["with"] != "an empty batch":
        return plain_package and chosen["cut"] == "no"
    return plain_package or chosen["cut"] == "no"


def _do(terminal: Terminal, chosen: Circumstances) -> None:
    if chosen["with"] == "the cashier":
        _cashier_sees_nothing(terminal, chosen["by"])
        return
    _admin_is_ready(terminal, batch_open=chosen["with"] == "an open batch")
    if SERVERS.get(chosen["server"]):
        terminal.do("update.server", **SERVERS[chosen["server"]])
    other = {"other_version": "2.6.0"} if chosen["server"] in ("replaces the image", "mixes two images") else {}
    faults = {} if chosen["package"] == "sound" else {"faults": [chosen["package"]]}
    updating.deliver(terminal, chosen["by"], version=NEW, **faults, **other)
    if terminal.screen.seen_within(("upd_offer",), 5.0) is not None:
        updating.accept(terminal)
    if chosen["server"] == DROPS:
        updating.drop_line_each(terminal, 30, 5.0)
        updating.reach(terminal, "upd_check")
        updating.never_fell_back(terminal)
    if chosen["cut"] == "no":
        _run_out(terminal)
    else:
        screen, _, percent = chosen["cut"].partition(" ")
        updating.reach_percent(terminal, screen, int(percent)) if percent != "0" else updating.reach(terminal, screen)
        cut_power(terminal)
    _judge(terminal, chosen)


def _admin_is_ready(terminal: Terminal, *, batch_open: bool) -> None:
    if batch_open:
        ready(terminal, "01")
        sale_is_accepted(terminal, Decimal("12.00"))
        cut_power(terminal)
    else:
        signed_off(terminal)
    sign_on(terminal, updating.ADMIN)


def _cashier_sees_nothing(terminal: Terminal, by: str) -> None:
    ready(terminal, "01")
    updating.deliver(terminal, by, version=NEW)
    updating.asked_for_by_menu(terminal)
    terminal.clock.sleep(30.0)
    updating.was_never_shown(terminal)


def _run_out(terminal: Terminal) -> None:
    """Until the update has ended one way or another; one that goes on for ever is cut."""
    found = terminal.screen.seen_within(ENDS, ENDLESS_S)
    if found is None:
        cut_power(terminal)
    elif found.screen in ("upd_done", "boot"):
        # an image that does not start is tried three times, then the old one runs
        terminal.screen.seen_within((*HOMES, "self_test_fail"), FALLS_BACK_S)


def _judge(terminal: Terminal, chosen: Circumstances) -> None:
    frame = rest_from_notice(terminal)
    holds(frame.screen not in (None, "self_test_fail", "boot", "self_test"), "recovery",
          "after an update, whatever becomes of it, the terminal works", f"screen {frame.screen}")  # fmt: skip
    if frame.screen in ("upd_offer", "upd_power", "upd_no_batch", "menu", "system"):
        terminal.keypad.press("CANCEL")
        rest_from_notice(terminal)
    batch_open = chosen["with"] == "an open batch"
    shown = _version(terminal)
    done = any(frame.screen == "upd_done" for frame in terminal.screen.history())
    sound = chosen["package"] == "sound" and chosen["server"] == "true" and not batch_open
    either = (sound and chosen["cut"] != "no") or chosen["server"] in EITHER
    allowed = (OLD, NEW) if either else (NEW,) if sound else (OLD,)
    holds(shown in allowed, "version", f"version {' or '.join(allowed)} runs", f"version {shown}")
    holds(shown == OLD or done, "version", "the version changes only after upd_done", f"version {shown} without it")
    if chosen["cut"] != "no" or chosen["server"] != "true":
        # an update changes no operator and no password (invariant 18), and leaves room for the journal
        sign_on(terminal, "01")
        sale_is_accepted(terminal, Decimal("1.00"))


def _version(terminal: Terminal) -> str:
    """What runs: by the page, or, where the batch lets nobody sign off, by the next start."""
    frame = rest_from_notice(terminal)
    if frame.screen in ("idle", "signed_off"):
        cut_power(terminal)
    boots = [frame.fields["version"] for frame in terminal.screen.history() if frame.screen == "boot"]
    expect_screen(terminal, HOMES, within_s=5.0, expected="a terminal that works after the update")
    return boots[-1] if boots else "none"


UPDATE = Trial(
    "update",
    "sound and faulty packages, false servers, cut at any moment",
    ("recovery", "version"),
    {
        "package": ("sound", *FAULTS),
        "by": ("network", "stick"),
        "cut": ("no", *CUTS),
        "server": ("true", *SERVERS),
        "with": ("an empty batch", "an open batch", "the cashier"),
    },
    _do,
    presses=32,
    weight=10,
    possible=_possible,
)
