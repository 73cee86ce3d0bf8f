"""Seeded defects of the electronic-signature terminal: each is its table of parts with one part replaced."""
