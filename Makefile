# Two commands do everything on a bare machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo dist test quick lint bench campaign-ingest campaign-dask campaign-web campaign-upgrade campaign-roll campaign-budgets campaign-budget-formats bench-country bench-tamper bench-understanding bench-ocr assets example rules pictures campaign-layouts clean help

help:
	@echo "make demo     sets up and compiles the example into build/demo"
	@echo "make test     sets up (system packages too) and runs all checks and tests"
	@echo "make quick    lint, types, contracts, and the tests of the rooms that changed since main"
	@echo "make dist     builds wheel and sdist into dist; make test builds, installs and tries them as a user"
	@echo "make bench    measures speed and memory against named baselines"
	@echo "make bench-tamper  changes every figure of the example, one at a time, and counts what check finds"
	@echo "make bench-understanding  counts the value cells of real documents that are placed, and lists the others"
	@echo "make bench-ocr  reads a scan of the example and counts the figures read right"
	@echo "make campaign-layouts  reads one sound account in 2,000 layouts and changes a figure in each"
	@echo "make fuzz     reads and checks 10,000 mutated files of every format"
	@echo "make campaign-ingest  ingests 2,000 synthetic documents while workers and runs are killed"
	@echo "make campaign-dask  the same on a Dask cluster of local workers that are killed"
	@echo "make bench-country  a store of 100 million facts, about a quarter of an hour"
	@echo "make campaign-roll  rolls the documents of 500 random units forward and looks for numbers that stay old"
	@echo "make campaign-budgets holds budgets and final accounts of a city of 100 units against each other"
	@echo "make campaign-budget-formats makes 60 random budgets in every format and changes their figures"
	@echo "make campaign-upgrade  uses the programs released before, then opens their data folders with this one"
	@echo "make campaign-web  kills the server at random during 100 accounts' way to publication, on both databases"
	@echo "make example  writes the example's ledger, workbooks and operational data anew"
	@echo "make pictures makes the pictures of the documentation anew"
	@echo "make rules    writes docs/rules and the table of roles in docs/desk.zh-CN.md anew"
	@echo "make assets   vendors the chart library anew from the installed package"

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.run
	$(BIN)/juesuan demo --output build/demo

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/law_in_code.py

# One process more than there are cores: some tests wait for a browser, a server or a clock.
test: lint
	./scripts/system-packages
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

dist: $(VENV)/.dev
	$(BIN)/python -m build --no-isolation --outdir dist .

quick: $(VENV)/.dev
	./scripts/quick

bench: $(VENV)/.dev
	$(BIN)/python bench/run.py
	$(BIN)/python bench/paired.py
	$(BIN)/python bench/read.py
	$(BIN)/python bench/exports.py
	$(BIN)/python bench/corpus.py
	$(BIN)/python bench/jurisdiction.py
	$(BIN)/python bench/evidence.py
	$(BIN)/python bench/web.py
	$(BIN)/python bench/web_desk.py

bench-tamper: $(VENV)/.dev
	$(BIN)/python bench/tamper.py

bench-understanding: $(VENV)/.dev
	$(BIN)/python bench/understanding.py

bench-ocr: $(VENV)/.dev
	$(BIN)/python bench/ocr.py

campaign-layouts: $(VENV)/.dev
	JUESUAN_LAYOUTS=2000 $(BIN)/pytest -q tests/reader/test_layouts.py

fuzz: $(VENV)/.dev
	$(BIN)/python bench/fuzz.py

campaign-ingest: $(VENV)/.dev
	$(BIN)/python bench/ingest_campaign.py --folder build/campaign

campaign-roll: $(VENV)/.dev
	$(BIN)/python bench/roll_campaign.py

campaign-budgets: $(VENV)/.dev
	$(BIN)/python bench/budget_campaign.py

campaign-budget-formats: $(VENV)/.dev
	JUESUAN_BUDGETS=60 JUESUAN_BUDGETS_EVERY=4 $(BIN)/pytest -q tests/inspection/test_budget_properties.py

campaign-dask: $(VENV)/.dev
	$(BIN)/python bench/ingest_campaign.py --folder build/campaign --engine dask

bench-country: $(VENV)/.dev
	$(BIN)/python bench/corpus.py --only query --facts 100000000

campaign-upgrade: $(VENV)/.dev
	cd tests && PYTHONPATH=. ../$(BIN)/python -m fire.released

campaign-web: $(VENV)/.dev
	./scripts/system-packages
	$(BIN)/python bench/web_kill.py

example: $(VENV)/.dev
	$(BIN)/python examples/wuhan-2022/build.py
	$(BIN)/python scripts/held_files.py
	$(BIN)/python examples/wuhan-2022/evidenced/build.py

pictures: $(VENV)/.dev
	./scripts/system-packages
	$(BIN)/python scripts/pictures.py

rules: $(VENV)/.run
	$(BIN)/python scripts/rule_pages.py
	$(BIN)/python scripts/role_table.py

assets: $(VENV)/.run
	$(BIN)/python scripts/vendor_vega.py

clean:
	rm -rf build dist $(VENV)
