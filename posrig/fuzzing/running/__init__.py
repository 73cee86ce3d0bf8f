"""A run of a fuzzer whatever its model: budgets, rounds, reports, where findings are kept."""
