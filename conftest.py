"""What pytest loads: the glue in fixtures/ and every module of steps in steps/."""

from pkgutil import iter_modules

import steps

pytest_plugins = [
    *(f"fixtures.{name}" for name in ("rig", "collection", "evidence", "scenario_run", "run_report")),
    *(f"steps.{module.name}" for module in iter_modules(steps.__path__)),
]
