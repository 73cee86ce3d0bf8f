"""The sentences that posrig ships, a module for each subject."""
