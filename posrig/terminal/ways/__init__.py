"""Use cases by meaning: what people do with any terminal, as its profile says how."""
