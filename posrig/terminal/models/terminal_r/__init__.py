"""Terminal R's own use cases: its menus, its owner's lock, its lock module, its log. What holds for any terminal is in
``posrig.terminal.ways``; what stays here checks more than meanings can say.

Each is a plain function over :class:`~posrig.terminal.Terminal`; the same functions serve steps, fuzzing and commands.
"""
