"""The register of the counter terminal's seeded defects (posrig/simulated/terminals/seeded.py)."""

from __future__ import annotations

from posrig.simulated.terminals.counter.firmware.parts import SOUND
from posrig.simulated.terminals.seeded import DefectRegister

REGISTER = DefectRegister(SOUND, "posrig.simulated.terminals.counter.defects")
defect = REGISTER.add
