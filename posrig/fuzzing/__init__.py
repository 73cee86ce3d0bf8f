"""The search for defects: machines, search engine, learning, models of terminals, qualification."""
