"""Fuzzing of terminal R on a rig: its reference model, its acts, the rig as a device, oracles, scenarios from findings."""
