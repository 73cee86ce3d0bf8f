"""Simulated supply, switch unit, multimeter and relays."""
