"""Settings of all tests: how long an example takes depends on the machine's load, so no example has a deadline."""

from hypothesis import settings

settings.register_profile("posrig", deadline=None)
settings.load_profile("posrig")

# feature files below tests/ are run by tests in processes of their own, when they are named
collect_ignore_glob = ["*.feature"]
