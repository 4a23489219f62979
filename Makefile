# make demo and make test do all set-up: an own .venv, packages from PyPI only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test fuzz torture sbom lint docs clean

demo: $(STAMP)
	$(BIN)/teamshape demo -o runs/demo

test: $(STAMP) lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

fuzz: $(STAMP)
	$(BIN)/python tests/fuzz/campaign.py $(or $(N),100) $(or $(SEED),0) $(KINDS)

torture: $(STAMP)
	$(BIN)/python tests/fuzz/torture.py $(or $(N),9) $(NAMES)

sbom: $(STAMP)
	$(BIN)/python scripts/write_sbom.py build/sbom.json

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python scripts/write_reference.py
	$(BIN)/mkdocs build --strict

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .hypothesis .import_linter_cache
