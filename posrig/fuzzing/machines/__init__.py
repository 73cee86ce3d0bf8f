"""Mealy machines: made, read, compared, and devices that behave like one."""
