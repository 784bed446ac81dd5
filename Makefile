# The commands people type. Anything longer than a line lives in deploy/ or bot/.
.DEFAULT_GOAL := help
.PHONY: help run test test-quick test-long services check train tune bench bench-understanding load \
        soak fuzz screenshots rooms mutate mutants test-core-current audit check-clients check-browsers \
        check-deployments sbom lock clean environment

python := .venv/bin/python
uv = $(shell sh deploy/environment.sh uv)

# Without byte code on disk every start compiles Rasa anew; another Python's paths break this one.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME
export RASA_TELEMETRY_ENABLED = false
export TF_CPP_MIN_LOG_LEVEL = 3
export SQLALCHEMY_SILENCE_UBER_WARNING = 1

help:
	@echo "make run                  start the guide; PORT=8000 to choose a port, Ctrl-C to stop"
	@echo "make test                 run every test; ARGS='-k kent' to choose, WORKERS=6 on more cores"
	@echo "make test-quick           those that start no server, browser or command and are short"
	@echo "make test-long            those that are long or draw their cases, with all their rounds"
	@echo "make check                format, lint, types, Rasa's data, the policy files"
	@echo "make train                train the model, if what it is made from has changed"
	@echo "make bench                measure the guide beside the bot of 'rasa init'"
	@echo "make load                 more people than it can answer, for a minute; ARGS='30 300' for 300"
	@echo "make soak                 hold conversations for 30 minutes; ARGS='5 20' for 5, 20 turns a second"
	@echo "make fuzz                 10,000 wrong inputs of every kind (an hour); INPUTS=500 for fewer"
	@echo "make tune                 learn the encoder, the decision about danger and accounts from data/ (about ten minutes)"
	@echo "make bench-understanding  measure how well typed English is understood"
	@echo "make screenshots          take docs/screenshots/ anew; FOLDER=… for all of them elsewhere"
	@echo "make rooms                who calls whom between the rooms, and how many floors there are"
	@echo "make test-core-current    test bot/core on a current Python, if there is one"
	@echo "make mutate               changes in bot/core/rules that no test notices (many hours)"
	@echo "make mutants              what the last one found, with each change"
	@echo "make check-clients        Teams and Slack in Microsoft's and Slack's own programs (needs Node)"
	@echo "make check-browsers       the widget on a careless page in Firefox and WebKit"
	@echo "make check-deployments    deploy/ against the schemas of Docker, compose and Kubernetes"
	@echo "make audit                known advisories against the lock, where they can be reached"
	@echo "make sbom                 a CycloneDX list of all that is installed, to var/sbom.json"
	@echo "make lock                 choose package versions anew and write requirements.lock"
	@echo "make clean                delete what can be built again"

run: train
	@exec $(python) -m bot run --drafts $(if $(PORT),--port $(PORT))

pytest = $(python) -m pytest -n $(or $(WORKERS),$(workers)) --dist loadgroup --no-loadscope-reorder
# For two cores: a third has work while another waits for a server or a browser.
workers := 3
test-quick: workers := 2

test: train services
	@$(pytest) $(ARGS)

test-quick: train
	@TEST_ROUNDS=few $(pytest) \
	    -m "not server and not browser and not command and not long" $(ARGS)

test-long: train services
	@TEST_ROUNDS=all $(pytest) -m "long or hypothesis" $(ARGS)

services:
	@sh deploy/browser.sh --install
	@sh deploy/services.sh --install

check: environment
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	$(python) -m bot policies check
	$(python) -m bot check-data

train: environment
	@$(python) -m bot train

soak: train
	@$(python) -m bench.soak $(ARGS)

fuzz: train
	@FUZZ_INPUTS=$(or $(INPUTS),10000) $(python) -m pytest tests/fuzz -p no:cacheprovider $(ARGS)

bench: train
	@$(python) -m bench

load: train
	@$(python) -m bench.load $(ARGS)

tune: environment
	@$(python) -m bot.understanding.model.tuning
	@$(python) -m bot.understanding.learn_decision
	@$(python) -m bot.understanding.learn_accounts

bench-understanding: train
	@$(python) -m bench.understanding

screenshots: train
	@sh deploy/browser.sh
	@$(python) -m bench.screenshots $(FOLDER)

rooms: environment
	@$(python) -m bench.rooms

test-core-current: environment
	@UV=$(uv) sh deploy/test-core-current.sh

mutate: environment
	@sh deploy/tools.sh mutate $(ARGS)

mutants: environment
	@sh deploy/tools.sh mutants $(ARGS)

audit: environment
	@sh deploy/tools.sh audit

check-clients: train
	@sh deploy/tools.sh clients $(FOLDER)

check-browsers: environment
	@sh deploy/browser.sh --others
	@$(python) -m bench.browsers $(or $(FOLDER),var/browsers)

check-deployments: environment
	@sh deploy/tools.sh deployments

sbom: environment
	@sh deploy/tools.sh sbom

lock:
	@$(uv) pip compile pyproject.toml --extra dev --upgrade --python-version 3.10 --quiet \
	    --generate-hashes --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" --output-file requirements.lock
	@$(uv) pip compile deploy/tools.in --upgrade --python-version 3.10 --quiet --generate-hashes \
	    --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	    --output-file deploy/tools.lock
	@$(uv) pip compile deploy/checks.in --upgrade --python-version 3.10 --quiet --generate-hashes \
	    --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	    --output-file deploy/checks.lock
	@$(uv) pip compile deploy/clients.in --constraint requirements.lock --upgrade \
	    --python-version 3.10 --quiet --generate-hashes --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" --output-file deploy/clients.lock
	@! command -v npm >/dev/null || npm install --prefix deploy/clients --package-lock-only \
	    --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --silent
	@$(uv) pip compile deploy/mutate.in --constraint requirements.lock --upgrade \
	    --python-version 3.10 --quiet --generate-hashes --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" --output-file deploy/mutate.lock

clean: # var/ stays: it holds conversations
	rm -rf .venv .tools .rasa models mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@sh deploy/environment.sh
