"""What every room stands on: faults by whose they are, secrets, clocks, deadlines, lines. Imports nothing of ours."""
