# Malmoi. `make` lists the targets; README.md says what they do.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run ui test lint fuzz chaos screenshots stack stack-down stack-test bench ablation lock clean

PYTHON3 ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv/bin
RECIPE ?= demo
PORT ?= 8080
JOBS ?= 2
export PYTHONPATH := $(CURDIR)/spark_jobs:$(CURDIR)/plugins

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv from the lock files, find or install Java (nothing to do the second time)
	@$(if $(PYTHON3),,echo "setup: error: no Python found; Malmoi needs Python 3.11" >&2; exit 1;) \
	"$(PYTHON3)" -c 'import sys; v = sys.version_info[:2]; sys.exit(v != (3, 11) and f"setup: error: Malmoi needs Python 3.11, $(PYTHON3) is {v[0]}.{v[1]}; give one with PYTHON3=")'
	@"$(PYTHON3)" scripts/setup.py

run: setup ## one night, end to end: INPUT=folder-or-file DAY=YYYY-MM-DD RECIPE=demo
	@$(VENV)/python -m malmoi_airflow.local run --recipe "$(RECIPE)" $(if $(INPUT),--input "$(INPUT)") $(if $(DAY),--day "$(DAY)")

ui: setup ## Airflow with its UI on 127.0.0.1:8080 (PORT=), until Ctrl-C
	@$(VENV)/python -m malmoi_airflow.local ui --port $(PORT)

test: setup ## all tests but the compose stack; JOBS= files at a time, ARGS= goes to pytest
	@$(VENV)/python -m pytest -m "not stack" -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup ## ruff, formatting and types
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy spark_jobs/malmoi plugins/malmoi_airflow

fuzz: setup ## the fuzz and property tests in their long form
	@MALMOI_FUZZ_PAGES=10000 MALMOI_FUZZ_STRINGS=1000000 $(VENV)/python -m pytest -m "not stack" -k "property or fuzz" $(ARGS)

chaos: setup ## random kills over two nights: KILLS=100 SEED=1 PER_NIGHT=1; every release must stay the same
	@$(VENV)/python -m tests.chaos --kills $(or $(KILLS),100) --seed $(or $(SEED),1) --per-night $(or $(PER_NIGHT),1)

screenshots: setup ## the pictures of README and docs, anew (needs Chromium)
	@$(VENV)/python -m tests.browser.screenshots docs/img

stack: ## the compose stack: PostgreSQL, Airflow, Spark master and workers, history server
	@scripts/stack up

stack-down: ## stop the compose stack; VOLUMES=1 also removes its data
	@scripts/stack down $(if $(VOLUMES),--volumes)

stack-test: setup ## the tests of the compose stack: build, start, a night, kills, take down (needs Docker, 8 GB)
	@$(VENV)/python -m pytest -m stack tests/stack $(ARGS)

bench: setup ## speed, side by side: INPUT=folder-of-warc PATTERN='*.warc.gz' PEER=script ARGS="--only night,plain"
	@$(if $(INPUT),,echo "bench: error: give INPUT=, a folder of .warc.gz files" >&2; exit 3;) \
	$(VENV)/python benchmarks/bench.py "$(INPUT)" $(if $(PATTERN),--pattern '$(PATTERN)') $(if $(PEER),--peer "$(PEER)") $(ARGS)

ablation: setup ## does cleaning help? INPUT=folder-of-warc CURATED="held-out.jsonl ..." (none: the sample, as a demonstration)
	@nice $(VENV)/python benchmarks/ablation.py $(if $(INPUT),--input "$(INPUT)") $(if $(CURATED),--curated $(CURATED)) $(ARGS)

lock: ## write requirements/*.lock anew from requirements/*.in
	@requirements/compile.sh

clean: ## remove the lake, Airflow's database and logs, and caches; .venv stays
	@rm -rf .malmoi .pytest_cache .ruff_cache .mypy_cache .hypothesis spark-warehouse metastore_db derby.log
