# The plain pip way to each of these is in README.md, for machines without make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help report test lab bench docs
help:
	@echo "make report  dashboards of invented data, in reports/index.html"
	@echo "make test    all tests and checks"
	@echo "make lab     JupyterLab in notebooks/"
	@echo "make bench   measure, and write docs/benchmarks.md"
	@echo "make docs    write docs/operations.md from the catalogue"

report: $(VENV)/.installed
	$(BIN)/spoki-analytics report usage credit campaigns --demo

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb
	$(BIN)/python -m pytest

lab: $(VENV)/.installed-lab
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks --write

docs: $(VENV)/.installed
	$(BIN)/python docs/write_operations.py

# One stamp for each set of dependencies: installed again only when pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-%: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[$*]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
