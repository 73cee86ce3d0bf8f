"""Drivers: power supply, switch unit, multimeter over VISA; the bench around a terminal."""
