"""A terminal as a person has it: keypad, screen, power, lines, service port; use cases in ``flows``."""
