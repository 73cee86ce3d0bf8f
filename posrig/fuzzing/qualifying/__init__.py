"""How many seeded defects scenarios and fuzzer find."""
