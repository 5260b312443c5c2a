# Four commands are enough: make demo, make run, make test, make train. The rest serves them.
SHELL := /bin/bash
PYTHON := .venv/bin/python
RASA := .venv-rasa/bin/python
DATA ?= ../shared/data
export RASA_TELEMETRY_ENABLED = false
export TF_CPP_MIN_LOG_LEVEL = 3
# Compiled modules are kept, even where the environment says not to: reading all tests takes 9 seconds instead of 22.
export PYTHONDONTWRITEBYTECODE =
export PYTHONPYCACHEPREFIX = $(CURDIR)/var/pycache

.PHONY: help setup setup-tests demo run train evaluate predict bench-nlu bench learning-curves check test audit lock clean

help:            ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup:           ## both environments from the locked requirements; quick when nothing changed
	@scripts/setup bot

setup-tests: setup
	@scripts/setup dev
	@scripts/debian-packages

demo: setup      ## Rasa, bot and a Telegram simulator on this machine; open the page it prints
	@$(PYTHON) -m bot demo

run: setup       ## the bot against real Telegram, with its Rasa server (settings: see README)
	@$(PYTHON) -m bot run --with-rasa

train: setup     ## train Rasa for the present content and examples
	@$(RASA) -m nlu.train

evaluate: train  ## accuracy per language and style, confusions, overlap of examples and evaluation
	@$(RASA) -m nlu.evaluate

bench-nlu: setup ## the classifier against Rasa's and BM25, here and on public data; DATA=<their folder>, QUICK=1: a minute
	@$(RASA) -m nlu.bench --data $(DATA) $(if $(QUICK),--quick)

bench: setup-tests train  ## how long people and staff wait, and whether anything is lost; MORE=<parts and options>
	@$(PYTHON) -m tests.bench $(MORE)

learning-curves: setup  ## what more examples bring, by language and style
	@$(RASA) -m nlu.bench.learning

predict: setup   ## make -s predict < in.jsonl > out.jsonl
	@$(PYTHON) -m bot predict

check: setup-tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m knowledge check
	$(PYTHON) scripts/audit.py

test: check train  ## every check and test, in three processes: most journeys wait for somebody's answer
	$(RASA) -m nlu.check
	$(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

audit: setup-tests  ## ask an advisory database about all locked packages (network needed); see docs/accepted-findings.yml
	@.venv/bin/uv venv -q --allow-existing --python $(PYTHON) .venv-audit
	@.venv/bin/uv pip install -q -p .venv-audit/bin/python --require-hashes -r requirements/audit.txt
	@$(PYTHON) scripts/audit.py --ask

lock: setup      ## renew the locked requirements
	cd requirements && for set in uv bot dev audit; do \
	  ../.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 -o $$set.txt $$set.in; done
	cd requirements && ../.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.10 -o rasa.txt rasa.in

clean:           ## remove what was built, and the demo's database; the bot's own database stays
	rm -rf .venv .venv-rasa var/models var/pycache var/demo.db* .mypy_cache .ruff_cache .pytest_cache .hypothesis
