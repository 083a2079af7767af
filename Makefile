# Everything starts here: `make demo` runs it, `make test` tests it. Both set up what they need first.
#
#   TORCH_INDEX_URL   where to get torch from, e.g. PyTorch's index of CPU builds (see the README)
#   PYTHON            the Python to make .venv with (3.11 is what constraints.txt was tested on)
#   ARGS              more arguments for `make demo`, `make dev` and `make test`
#   TEST_PROCESSES    how many processes test at once, each with servers of its own and 2 GB of memory (default 3:
#                     some tests only wait)

SHELL := /bin/bash
PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3 2>/dev/null))
TEST_PROCESSES ?= 3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
TORCH := torch==2.13.0

.PHONY: demo test dev setup lint format bench soak clean
.DEFAULT_GOAL := demo

demo: setup
	$(BIN)/shorts demo $(ARGS)

test: setup
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal $(ARGS)

dev: setup
	$(BIN)/shorts up $(ARGS)

setup: .venv/.installed

# `.unfinished` stands while packages change: an interrupted set-up is thrown away and made anew, never used.
.venv/.installed: pyproject.toml constraints.txt setup.py
	@if [ -e .venv/.unfinished ]; then echo "The last set-up was interrupted: starting again."; rm -rf .venv; fi
	@if [ ! -x $(BIN)/python ]; then rm -rf .venv; \
	  "$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }; \
	  "$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }; fi
	@touch .venv/.unfinished
	$(PIP) install --quiet --no-compile $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL),-c constraints.txt) $(TORCH)
	$(PIP) install --quiet --no-compile -c constraints.txt -e '.[dev,offline-voice]'
	@# On all cores, which pip does not; a file that is no Python of this version is no obstacle.
	@$(BIN)/python -m compileall -q -j 0 -x '/(tests?|sympy|transformers/models)/' .venv/lib >/dev/null || true
	@rm .venv/.unfinished
	@touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# All of them, whichever misses its target: which did is told at the end.
bench: setup
	$(PIP) install --quiet --no-compile -c constraints.txt -e '.[dev,offline-voice,bench]'
	@missed=; for one in bench/*.py; do echo "== $$one"; $(BIN)/python $$one || missed="$$missed $$one"; done; \
	  [ -z "$$missed" ] || { echo "Missed a target:$$missed"; exit 1; }

# The slow tests at their full count.
soak: setup
	$(BIN)/python -m pytest -m soak --timeout=7200 $(ARGS)

# Data, media and credentials lie in .shorts: they stay.
clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find shorts_pipeline shorts_pipeline_tests alembic bench -name __pycache__ -type d -prune -exec rm -rf {} +
