"""The other side of the wires, apart from everything: a rig, its instruments and a world around simulated terminals."""
