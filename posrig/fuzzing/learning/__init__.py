"""Learning as a command: devices described in a file, progress, words and pictures for people."""
