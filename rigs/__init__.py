"""The rig: descriptions and profiles, clocks, instruments, the terminal under test, the simulated rig."""
