# Two commands are all the set-up there is: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CLIENT := .venv-client
CLIENT_READY := $(CLIENT)/.ready
CODE := src tests tools benchmarks

.PHONY: help demo test unit check fmt client docs bench campaign versions clean
.DEFAULT_GOAL := test

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev \
		--editable ".[ccxt,chart,cli,fix,http,migrations,postgresql,signing,testing]"
	touch $@

$(CLIENT_READY): constraints-client.txt
	$(PYTHON) -m venv $(CLIENT)
	$(CLIENT)/bin/pip install --quiet --disable-pip-version-check --constraint constraints-client.txt \
		openapi-python-client
	touch $@

demo: $(READY) ## run the main job on an SQLite file
	$(BIN)/sot demo

test: check client ## run everything, against memory, SQLite and a real PostgreSQL
	$(BIN)/pytest --numprocesses=2 --dist=loadfile

unit: $(READY) ## run the domain and application tests on memory, in under a minute
	$(BIN)/pytest --numprocesses=2 --dist=worksteal --stores=memory tests/domain tests/application

check: $(READY) ## check style, types, layers and generated files
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/lifecycle_cells.py --check
	$(BIN)/python tools/field_tables.py --check
	$(BIN)/python tools/fix_tables.py --check
	$(BIN)/python tools/http_document.py --check

fmt: $(READY) ## format the code and sort its imports
	$(BIN)/ruff check --quiet --fix $(CODE)
	$(BIN)/ruff format --quiet $(CODE)

client: $(CLIENT_READY) ## install a generator of API clients, apart: its pins conflict with ours

docs: $(READY) ## write the generated parts of the documentation
	$(BIN)/python tools/lifecycle_cells.py
	$(BIN)/python tools/field_tables.py
	$(BIN)/python tools/fix_tables.py
	$(BIN)/python tools/http_document.py

bench: $(READY) ## measure what things cost, beside the raw driver in the same run
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/over_http.py

campaign: $(READY) ## search for counterexamples: property tests and lockstep, with new examples and more of them
	SOT_HYPOTHESIS_PROFILE=explore $(BIN)/pytest --numprocesses=2 --dist=worksteal --timeout=0 \
		tests/domain tests/application/accounting tests/contract/test_lockstep.py

versions: ## run the tests of `unit` under every other Python, from 3.12 to 3.14, that is installed
	$(PYTHON) tools/other_pythons.py

clean:
	rm -rf $(VENV) $(CLIENT) .venv-3.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
