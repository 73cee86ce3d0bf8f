"""Seeded defects of the counter terminal: each is its table of parts with one part replaced."""
