"""Why a search missed a seeded defect: what it cannot do or see by its nature, else what it had not done yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posrig.fuzzing.models.terminal_r.campaign import Campaign

OUT_OF_REACH: Mapping[str, str] = {
    "login_second_password": "a password that nobody knows is not guessed by keys",
}
"""Argued defect by defect: no budget changes these."""


def why_missed(defect: str, campaign: Campaign) -> str:
    """One sentence for the table of a qualification."""
    if defect in OUT_OF_REACH:
        return OUT_OF_REACH[defect]
    done = sum(report.covered for report in campaign.reports)
    possible = sum(report.possible for report in campaign.reports)
    text = f"not shown by {done} of {possible} acts in states"
    not_begun = ", ".join(campaign.not_begun)
    return f"{text}; not begun: {not_begun}" if not_begun else f"{text}: more presses may show it"
