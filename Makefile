# Crossing. `make help` lists what there is. Only python3 with venv is needed beforehand.

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
BIN := .venv/bin
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help setup run secrets test test-compose test-faults check check-cluster lint-migrations bench lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 18

setup: .venv/.ready ## Make the virtual environment

run: .venv/.ready $(if $(GATEWAY),.venv/.ready-for-tests) ## Start the whole suite embedded, with demonstration data (PORT=8000 DATA=var; GATEWAY=1 puts the real gateway before it)
	@exec $(BIN)/crossing serve --port $(PORT) --data $(DATA) --demo $(if $(GATEWAY),--gateway)

test: .venv/.ready-for-tests tests/oidc/node_modules ## Run every test
	@deploy/install-tools.sh chromium postgresql clamav-daemon prometheus fuse3 libfuse3-3 faketime
	@deploy/install-kubectl.sh $(BIN)
	TMPDIR=$$(deploy/folder-for-tests.sh) $(BIN)/python -m pytest -n 2 --dist loadfile

test-faults: .venv/.ready-for-tests ## Cause every fault at full size and count what was lost (40 minutes at most)
	@deploy/install-tools.sh chromium postgresql fuse3 libfuse3-3 iproute2 iptables faketime
	TMPDIR=$$(deploy/folder-for-tests.sh) $(BIN)/python -m tests.faults

check: .venv/.ready-for-tests lint-migrations ## Lint, types, import boundaries, migrations, rule packs and worked cases
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/crossing rules check
	$(BIN)/crossing rules test

secrets: .venv/.ready ## What docker-compose.yml mounts: passwords, keys, certificates to try it with
	@deploy/compose/make-secrets.sh

test-compose: .venv/.ready-for-tests tests/oidc/node_modules ## The suite in containers, from nothing and without a registry
	@deploy/install-tools.sh docker.io docker-compose debootstrap iproute2 iptables
	$(BIN)/python -m tests.compose

check-cluster: .venv/.ready-for-tests ## Render the cluster's manifests; check their shapes and our rules, off line
	@deploy/install-kubectl.sh $(BIN)
	@$(BIN)/python -m tests.cluster

lint-migrations: .venv/.ready-for-tests deploy/tools/node_modules ## Lint what the migrations would tell PostgreSQL
	$(BIN)/python deploy/tools/lint_migrations.py

bench: .venv/.ready-for-tests ## Measure, as ratios inside one run; writes var/bench.json
	@deploy/install-tools.sh wrk postgresql
	$(BIN)/python -m bench

lock: .venv/.ready-for-tests ## Resolve the dependencies again
	$(UV) --extra build pyproject.toml -o requirements.lock
	$(UV) --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

# npm comes with some packages of nodejs and apart from others.
tests/oidc/node_modules deploy/tools/node_modules: %/node_modules: %/package-lock.json
	@command -v npm >/dev/null || deploy/install-tools.sh nodejs npm
	npm ci --prefix $* --silent --no-audit --no-fund
	@touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.ready: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m crossing.packs.check
	@touch $@

.venv/.ready-for-tests: .venv/.ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
