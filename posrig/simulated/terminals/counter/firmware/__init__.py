"""The counter terminal's firmware: a room a subject, put together by ``kernel.py`` from the table ``parts.py``."""
