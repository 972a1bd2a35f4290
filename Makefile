# The plain pip way to each of these is in CONTRIBUTING.md, for machines without make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
NOX = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nox

.PHONY: help report test prove lab bench docs lock
help:
	@echo "make report  dashboards of invented data, in reports/demo/index.html"
	@echo "make test    all tests and checks (noxfile.py)"
	@echo "make prove   the same tests with large numbers, which take long"
	@echo "make lab     JupyterLab in notebooks/"
	@echo "make bench   measure, and write docs/benchmarks.md"
	@echo "make docs    write docs/operations.md and the tables of docs/loading.md"
	@echo "make lock    write uv.lock and pylock.toml from pyproject.toml"

report: $(VENV)/.installed
	$(BIN)/spoki-analytics report usage credit campaigns --demo

test: $(VENV)/.installed-dev
	$(NOX)

prove: $(VENV)/.installed-dev
	$(NOX) --session prove

lab: $(VENV)/.installed-lab
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks --write

docs: $(VENV)/.installed
	$(BIN)/python docs/write_pages.py

lock:
	uv lock
	uv export --quiet --all-extras --no-emit-project --format pylock.toml --output-file pylock.toml

# One stamp for each set of dependencies: installed again only when pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-lab: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[lab]'
	@touch $@

# Dependency groups need pip 25.1; a new environment of an older Python starts with an older one.
$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --upgrade 'pip>=25.1'
	$(PIP) --editable '.[lab,xlsx]' --group dev
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
