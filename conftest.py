"""What pytest loads: the glue in fixtures/ and every module of steps in steps/."""

from pkgutil import iter_modules

import steps

WITHOUT_STEPS = {"language", "parameters"}

GLUE = (
    "step_lookup",
    "collection",
    "evidence",
    "quarantine",
    "scenario_run",
    "short_run",
    "opening",
    "retry",
    "rig",
    "safe_state",
    "run_report",
    "lease",
)
pytest_plugins = [
    *(f"fixtures.{name}" for name in GLUE),
    *(f"steps.{module.name}" for module in iter_modules(steps.__path__) if module.name not in WITHOUT_STEPS),
]
