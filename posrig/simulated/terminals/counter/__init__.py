"""The unattended counter terminal (docs/terminals.md)."""
