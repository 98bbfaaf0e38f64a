# `make run` and `make test` set up what they need; nothing else has to be done first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: run test check format bench clean

run: $(READY)
	@$(BIN)/chuchu index examples/archive --index index
	@if [ -t 0 ]; then $(BIN)/chuchu chat --index index; \
	else $(BIN)/chuchu chat --index index < examples/first.txt; fi

test check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations=20

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# beside what people would use instead; ARGS=--update keeps its ratios as the baseline
bench: $(READY)
	$(BIN)/python -m benchmarks.peers $(ARGS)

# torch first and by its exact version: a newer or unpinned one downloads gigabytes of GPU code
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chuchu needs Python 3.11 or newer: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable '.[web]'
	@touch $@

clean:
	rm -rf .venv .bench
	find index -mindepth 1 ! -name README.md -delete
