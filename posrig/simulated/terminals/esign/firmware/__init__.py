"""The electronic-signature terminal's firmware: a room a subject, put together by ``kernel.py`` from ``parts.py``."""
