# Everyday commands. `make` alone lists them.

TESTS ?= tests
# Tests wait for processes and for the browser a third of their time: one worker more than the two cores of a small machine.
WORKERS ?= 3
# The W3C suites, where they stand beside the checkout; their tests say that they are skipped elsewhere.
export MAILLAGE_SHACL_SUITE ?= $(abspath $(wildcard ../shared/suites/w3c-shacl/tests))
export MAILLAGE_SPARQL_SUITE ?= $(abspath $(wildcard ../shared/suites/w3c-sparql/sparql))

# Compiled modules are kept, also where the environment forbids it: else each process of a service compiles the whole package anew.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# A port given to make, or set, is the one in the data's own addresses too, unless MAILLAGE_BASE_IRI says otherwise.
SERVED := $(or $(PORT),$(MAILLAGE_PORT))
ifneq ($(SERVED),)
run: export MAILLAGE_PORT := $(SERVED)
run: export MAILLAGE_BASE_IRI := $(or $(MAILLAGE_BASE_IRI),http://localhost:$(SERVED)/)
endif

.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports format bench screenshots wheel clean browser

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Start the service: make run PORT=8000 (MAILLAGE_… settings are honoured)
	@exec $(BIN)/maillage serve

test: $(VENV)/.dev browser ## Run the tests: make test TESTS=tests/cli
	@PYTEST_DEBUG_TEMPROOT=$$(.ci/scratch) $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: lint types imports test ## All that continuous integration runs: lint, types, import layers, tests

lint: $(VENV)/.dev ## Style of the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Static types
	@$(BIN)/mypy

imports: $(VENV)/.dev ## Which module may import which
	@$(BIN)/lint-imports

format: $(VENV)/.dev ## Lay the code out and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure the write cycle (minutes; not part of make check)
	@$(BIN)/python -m tests.bench.write_cycle $(ARGS)

screenshots: $(VENV)/.dev browser ## Take the README's pictures of the pages
	@$(BIN)/python -m tests.browser.screenshots

wheel: $(VENV)/.dev ## Build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

clean: ## Delete what was built and installed here, not the data
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

browser:
	@.ci/browser

$(VENV)/.run: pyproject.toml
	@.ci/venv $(VENV)
	@echo "Installing Maillage into $(VENV)…"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	@.ci/venv $(VENV)
	@echo "Installing Maillage and its tools into $(VENV)…"
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.run
