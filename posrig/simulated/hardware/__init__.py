"""Boards of terminals and how they are wired to instruments."""
