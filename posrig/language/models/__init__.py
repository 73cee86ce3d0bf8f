"""Sentences that are one terminal model's own, a room each: a scenario that says one is for terminals of that model."""
