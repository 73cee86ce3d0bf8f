"""One event loop, and time that jumps from event to event."""
