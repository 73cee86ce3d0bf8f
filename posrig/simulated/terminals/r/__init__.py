"""Terminal R, the reference terminal."""
