"""Before a report is handed on: no secret of this run, and no card number, may be in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from posrig.evidence.secret_scan import Scan, scan
from posrig.ground.faults import PosrigError
from posrig.ground.secret import Secret
from posrig.plugin.rig import DESCRIPTION
from posrig.rig.preparation import credentials_of

SHOWN_FINDINGS = 12


def scan_artefacts(config: pytest.Config, folder: Path) -> Scan:
    """Look through everything a run wrote for the passwords and seeds of its rig, and for card numbers."""
    return scan([folder], _known(config))


def _known(config: pytest.Config) -> tuple[Secret, ...]:
    description = config.stash.get(DESCRIPTION, None)
    if description is None:
        return ()
    try:
        return credentials_of(description).masks.secrets
    except PosrigError:  # the run itself has said so, and without credentials nothing was typed
        return ()


def told(found: Scan) -> dict[str, object]:
    """The scan for summary.json; never the secret itself."""
    return {"files": found.files, "findings": [str(one) for one in found.findings], "unread": list(found.unread)}


def rows(found: Scan) -> list[str]:
    """What people read; never the secret itself."""
    if found.clean:
        return []
    return [
        "SECRETS IN THE REPORT: do not pass it on",
        *(f"    {finding}" for finding in found.findings[:SHOWN_FINDINGS]),
        *(f"    not looked into: {name}" for name in found.unread[:SHOWN_FINDINGS]),
    ]
