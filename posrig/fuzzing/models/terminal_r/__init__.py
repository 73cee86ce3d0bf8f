"""Fuzzing of terminal R on a rig: reference model, acts, the rig as a device, oracles, scenarios."""
