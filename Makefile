# Two commands are all the set-up there is: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CLIENT := .venv-client
CLIENT_READY := $(CLIENT)/.ready

.PHONY: demo test check client docs bench clean
.DEFAULT_GOAL := test

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

demo: $(READY) ## the main job, on an SQLite file
	$(BIN)/sot demo

test: check client ## everything, against memory, SQLite and a real PostgreSQL
	$(BIN)/pytest --numprocesses=2 --dist=loadfile

check: $(READY) ## style, types, layers, generated files
	$(BIN)/ruff format --check src tests tools benchmarks
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/lifecycle_cells.py --check
	$(BIN)/python tools/field_tables.py --check
	$(BIN)/python tools/fix_tables.py --check
	$(BIN)/python tools/http_document.py --check

client: $(CLIENT_READY) ## a generator of clients, apart: it needs other versions than we do

docs: $(READY) ## write the generated parts of the documentation
	$(BIN)/python tools/lifecycle_cells.py
	$(BIN)/python tools/field_tables.py
	$(BIN)/python tools/fix_tables.py
	$(BIN)/python tools/http_document.py

bench: $(READY) ## what things cost, beside the raw driver in the same run
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/over_http.py

clean:
	rm -rf $(VENV) $(CLIENT) .mypy_cache .ruff_cache .pytest_cache .hypothesis
