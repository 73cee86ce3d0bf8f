"""SCPI as instruments speak it: IEEE 488.2 messages and status, SCPI-99 headers. Knows nothing of terminals."""
