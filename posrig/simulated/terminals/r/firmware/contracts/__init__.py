"""What one room of the firmware asks of another: a Protocol for each."""
