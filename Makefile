# make run and make test are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-security
export DATA_DIR ?= var
export PORT ?= 8000
export PLAY FIRST MINUTES
unexport PYTHONDONTWRITEBYTECODE  # or each start compiles the whole program anew

.PHONY: run test test-engines faults lan screenshots bench stolen-tablet security sbom oracle migrate backup restore help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/'

run: export ENROL_WITHOUT_CODE ?= local
lan: export ENROL_WITHOUT_CODE ?= 1

run: $(VENV)/ok ## Serve on http://127.0.0.1:$PORT with demo data in an empty database
	@$(BIN)/python -m webapp.cli migrate
	@$(BIN)/python -m webapp.cli seed
	@$(BIN)/python -m webapp.cli serve

lan: $(VENV)/ok ## Serve over HTTPS on the local network, so that a phone can install the app
	@$(BIN)/python -m webapp.cli migrate
	@$(BIN)/python -m webapp.cli seed
	@$(BIN)/python -m webapp.cli lan

migrate: $(VENV)/ok ## Bring the database to this version
	@$(BIN)/python -m webapp.cli migrate

backup: $(VENV)/ok ## An encrypted backup in FILE=…; asks for a passphrase (docs/operations.md)
	@$(BIN)/python -m webapp.cli backup $(if $(REPLACE),--replace) "$(FILE)"

restore: $(VENV)/ok ## Put the backup FILE=… back; REPLACE=1 puts what is there aside
	@$(BIN)/python -m webapp.cli restore $(if $(REPLACE),--replace) "$(FILE)"

test: $(VENV)/dev ## Lint, types and every test on SQLite and PostgreSQL, in a real browser
	@$(BIN)/python tests/run.py

test-engines: $(VENV)/dev ## Install WebKitGTK and Firefox ESR from Debian packages, and run one whole journey and the quick fault set in each
	@$(BIN)/python tests/run.py --engines

screenshots: $(VENV)/dev ## The pictures in docs/screenshots and static/icons, from the real app
	@$(BIN)/python tests/run.py --prepare
	@$(BIN)/python -m tests.screenshots

bench: $(VENV)/dev ## Speed, with the floor measured in the same run
	@$(BIN)/python tests/run.py --prepare
	@$(BIN)/python -m tests.bench

faults: $(VENV)/dev ## Random schedules of work and trouble: RUNS=200 SEED=1 ENGINE=chromium|webkit|firefox DB=sqlite|postgresql (docs/reliability.md)
	@$(BIN)/python tests/run.py --prepare
	@$(BIN)/python -m tests.faults $(or $(RUNS),200) $(or $(SEED),1) $(or $(ENGINE),chromium) $(or $(DB),sqlite)

stolen-tablet: $(VENV)/dev ## Search every byte a browser leaves after a shift full of marked words
	@$(BIN)/python tests/run.py --prepare
	@$(BIN)/python -m tests.stolen

security: $(VENV)/dev $(TOOLS)/ok $(TOOLS)/crawler/ok ## bandit, our own semgrep rules and a wapiti crawl of the running app (docs/security.md)
	@$(BIN)/python -m tests.security

sbom: $(VENV)/dev $(TOOLS)/ok ## A CycloneDX list of all that is delivered: FILE=sbom.cdx.json
	@$(TOOLS)/bin/python -m tests.security.sbom "$(or $(FILE),sbom.cdx.json)"

oracle: $(VENV)/dev ## Charts beside the reference numbers in CASES=FILE (see tests/oracle)
	@$(BIN)/python -m tests.oracle $(or $(CASES),tests/oracle/spc_cases.json)

$(VENV)/ok: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 2; }
	@$(PYTHON) -m venv --clear $(VENV) || { echo "Python's venv is missing: apt-get install python3-venv" >&2; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/ok
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The security tools pin what they need, and not as the product does: environments of their own.
$(TOOLS)/ok: tests/security/requirements.lock
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/security/requirements.lock
	@touch $@

$(TOOLS)/crawler/ok: tests/security/crawler.lock $(TOOLS)/ok
	@$(PYTHON) -m venv $(TOOLS)/crawler
	@$(TOOLS)/crawler/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/security/crawler.lock
	@touch $@
