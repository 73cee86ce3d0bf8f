"""Trials: short experiments with drawn circumstances, for invariants that no walk over a model of keys can judge."""
