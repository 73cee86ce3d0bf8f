"""A model of any terminal, made of its profile: acts, facts, oracles by meaning, a guided search."""
