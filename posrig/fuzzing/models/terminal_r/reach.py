"""Why a search missed a seeded defect: what it cannot do or see by its nature, else what it had not done yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posrig.fuzzing.running.campaign import Campaign

OUT_OF_REACH: Mapping[str, str] = {
    "login_second_password": "a password that nobody knows is not guessed by keys",
}
"""Argued defect by defect: no budget changes these."""


def why_missed(defect: str, campaign: Campaign) -> str:
    """One sentence for the table of a qualification."""
    if defect in OUT_OF_REACH:
        return OUT_OF_REACH[defect]
    return campaign.not_shown
