"""Opens what a rig file names, closes it to its safe state, and says whether its wires can be believed."""
