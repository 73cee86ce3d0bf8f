"""Safe actions and the guard that does them when all else is dead; lease, ledger, incidents."""
