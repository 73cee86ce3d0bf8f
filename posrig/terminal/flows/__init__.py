"""Use cases: what a person does at a terminal, in the words of the scenarios.

Each is a plain function over :class:`~posrig.terminal.Terminal`; the same functions serve steps, fuzzing, the command
line and the panel. A use case acts and waits until the screen is at rest; what it must find is said by ``judging``.
"""
