"""Its seeded defects, each a part of the firmware replaced."""
