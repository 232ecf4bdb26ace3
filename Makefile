# Everything a newcomer needs. `make` alone lists it.
PYTHON ?= python3
PORT ?= 8000
ROWS ?= 1000000
SIZES ?= 10000,100000,1000000
VENV := .venv
RUN := $(VENV)/bin/python
LOCK := uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --quiet \
	--custom-compile-command "make lock"

.PHONY: help install install-dev demo demo-reset dev test lint long faults drill scaling soak bench lock
.DEFAULT_GOAL := help

help:
	@echo "make install     make $(VENV) and install what Imprimatur runs on"
	@echo "make demo        run the demo on http://127.0.0.1:$(PORT)/ (PORT=8001 for another port)"
	@echo "make demo-reset  delete the demo's data"
	@echo "make dev         run it on throwaway PostgreSQL and Redis, with two workers and two beats"
	@echo "make test        run all tests: first on SQLite, then all on PostgreSQL and Redis"
	@echo "make lint        check style, imports, types, migrations and the project's own rules"
	@echo "make long        run what takes too long for make test"
	@echo "make faults      kill -9 whatever runs a thousand times under load, and count what came of it"
	@echo "make drill       back up under load, lose everything, restore on fresh servers, and mail nothing twice"
	@echo "make scaling     run it behind nginx and PgBouncer with a replica, and take pages off the site under load"
	@echo "make soak        an hour of readers, editors, signatures and reminders: nothing may grow or fail"
	@echo "make bench       print the figures of docs/performance.md; an hour, 80 GB (SIZES=10000,100000: half, 8 GB)"
	@echo "make lock        pin requirements.in and requirements-dev.in afresh (needs uv)"

install: $(VENV)/.installed
	@echo "$(VENV) is ready."

install-dev: $(VENV)/.installed-dev
	@echo "$(VENV) is ready for tests and checks."

$(VENV)/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "$(PYTHON) wasn't found. Install Python 3.11 or later, or name it: make $(or $(MAKECMDGOALS),install) PYTHON=…"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$("$(PYTHON)" -V 2>&1); Imprimatur needs Python 3.11 or later. Name one: make $(or $(MAKECMDGOALS),install) PYTHON=python3.11"; exit 1; }
	@echo "Making the virtual environment $(VENV) with $$("$(PYTHON)" -V) …"
	@"$(PYTHON)" -m venv --clear $(VENV) || { \
		rm -rf $(VENV); echo "The environment couldn't be made. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing the $$(grep -c '^[a-z].*==' requirements.txt) locked packages into $(VENV), about 20 seconds …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing the $$(grep -c '^[a-z].*==' requirements-dev.txt) locked packages for tests and checks into $(VENV) …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.installed $@

demo: install
	@PORT="$(PORT)" $(RUN) -B -m config.demo

demo-reset: install
	@$(RUN) -B -m config.demo --reset

dev: install-dev
	@PORT="$(PORT)" $(RUN) -B -m config.dev

test: install-dev
	@echo "Tests, 1 of 2: the marked subset on a SQLite file …"
	@$(RUN) -m pytest --sqlite -m "sqlite and not long" -n logical -q
	@echo "Tests, 2 of 2: all of them on PostgreSQL and Redis …"
	@$(RUN) -m pytest -n logical --durations=25

lint: install-dev
	@echo "Style (ruff) …"
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@echo "Import law (import-linter) …"
	@$(VENV)/bin/lint-imports --no-logo
	@echo "Types of the pure modules (mypy) …"
	@$(RUN) -m mypy $$($(RUN) -m config.lint_rules --pure)
	@echo "Migrations …"
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		IMPRIMATUR_ENV=test DATABASE_URL="sqlite://$$folder/db" $(RUN) manage.py makemigrations --check --dry-run
	@echo "The project's own rules …"
	@$(RUN) -m config.lint_rules

long: install-dev
	@echo "The long tests: 2,000 random walks through every verb, 12,000 races, and more; an hour or two on two cores …"
	@$(RUN) -m pytest -m long -n logical --dist worksteal -v -rP
	@echo "10,000 generated manuscripts, half of them through each format …"
	@$(RUN) -m tests.load.intake_fuzz

faults: install-dev
	@echo "A thousand kills of workers, beats, Redis and PostgreSQL under load; about an hour on two cores …"
	@$(RUN) -m tests.faults.kills --kills 1000
	@echo "Two groups of workers, one stopped past its leases and woken, 20 times …"
	@$(RUN) -m tests.faults.stopped --stops 20
	@echo "How long an overdue reminder takes to leave, and after total loss of Redis …"
	@$(RUN) -m tests.faults.punctual --times 5

drill: install-dev
	@echo "Backup under load, disaster, restore on fresh servers; about three minutes on two cores …"
	@$(RUN) -m tests.faults.drill --note docs/drill.md

scaling: install-dev
	@$(RUN) -m tests.load.scaling

soak: install-dev
	@$(RUN) -m tests.load.soak

bench: install-dev
	@$(RUN) -m tests.load.reminders --rows $(ROWS)
	@echo "The audit chain, verified at 10,000, 100,000 and 1,000,000 events …"
	@$(RUN) -m tests.load.verify_chain --events $(ROWS)
	@echo "What noting each change costs the heaviest verbs …"
	@$(RUN) -m tests.load.capture_cost
	@echo "What the heaviest verbs ask and cost …"
	@$(RUN) -m tests.load.verbs
	@echo "What it costs to serve a page, beside nginx, Django and one SELECT …"
	@$(RUN) -m tests.load.serving
	@echo "Importing 10,000 manuscripts …"
	@$(RUN) -m tests.load.intake
	@echo "Pages and verbs among $(SIZES) articles, as far as the disk goes …"
	@$(RUN) -m tests.load.growth --sizes $(SIZES)

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv, which wasn't found: https://docs.astral.sh/uv/ says how to install it."; exit 1; }
	@echo "Pinning requirements.in …"
	@$(LOCK) requirements.in -o requirements.txt
	@echo "Pinning requirements-dev.in, with the same versions …"
	@$(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt
