# Two commands are all the set-up there is: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CLIENT := .venv-client
CLIENT_READY := $(CLIENT)/.ready
BROWSER := .venv-browser
BROWSER_READY := $(BROWSER)/.ready
LOWEST := .venv-lowest
LOWEST_READY := $(LOWEST)/.ready
SQLALCHEMY20 := .venv-sqlalchemy20
SQLALCHEMY20_READY := $(SQLALCHEMY20)/.ready
MUTATION := .venv-mutation
MUTATION_READY := $(MUTATION)/.ready
COMPILED := .venv-compiled
COMPILED_READY := $(COMPILED)/.ready
PEERS := .venv-peers
PEERS_READY := $(PEERS)/.ready
SUPPLY := .venv-supply
SUPPLY_READY := $(SUPPLY)/.ready
CODE := src tests tools benchmarks
# Nothing is installed whose hash is not in requirements/; the library itself is built with what is installed then.
PIP_INSTALL := pip install --quiet --disable-pip-version-check
LOCKED := $(PIP_INSTALL) --require-hashes --requirement requirements
EDITABLE := $(PIP_INSTALL) --no-deps --no-build-isolation --editable .

.PHONY: help demo test unit check fmt client browser screenshots docs site bench bench-peers curves dist compiled campaign versions mutants mutants-vectors mutation lowest sqlalchemy20 lock audit clean
.DEFAULT_GOAL := test

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(LOCKED)/dev.txt
	$(BIN)/$(EDITABLE)
	touch $@

$(CLIENT_READY): requirements/client.txt
	$(PYTHON) -m venv $(CLIENT)
	$(CLIENT)/bin/$(LOCKED)/client.txt
	touch $@

# It says why there is none, and succeeds: the tests in a browser are skipped then. `make browser` tries again.
$(BROWSER_READY): $(READY) tools/browser.py $(wildcard requirements/browser/*.json)
	$(BIN)/python tools/browser.py

$(LOWEST_READY): pyproject.toml requirements/lowest.txt
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/$(LOCKED)/lowest.txt
	$(LOWEST)/bin/$(EDITABLE)
	touch $@

$(SQLALCHEMY20_READY): pyproject.toml requirements/sqlalchemy20.txt
	$(PYTHON) -m venv --clear $(SQLALCHEMY20)
	$(SQLALCHEMY20)/bin/$(LOCKED)/sqlalchemy20.txt
	$(SQLALCHEMY20)/bin/$(EDITABLE)
	touch $@

$(MUTATION_READY): pyproject.toml requirements/mutation.txt
	$(PYTHON) -m venv $(MUTATION)
	$(MUTATION)/bin/$(LOCKED)/mutation.txt
	touch $@

$(COMPILED_READY): pyproject.toml requirements/compiled.txt
	$(PYTHON) -m venv --clear $(COMPILED)
	$(COMPILED)/bin/$(LOCKED)/compiled.txt
	touch $@

$(PEERS_READY): pyproject.toml requirements/peers.txt
	$(PYTHON) -m venv --clear $(PEERS)
	$(PEERS)/bin/$(LOCKED)/peers.txt
	$(PEERS)/bin/$(EDITABLE)
	touch $@

$(SUPPLY_READY): requirements/supply.txt
	$(PYTHON) -m venv $(SUPPLY)
	$(SUPPLY)/bin/$(LOCKED)/supply.txt
	touch $@

demo: $(READY) ## run the main job on an SQLite file
	$(BIN)/sot demo

test: check client browser site ## run everything, against memory, SQLite and a real PostgreSQL
	$(BIN)/pytest --numprocesses=2 --dist=loadfile
	$(MAKE) sqlalchemy20

unit: $(READY) ## run the domain and application tests on memory, in under a minute
	$(BIN)/pytest --numprocesses=2 --dist=worksteal --stores=memory tests/domain tests/application

check: $(READY) ## check style, types, layers and generated files
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/lifecycle_cells.py --check
	$(BIN)/python tools/vector_schema.py --check
	$(BIN)/python tools/field_tables.py --check
	$(BIN)/python tools/fix_tables.py --check
	$(BIN)/python tools/http_document.py --check
	$(BIN)/python tools/command_line_page.py --check
	$(BIN)/python tools/lifecycle_picture.py --check
	$(BIN)/python tools/report_picture.py --check

fmt: $(READY) ## format the code and sort its imports
	$(BIN)/ruff check --quiet --fix $(CODE)
	$(BIN)/ruff format --quiet $(CODE)

client: $(CLIENT_READY) ## install a generator of API clients, apart: its pins conflict with ours

browser: $(BROWSER_READY) ## install the Chromium with which the tests look at the page, from the package indices

screenshots: $(READY) browser ## write the pictures of the page in docs/pictures/page
	$(BIN)/python tools/screenshots.py

site: $(READY) ## build the documentation in build/site, for a browser, and check its links
	$(BIN)/python tools/site/build.py

docs: $(READY) ## write the generated parts of the documentation, then build it as `site` does
	$(BIN)/python tools/lifecycle_cells.py
	$(BIN)/python tools/vector_schema.py
	$(BIN)/python tools/field_tables.py
	$(BIN)/python tools/fix_tables.py
	$(BIN)/python tools/http_document.py
	$(BIN)/python tools/command_line_page.py
	$(BIN)/python tools/lifecycle_picture.py
	$(BIN)/python tools/report_picture.py
	$(MAKE) site

bench: $(READY) ## measure what things cost, beside the raw driver in the same run
	$(BIN)/python benchmarks/bench.py
	PYTHONPATH=. $(BIN)/python benchmarks/stores.py
	PYTHONPATH=. $(BIN)/python benchmarks/bulk.py
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/over_http.py
	$(BIN)/python benchmarks/accounts.py

curves: $(READY) ## draw what an order costs where up to a million are kept; it takes a quarter of an hour
	PYTHONPATH=. $(BIN)/python benchmarks/curves.py

bench-peers: $(PEERS_READY) ## measure filled orders beside NautilusTrader, eventsourcing and freqtrade's models
	$(PEERS)/bin/python benchmarks/peers.py

dist: $(READY) ## build what is published, in dist/; `make test` installs it in an environment without ours
	$(BIN)/python -m build --no-isolation

# The wheel is built from the source distribution, in a directory of its own: nothing compiled is left in src/.
compiled: $(READY) $(COMPILED_READY) ## build a wheel with compiled modules, in dist/compiled/, and run the tests of `unit` on it
	rm -rf dist/compiled
	$(BIN)/python -m build --no-isolation --sdist --outdir dist/compiled
	$(COMPILED)/bin/python tools/compiled_wheel.py dist/compiled
	$(COMPILED)/bin/python -m pip uninstall --quiet --yes sot-orders
	$(COMPILED)/bin/$(PIP_INSTALL) --no-deps --no-index dist/compiled/*.whl
	$(COMPILED)/bin/python tools/compiled_wheel.py --check
	$(COMPILED)/bin/python -m pytest --numprocesses=2 --dist=worksteal -p no:cacheprovider --stores=memory \
		tests/domain tests/application

MINUTES ?= 30
campaign: $(READY) ## look for violations of the promises: `make campaign MINUTES=n`, [SEED=s] [JOBS=2] [REPORT=file]
	$(BIN)/python tools/campaign.py --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(if $(JOBS),--jobs $(JOBS)) \
		$(if $(REPORT),--report $(REPORT)) $(CAMPAIGNS)

versions: ## run the tests of `unit` under every other Python, from 3.12 to 3.14, that is installed
	$(PYTHON) tools/other_pythons.py

mutants: $(READY) ## plant faults in a copy of the library, each of which the tests of its promise must notice
	$(BIN)/python tools/mutants.py

mutants-vectors: $(READY) ## plant wrong rules in the library, and count those that the vectors alone notice
	$(BIN)/python tools/vector_mutants.py

mutation: $(MUTATION_READY) ## change the domain in every small way, and count the changes that the tests notice
	$(MUTATION)/bin/python tools/mutation.py

# Old versions call what newer versions of their own dependencies deprecate.
lowest: $(LOWEST_READY) ## run the tests of stores and extras at the lowest versions that pyproject.toml allows
	$(LOWEST)/bin/python -m pytest --numprocesses=2 --dist=loadfile -p no:cacheprovider \
		-W default::DeprecationWarning -W default::PendingDeprecationWarning tests/contract/test_stores.py \
		tests/domain tests/adapters/memory tests/adapters/sqlalchemy tests/adapters/fix tests/adapters/rates \
		tests/adapters/signing tests/adapters/opentelemetry/test_observer.py tests/adapters/ccxt/test_venue.py \
		tests/entrypoints/test_cli_serve.py tests/entrypoints/test_cli_demo.py tests/entrypoints/test_cli_seal.py

# Our own tests of the adapter, and the frameworks that need SQLAlchemy 2.0.
sqlalchemy20: $(SQLALCHEMY20_READY) ## run the tests of stores, and of frameworks around them, with SQLAlchemy 2.0
	SOT_HYPOTHESIS_PROFILE=short $(SQLALCHEMY20)/bin/python -m pytest --numprocesses=2 --dist=loadfile \
		-p no:cacheprovider --stores=sqlite,postgresql tests/adapters/sqlalchemy tests/contract/test_stores.py \
		tests/contract/test_lockstep.py tests/aio $(wildcard tests/hosts)

lock: ## write the locked versions in requirements/ anew; `make lock UPGRADE=--upgrade` takes the latest ones
	test -x $(SUPPLY)/bin/uv || $(MAKE) $(SUPPLY_READY)
	$(SUPPLY)/bin/python tools/lock.py $(UPGRADE)

audit: $(SUPPLY_READY) ## look up the locked versions among known vulnerabilities
	for name in dev client supply sqlalchemy20 mutation server build compiled; do \
		$(SUPPLY)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements/$$name.txt || exit 1; \
	done

clean:
	rm -rf dist $(VENV) $(CLIENT) $(BROWSER) $(LOWEST) $(SQLALCHEMY20) $(COMPILED) $(MUTATION) $(SUPPLY) mutants .venv-3.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
