# The only interface to the tools: people, hooks and CI call these targets.
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
SHELL := /bin/sh

.PHONY: help setup run test check format lint types imports js prepare test-units test-model test-bot test-browser test-system rivals requirements clean

help:            ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:           ## make both environments and nothing else
	@scripts/setup.sh

run: setup       ## set up what is missing, then run everything until Ctrl-C
	@exec .venv/bin/baton up

test: setup check ## everything CI checks
	@echo "all checks passed"

check: lint types imports js prepare test-units test-model test-bot test-browser test-system

format:          ## rewrite the sources in house style
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lint:            ## style and common faults
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

types:           ## static types
	$(PY) -m mypy

imports:         ## who may import whom
	.venv/bin/lint-imports

node_modules: package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	@touch node_modules

js: node_modules ## front end: format, lint, types, tests
	npm run --silent check

prepare:         ## embedding model, index and Rasa model in var/, which the tests share
	.venv/bin/baton model export bundled
	.venv/bin/baton kb build --no-check
	.venv/bin/baton train

test-units:      ## everything that needs neither a model nor a browser
	$(PYTEST) -n 2 --durations=10 -m "not model and not browser and not system"

test-model:      ## retrieval and actions on the real embedding model
	$(PYTEST) -m "model and not browser and not system" --ignore=tests/bot

test-bot:        ## Rasa: data, stories, channel, traps
	$(PYTEST) -m "model and not browser and not system" tests/bot

test-browser:    ## widget, console and demo in Chromium
	$(PYTEST) -m "browser and not system"

test-system:     ## whole journeys and faults against everything running
	$(PYTEST) -m system

rivals:          ## make .venv-bench: what `baton bench relay` and `baton bench sockets` measure beside Baton
	@scripts/setup.sh rivals

requirements:    ## pin the newest versions that fit (needs uv)
	uv pip compile -q --no-header --no-emit-find-links --upgrade --python-version 3.11 requirements/services.in -o requirements/services.txt
	uv pip compile -q --no-header --no-emit-find-links --upgrade --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	uv pip compile -q --no-header --no-emit-find-links --upgrade --python-version 3.10 requirements/rasa.in -o requirements/rasa.txt
	uv pip compile -q --no-header --no-emit-find-links --upgrade --python-version 3.11 requirements/bench.in -o requirements/bench.txt

clean:           ## remove environments and caches, keep var/ (your data)
	rm -rf .venv .venv-rasa .venv-bench .tools node_modules .mypy_cache .ruff_cache .pytest_cache
