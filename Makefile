# Two commands: `make run` starts the web chat, `make test` runs every check. Both set up what they need, once.
PYTHON ?= python3
# Linux elsewhere than on an index with CPU builds: TORCH_INDEX=https://download.pytorch.org/whl/cpu make run
TORCH_INDEX ?=
export PIP_DISABLE_PIP_VERSION_CHECK = 1
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: run test lint format figures figures-of-chat fit-refusing reading screenshots lock clean

run: .venv/installed
	@$(BIN)/python app.py

test: .venv/installed-dev lint
	@bash tests/system-packages.sh
	@$(BIN)/python -m qa.cli corpus check
	@$(BIN)/python -m qa.cli questions check
	@$(BIN)/python docs/figures/fill.py --check
	@$(EVAL) --gate evaluation/gate.toml
	@$(BIN)/python -m pytest

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/installed-dev
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

# Public sets in BEIR's form are measured where BENCH names the folder that holds them (docs/evaluation.md says which).
BENCH ?=
SETS := $(if $(BENCH),$(notdir $(patsubst %/,%,$(wildcard $(BENCH)/*/))))
MODES := dense,lexical,hybrid
# all.toml, first in the alphabet, is what the others are compared with.
PARTS := $(patsubst %,--settings %,$(sort $(wildcard docs/figures/settings/*.toml)))
# Public sets have neither phrasings nor a lexicon.
PUBLIC_PARTS := $(patsubst %,--settings docs/figures/settings/%.toml,all no-centres no-coverage no-token-power no-window)
EVAL := $(BIN)/python -m qa.cli eval

# A gate that isn't met (exit code 3) is no reason to keep the old figures.
figures: .venv/installed-dev $(SETS:%=figures-of-%)
	@$(BIN)/python docs/figures/measure.py
	@$(EVAL) --mode $(MODES) --output docs/figures/guides > /dev/null || test $$? -eq 3
	@$(EVAL) --split dev $(PARTS) --json > docs/figures/ablation/dev.json
	@$(EVAL) --split test --chosen $(PARTS) --json > docs/figures/ablation/test.json
	@$(BIN)/python docs/figures/left_out.py
	@$(BIN)/python docs/figures/fill.py

figures-of-%: .venv/installed-dev
	@$(EVAL) --dataset $(BENCH)/$* --mode $(MODES) --output docs/figures/$* > /dev/null
	@$(EVAL) --dataset $(BENCH)/$* $(PUBLIC_PARTS) --json > docs/figures/ablation/$*.json
	@$(BIN)/python docs/figures/overlap.py $(BENCH)/$* docs/figures/$*/overlap.json

# What the chat's figures and pictures share with its tests: servers, pages, states.
CHAT := PYTHONPATH=tests:docs/pictures $(BIN)/python

figures-of-chat: .venv/installed-dev
	@$(CHAT) docs/figures/chat.py
	@$(BIN)/python docs/figures/fill.py

fit-refusing: .venv/installed-dev
	@$(BIN)/python docs/figures/fit_refusing.py

reading: .venv/installed-dev
	@$(BIN)/python docs/reading/report.py

screenshots: .venv/installed-dev
	@$(BIN)/python docs/pictures/evaluation.py
	@$(CHAT) docs/pictures/states.py

# Writes the two lists of exact versions anew from pyproject.toml.
lock:
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) torch==2.13.0
	@.venv-lock/bin/python -m pip install --quiet .
	@.venv-lock/bin/python -m pip freeze --exclude kaiyaku-qa --exclude pip --exclude setuptools | sed 's/+cpu$$//' > requirements.txt
	@.venv-lock/bin/python -m pip install --quiet .[dev]
	@.venv-lock/bin/python -m pip freeze --exclude kaiyaku-qa --exclude pip --exclude setuptools | sed 's/+cpu$$//' | grep -vxFf requirements.txt > requirements-dev.txt
	@rm -rf .venv-lock build

clean:
	rm -rf .venv .venv-lock build

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; found $$($(PYTHON) --version). Mend: make PYTHON=python3.11 run"; exit 1; }
	@echo "Setting up .venv (once; some minutes) …"
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	@$(PIP_INSTALL) --requirement requirements.txt
	@$(PIP_INSTALL) --no-deps --editable .
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch $@
