# make demo              installs into .venv and checks the example project
# make demo REPO=path    the same on a repository of your own
# make test              installs what the tests need, and passes them
# make lock              recompiles requirements/*.txt
# make docs              regenerates the generated pages of docs/
# make site              builds the documentation as a site, into build/site

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPO ?=
# Programs of Debian's that tests compare with
ORACLES := git-lfs git-annex chromium
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint docs site lock clean

demo: $(VENV)/.runtime
ifeq ($(REPO),)
	@$(BIN)/python examples/replay.py bike-demand .demo/bike-demand
	@echo && echo '$$ lifelint -C .demo/bike-demand check' && echo
	@$(BIN)/lifelint -C .demo/bike-demand check || test $$? -eq 1
else
	@$(BIN)/lifelint check $(REPO) || test $$? -eq 1
endif

test: lint
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

$(VENV)/.runtime: pyproject.toml requirements/runtime.txt requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15) and "lifelint needs Python 3.11 to 3.14; give one as make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing lifelint into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt tests/tools/package-lock.json
	@echo "installing what the tests need into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@missing=; for program in $(ORACLES); do command -v $$program > /dev/null || missing="$$missing $$program"; done; \
	  test -z "$$missing" || test "$$(id -u)" != 0 || \
	  { apt-get -q update && apt-get -q install -y --no-install-recommends $$missing; } > /dev/null 2>&1 || true; \
	  for program in $$missing; do command -v $$program > /dev/null || \
	    echo "$$program is not installed: the tests that compare with it are skipped"; done
	@if command -v npm > /dev/null; then npm ci --ignore-scripts --silent --no-audit --no-fund --prefix tests/tools; \
	  else echo "npm is not installed: the tests that compare with programs from npm are skipped"; fi
	@touch $@

site: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

lock: $(VENV)/.dev
	cd requirements && for name in runtime build dev; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" --upgrade $$name.in -o $$name.txt || exit 1; done

clean:
	rm -rf $(VENV) .demo dist build
