"""Detailed models of terminals, by model name."""
