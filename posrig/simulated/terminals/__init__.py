"""Simulated terminals, a room for each model."""
