"""The firmware of terminal R: a room for each subject, put together by ``kernel`` from the table of ``parts``."""
