"""Sockets, ptys and streams with faults on order; the camera's pictures."""
