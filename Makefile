# make run: set up, run the scenarios on the simulated rig (one for each requirement and language), leave the report.
# make run-all: every scenario with every row of its Examples. make test: set up, run the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# tests wait as much as they work (processes that start, deadlines that pass): two for each core
TEST_WORKERS ?= 4

.PHONY: run run-all test lint clean setup

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "setting up $(VENV) (once, about half a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "posrig needs Python 3.11 or newer, found " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || (echo "cannot make a virtual environment: on Debian install python3-venv" && exit 1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# scenarios need no plug-in of Hypothesis: its summary alone takes two seconds to load
SCENARIOS := $(BIN)/pytest features -n $(WORKERS) -q -p no:hypothesispytest

run: setup
	@$(SCENARIOS) --short
	@echo "every requirement was tried; all scenarios with all their rows: make run-all (about a minute)"

run-all: setup
	@$(SCENARIOS)

test: setup
	@$(BIN)/pytest tests -n $(TEST_WORKERS) -q

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis reports/latest reports/runs
