# make run | test | demo | chaos | fuzz | look | schema | pictures | messages | lint | fix | clean. Needs make and Python 3.11+ (with venv), nothing else.
# Variables: PYTHON (which Python makes .venv), PORT (make run), WORKERS (make test).
export PYTHON
WORKERS ?= 2
PY := .venv/bin/python
SCRATCH := .make
DEMONSTRATION := DEMO=1 DATA_DIR=$(SCRATCH)/checks
PRODUCTION := DEMO=0 ALLOWED_HOSTS=directory.example DATA_DIR=$(SCRATCH)/production \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	SEALING_KEYS=k1:$$($(PY) -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')
SERVERS := $(PY) -m tests.servers
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Without a DATABASE_URL the servers come from wheels.
.DEFAULT_GOAL := help
.PHONY: help run demo test chaos fuzz look schema pictures messages lint fix locks clean installed-run installed-dev

help:
	@head -2 Makefile | cut -c3-

installed-run installed-dev: installed-%:
	@sh requirements/install.sh $*

run: installed-run
	@exec $(PY) -m config.launcher

demo: installed-run
	@exec $(PY) -m config.launcher demo

test: lint
	$(SERVERS) --postgresql -- $(PYTEST)
	$(SERVERS) --sqlite -- $(PYTEST) --no-migrations -m "touches_database and not browser and not once"

# Longer than the suite: races and crashes ten times over, and the life of cases in many more orders.
CHAOTIC := tests/journeys/test_races.py tests/journeys/test_deadlocks.py tests/journeys/test_crashes.py
FUZZ_EXAMPLES ?= 300
chaos: installed-dev
	CHAOS=10 $(SERVERS) --postgresql -- $(PY) -m pytest $(CHAOTIC)
	CHAOS=10 $(SERVERS) --sqlite -- $(PY) -m pytest $(CHAOTIC)

fuzz: export HYPOTHESIS_PROFILE = fuzz
fuzz: export FUZZ_EXAMPLES := $(FUZZ_EXAMPLES)
fuzz: installed-dev
	$(SERVERS) --postgresql -- $(PY) -m pytest tests/referral/test_life_model.py
	$(SERVERS) --sqlite -- $(PY) -m pytest tests/referral/test_life_model.py
	API_EXAMPLES=40 $(SERVERS) --postgresql -- $(PY) -m pytest tests/routing/api/test_fuzz.py

# The description of the API, as docs/api/openapi.yaml; a test compares.
schema: installed-dev
	@mkdir -p $(SCRATCH) docs/api
	$(DEMONSTRATION) $(PY) manage.py spectacular --lang en --fail-on-warn --file docs/api/openapi.yaml

# Every page as everybody, in all eight looks (width × direction × light or dark), read out by axe.
look: installed-dev
	EVERY_LOOK=1 $(PY) -m pytest tests/journeys/test_every_page.py

# The pictures of README and docs, from the running product; needs Chromium.
pictures: installed-dev
	$(PY) -m tests.pictures

# New and changed texts into the catalogues; needs GNU gettext. See docs/translations.md.
messages: installed-dev
	$(DEMONSTRATION) $(PY) manage.py makemessages -l ar -l fr --add-location file --no-wrap --no-obsolete --ignore 'tests/*'

lint: installed-dev
	@mkdir -p $(SCRATCH)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -c 'from importlinter.cli import lint_imports_command as run; run()'
	$(PY) -m mypy
	$(DEMONSTRATION) $(PY) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy on production settings"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

fix: installed-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# New locks from requirements/*.in; needs uv (https://docs.astral.sh/uv/).
UV := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
locks:
	$(UV) requirements/dev.in --output-file requirements/dev.txt
	$(UV) requirements/run.in --constraints requirements/dev.txt --output-file requirements/run.txt

clean:
	rm -rf .venv $(SCRATCH) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "var/ (the data) is kept."
