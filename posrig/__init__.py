"""posrig: a hardware-in-the-loop test harness for POS payment terminals."""
