"""Use cases that are one terminal model's own, a room each: what its profile names in the field ``flows``."""
