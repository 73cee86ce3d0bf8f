# make run: set up, run the scenarios on the simulated rig (one for each requirement and language), leave the report;
# then those of the two small labs, whose terminals are other makes. The exit code is the worst of the three.
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
SCENARIOS := $(BIN)/pytest -q -p no:hypothesispytest
LABS := labs/counter labs/esign
# after the first run, its code in $$code: the labs, save after Ctrl-C; then the worst code (posrig/ground/faults.py, worst)
THEN_LABS = codes=$$code; \
	for lab in $(LABS); do \
	    [ $$code = 2 ] && break; \
	    echo; echo "$$lab:"; $(SCENARIOS) $$lab; code=$$?; codes="$$codes $$code"; \
	done; \
	for worst in 6 2 1 3 4 5; do case " $$codes " in *" $$worst "*) exit $$worst ;; esac; done; \
	for code in $$codes; do [ $$code = 0 ] || exit $$code; done

run: setup
	@$(SCENARIOS) features -n $(WORKERS) --short; code=$$?; $(THEN_LABS)
	@echo "every requirement was tried; all scenarios with all their rows: make run-all (about a minute)"

run-all: setup
	@$(SCENARIOS) features -n $(WORKERS); code=$$?; $(THEN_LABS)

test: setup
	@$(BIN)/pytest tests -n $(TEST_WORKERS) -q

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis reports/latest reports/runs
