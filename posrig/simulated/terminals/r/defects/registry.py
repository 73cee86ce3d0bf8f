"""The register of terminal R's seeded defects (posrig/simulated/terminals/seeded.py says how one is written)."""

from __future__ import annotations

from posrig.simulated.terminals.r.firmware.parts import STANDARD
from posrig.simulated.terminals.seeded import DefectRegister, read_file

__all__ = ["REGISTER", "defect", "read_file", "read_package"]

REGISTER = DefectRegister(STANDARD, "posrig.simulated.terminals.r.defects")
defect = REGISTER.add
read_package = REGISTER.read_package
