"""A terminal as a person has it: keypad, screen, power, lines, service port; use cases of any terminal in ``ways``,
those that are one model's own in ``models``."""
