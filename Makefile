# One word each: run, test, check, lint, types, docs, bench, coverage.  `make help` says what they do.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2

BIN := $(VENV)/bin
# The stamps name the Python they were installed with, so that another PYTHON makes the environment anew.
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
RUNTIME := $(VENV)/.runtime-$(VERSION)
DEVELOPMENT := $(VENV)/.development-$(VERSION)
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# PORT, HOST, DATABASE_URL and DEMO, given before or after `make run`, reach the service through the environment.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test check lint format types docs bench coverage clean

help: ## say what each word does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(RUNTIME) ## install, create or upgrade the database, start the web server and the scheduler
	@$(FLASK) db upgrade
	@$(FLASK) demo first-start
	@exec $(FLASK) serve

install: $(DEVELOPMENT) ## install what developers need

$(RUNTIME): requirements.txt
	@test "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$(VERSION)" \
		|| $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the requirements into $(VENV); this takes a minute or two, once."
	@$(PIP) install -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements-oracles.txt $(RUNTIME)
	@echo "Installing the developers' tools into $(VENV)."
	@$(PIP) install -r requirements-dev.txt
	@touch $@

test: $(DEVELOPMENT) ## run the whole test suite
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: lint types test ## what CI runs: lint, types, contracts, tests

lint: $(DEVELOPMENT) ## style, clock bans, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint evaluator --lint --quiet

format: $(DEVELOPMENT) ## put the source in its one form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

types: $(DEVELOPMENT) ## check the types
	$(BIN)/mypy

docs: $(DEVELOPMENT) ## write the generated pages of docs/
	$(FLASK) docs

bench: $(DEVELOPMENT) ## measure; a table with medians and ratios
	$(BIN)/python -m bench $(ARGS)

coverage: $(DEVELOPMENT) ## run the tests and say which branches they never took
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term-missing:skip-covered $(ARGS)

clean: ## remove what can be made again, but not the data in instance/
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage htmlcov
