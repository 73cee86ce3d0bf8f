"""The electronic-signature terminal of the Chinese market (docs/terminals.md)."""
