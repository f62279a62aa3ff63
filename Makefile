# Everything a newcomer needs: `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help venv install demo docs gallery test coverage test-long worlds search simulate test-each test-outside torture mutants lint bench release lock audit fuzz sbom clean
BIN := .venv/bin

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

venv: ## the environment in .venv (Python 3.11 to 3.13 and a C compiler are needed)
	@sh requirements/setup.sh .venv

install: ## the service alone, without tools, in the folder that FOLDER names (FOLDER=/opt/dondoc/0.1.0)
	@test -n "$(FOLDER)" || { echo "make install FOLDER=/opt/dondoc/0.1.0" >&2; exit 2; }
	@sh requirements/setup.sh "$(FOLDER)" .

demo: venv ## replay nights of 2015 to 2026 on real directives, and deliver the letters locally
	@$(BIN)/dondoc demo

docs: venv ## the documentation as a web site, in the folder site
	@$(BIN)/python -m pip --quiet install --no-deps --require-hashes -r requirements/docs.txt
	@$(BIN)/python docs/make_site.py site
	@echo "Mở site/index.html. (Open it; to search in it: $(BIN)/python -m http.server -d site)"

gallery: venv ## take the pictures of docs/images anew (needs Chromium)
	@PYTHONPATH=. $(BIN)/python docs/make_gallery.py

PYTEST := $(BIN)/pytest
# One process more than there are processors: some of the tests wait, for a server, a disk or another process.
WORKERS := $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))
test: venv lint ## style, types, contracts and every test that needs nothing but Python
	@$(PYTEST) -m "not outside and not long" -n $(WORKERS) --dist loadfile

coverage: venv ## the same tests, and the lines that they run, also in other processes; fails below the floor of pyproject.toml
	@$(BIN)/coverage erase
	@$(MAKE) --no-print-directory test PYTEST="$(BIN)/coverage run -m pytest"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

test-long: venv ## the tests that need only Python, but time: kills, long replays, many random worlds
	@$(BIN)/pytest -m "long and not outside" -n $(WORKERS) --dist worksteal

worlds: venv ## those that draw worlds, with three times as many
	@WORLDS=all $(BIN)/pytest -m "long and not outside" -n auto --dist worksteal $$(grep -rl --include='*.py' 'how_many import' tests)

search: venv ## the tests that draw worlds, with others each time: what they find becomes a test (about half an hour)
	@$(BIN)/pytest -m "not outside" -n auto --dist load --hypothesis-profile=others $$(grep -rl --include='*.py' 'from hypothesis' tests | grep '/test_')

torture: venv ## kill nights and deliveries a thousand times on both databases (about eight minutes)
	@$(BIN)/python -m tests.torture

YEARS ?= 1000
simulate: venv ## play YEARS years of random towns: answers, outages, a mail server in bad moods (a minute each)
	@$(BIN)/python -m tests.simulation --years $(YEARS)

mutants: venv ## plant 200 small faults, one at a time, and count those that no quick test notices (up to two hours)
	@$(BIN)/python -m tests.mutants --most 200 --seed 1

lint: venv ## style, types and import contracts only
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@MYPYPATH=.venv/src $(BIN)/mypy
	@PYTHONPATH=.venv/src $(BIN)/lint-imports --no-cache >.venv/contracts || { cat .venv/contracts; exit 1; }

test-each: ## the tests on Python 3.11, 3.12 and 3.13, each in an environment of its own
	@sh requirements/each.sh

test-outside: venv ## tests that need a browser, a mail server or a cluster, which this target installs (Debian, as root)
	@sh tests/outside/setup.sh
	@$(BIN)/python -m pip --quiet install --no-deps --require-hashes -r requirements/dask.txt -r requirements/docs.txt
	@$(BIN)/pytest -m outside

bench: venv ## the measurements of benchmarks/README.md
	@$(BIN)/python -m pip --quiet install --no-deps --require-hashes -r requirements/bench.txt
	@$(BIN)/python benchmarks/run.py

release: venv ## wheel and sdist in dist/, then tried in an empty environment outside the checkout
	@sh requirements/release.sh

lock: ## resolve requirements/*.in again into hash-locked files (needs uv)
	@for set in build durable runtime demo otel dev dask docs bench fuzz; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --no-emit-find-links requirements/$$set.in -o requirements/$$set.txt || exit 1; done
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --no-emit-find-links --no-deps requirements/country.in -o requirements/country.txt

audit: venv ## known vulnerabilities of the locked packages (needs the internet; not part of the tests)
	@$(BIN)/python -m pip --quiet install pip-audit && $(BIN)/pip-audit -r requirements/runtime.txt --disable-pip --strict

SECONDS ?= 60
fuzz: venv ## coverage-guided fuzzing of what strangers write, SECONDS for each door (Python 3.11, Linux)
	@$(BIN)/python -m pip --quiet install --no-deps --require-hashes -r requirements/fuzz.txt
	@for target in rules letter mailserver night; do $(BIN)/python -m tests.fuzz $$target --seconds $(SECONDS) || exit 1; done

sbom: venv ## what the service is made of, as CycloneDX JSON in dondoc.cdx.json (no internet)
	@$(BIN)/python requirements/sbom.py dondoc.cdx.json

clean: ## remove the environment and everything the demonstration made
	@rm -rf .venv .venv-* var build dist site
