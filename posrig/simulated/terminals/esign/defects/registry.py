"""The register of the electronic-signature terminal's seeded defects (posrig/simulated/terminals/seeded.py)."""

from __future__ import annotations

from posrig.simulated.terminals.esign.firmware.parts import SOUND
from posrig.simulated.terminals.seeded import DefectRegister

REGISTER = DefectRegister(SOUND, "posrig.simulated.terminals.esign.defects")
defect = REGISTER.add
