"""The plug-in of pytest: collection, lint, the rig of a session, retries, verdicts, the report of a run."""
