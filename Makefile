# One screen of tasks. `make run` and `make test` set up what they need on a fresh machine.
PYTHON ?= python3
PORT ?= 8050
HOST ?= 127.0.0.1
BIN := .venv/bin

.PHONY: run test lint fix store bench docs clean

run: .venv/.run  ## set up, build the store, serve the dashboard
	@$(BIN)/bilateral build
	@HOST=$(HOST) PORT=$(PORT) $(BIN)/bilateral serve

test: .venv/.dev  ## set up and run every test
	@sh scripts/browser.sh || true
	@$(BIN)/pytest -n 2 --dist loadfile

lint: .venv/.dev  ## style, types, layers, freshness of generated docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check

fix: .venv/.dev  ## format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: .venv/.dev  ## write docs/cli.md and docs/tables.md anew
	@$(BIN)/python docs/generate.py

store: .venv/.run  ## build the store although nothing changed
	@$(BIN)/bilateral build --force

bench: .venv/.dev  ## every number the README states, measured again
	@$(BIN)/python -m benchmarks

clean:
	rm -rf .venv datasets/store

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Bilateral needs Python 3.11 or newer, which $(PYTHON) is not: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "python3-venv is missing: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo ".venv could not be made, see above."; exit 1; }

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	@echo "installing what Bilateral needs (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || { echo "The packages in requirements.lock could not be installed, see above; with a network, run it again."; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
