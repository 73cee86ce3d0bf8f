"""What every room stands on: faults by whose they are, secrets, clocks, deadlines, lines over sockets. Imports nothing of ours."""
