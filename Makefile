# `make` or `make help` lists the verbs. Everything runs inside .venv, which `make build`
# makes; nothing needs an edit or an account, except what goes to the real BigQuery.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RAW := $(or $(FOOTFALL_RAW),demo/data/raw)
INSTALLED := $(VENV)/.installed
INSTALLED_FOR_TESTS := $(VENV)/.installed-for-tests
INSTALLED_FOR_REPORT := $(VENV)/.installed-for-report
# Who names raw tables of their own needs no demo data to build.
DEMO_DATA := demo/data/raw/events
BUILT_FROM := $(if $(FOOTFALL_RAW),,$(DEMO_DATA))

.PHONY: help
help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
		| awk -F ':.*## ' '{ printf "  make %-15s %s\n", $$1, $$2 }'

.PHONY: build
build: $(INSTALLED) profiles.yml $(BUILT_FROM) ## Make the environment, every table and, without FOOTFALL_RAW, the demo data
	$(BIN)/dbt build --exclude-resource-type unit_test

.PHONY: test
test: $(INSTALLED_FOR_TESTS) $(DEMO_DATA) ## Run every test, on DuckDB and on the BigQuery emulator
	$(BIN)/pytest -n 2

.PHONY: soak
soak: $(INSTALLED_FOR_TESTS) ## Compare increments with full refreshes on WORLDS=600 random worlds
	FOOTFALL_SOAK=$(or $(WORLDS),600) $(BIN)/pytest -q tests/python/test_increments.py

.PHONY: lint
lint: $(INSTALLED_FOR_TESTS) profiles.yml $(DEMO_DATA) ## Check the style of SQL and YAML, the workflows, and BigQuery's reading of the project
	mkdir -p target
	rm -f target/lint.duckdb
	$(LINTED) $(BIN)/dbt build --quiet --empty --exclude-resource-type unit_test test
	$(LINTED) $(BIN)/sqlfluff lint models tests analyses 2> target/lint.log \
		|| { cat target/lint.log; exit 1; }
	! grep -A 5 'Skipped file' target/lint.log
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/zizmor --offline --no-progress --config .github/zizmor.yml .github/workflows
	$(BIN)/dbt parse --no-partial-parse --target bigquery --target-path target/bigquery \
		--warn-error-options '{"error": ["Deprecations"]}'

# Some models ask the tables of the last run what to read; without any, sqlfluff would pass
# over them.
LINTED := FOOTFALL_DB=target/lint.duckdb

.PHONY: report
report: $(INSTALLED_FOR_REPORT) profiles.yml ## Write the report, one HTML file: TARGET=bigquery for the marts there
	$(BIN)/python -m report $(if $(TARGET),--target $(TARGET))

.PHONY: docs
docs: $(INSTALLED) profiles.yml $(BUILT_FROM) ## Write the documentation site into target/
	$(BIN)/dbt docs generate --static

.PHONY: docs-serve
docs-serve: docs ## Show the documentation at http://localhost:8080
	$(BIN)/dbt docs serve --port 8080

.PHONY: demo
demo: $(INSTALLED) ## Make the demo data anew: EVENTS=1000000 for more than 100,000 events
	$(BIN)/python -m demo $(if $(EVENTS),--events $(EVENTS))

.PHONY: demo-exports
demo-exports: $(INSTALLED) $(DEMO_DATA) ## Write the demo as each tracker exports it
	$(BIN)/python -m demo.exports all

.PHONY: bench
bench: $(INSTALLED) profiles.yml ## Measure builds of a year of events: EVENTS=1000000 for fewer than 10 million
	$(BIN)/python -m benchmarks $(if $(EVENTS),--events $(EVENTS))

.PHONY: emulator
emulator: $(INSTALLED_FOR_TESTS) ## Run the BigQuery emulator until Ctrl-C
	$(BIN)/python -m bigquery.emulator

.PHONY: load-emulator
load-emulator: $(INSTALLED) $(BUILT_FROM) ## Load the raw folder into the running emulator
	$(BIN)/python -m bigquery.load $(RAW) --emulator --replace

.PHONY: load-bigquery
load-bigquery: $(INSTALLED) $(BUILT_FROM) ## Load the raw folder into the project FOOTFALL_PROJECT
	$(BIN)/python -m bigquery.load $(RAW)

.PHONY: cost
cost: $(INSTALLED_FOR_TESTS) ## Write docs/cost.md anew: what a day costs on BigQuery
	$(BIN)/python -m bigquery.cost_page

.PHONY: bots
bots: $(INSTALLED_FOR_TESTS) ## Write the list of crawlers anew from the package crawler-user-agents
	$(BIN)/python -m bots

.PHONY: lock
lock: pyproject.toml $(INSTALLED) ## Pin the requirements anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra test -o requirements-test.txt $(LOCK_OPTIONS)
	$(BIN)/uv pip compile pyproject.toml -c requirements-test.txt -o requirements.txt $(LOCK_OPTIONS)
	$(BIN)/uv pip compile pyproject.toml --extra report -c requirements-test.txt -o requirements-report.txt $(LOCK_OPTIONS)

LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: clean
clean: ## Remove what was built; the environment and the demo data stay
	rm -rf target target-* logs dbt_packages .pytest_cache .hypothesis
	rm -f footfall.duckdb footfall.duckdb.wal

.PHONY: clean-all
clean-all: clean ## Remove the environment, the demo data and profiles.yml too
	rm -rf $(VENV) demo/data profiles.yml

$(BIN)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Footfall needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

# Compiled here once, and not at each start of dbt where Python may not keep what it compiles.
$(INSTALLED): requirements.txt | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --requirement requirements.txt
	touch $@

$(INSTALLED_FOR_TESTS): requirements-test.txt $(INSTALLED)
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --requirement requirements-test.txt
	touch $@

$(INSTALLED_FOR_REPORT): requirements-report.txt $(INSTALLED)
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --requirement requirements-report.txt
	touch $@

profiles.yml:
	cp profiles.example.yml profiles.yml

$(DEMO_DATA): | $(INSTALLED)
	$(BIN)/python -m demo
