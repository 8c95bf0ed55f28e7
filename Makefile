# `make demo` and `make test` work on a fresh machine with Python >= 3.11, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Also reaches the build of packages that come as source.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: demo test lint format bench model schemas docs wheel-check clean

demo: $(VENV)/.installed
	$(BIN)/corpus build seeds

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	for name in startup map_stage kernels repair vietnamese languages quality privacy encodings near_duplicates reduces hard_input fingerprints memory diff uploads versions scale workers loading; do $(BIN)/python -m benchmarks.$$name; done

# The shipped line model, from labelled pages that cannot be shipped and those written for it: make model GOLD="dev dev_seedlike"
model: $(VENV)/.installed-dev
	$(BIN)/corpus train $(GOLD) benchmarks/training_pages --name line_model_v1 -o corpus/clean/boilerplate/model/line_model.json

schemas docs: $(VENV)/.installed-dev
	$(BIN)/python -m corpus.schemas schemas
	$(BIN)/python docs/generate.py

# What users get: the wheel in an environment of its own, outside the checkout.
wheel-check: $(VENV)/bin/python
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/pip install --quiet --disable-pip-version-check "$$(ls build/wheel/*.whl)[all]"
	cp -r seeds build/wheel/raw && rm -rf build/wheel/raw/.corpus
	cd build/wheel && venv/bin/corpus build raw && venv/bin/corpus verify dist/vi-news-seeds/vi-news-seeds-0.1.0
	cd build/wheel && venv/bin/python -c 'from importlib.resources import files; assert (files("corpus") / "schemas/recipe.schema.json").is_file()'
	rm -rf build/wheel

clean:
	rm -rf build $(VENV) seeds/.corpus .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Corpus Press needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed
