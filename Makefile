# On a fresh Debian 12 machine, as root: `make demo` or `make test`; each installs what it needs.

VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench fuzz soak faults grammar clean

demo: $(VENV)/.installed
	@conformance/install iproute2 iputils-ping procps sysvinit-utils nginx-light
	@$(BIN)/python -m conformance.demo

test: $(VENV)/.installed
	@conformance/install iproute2 iputils-ping procps sysvinit-utils nginx-light keepalived frr nftables user-mode-linux kmod
	@$(BIN)/python -m pytest --numprocesses 4

lint: $(VENV)/.installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.installed
	@conformance/install iproute2 procps sysvinit-utils nginx-light keepalived
	@$(BIN)/python -m conformance.bench

fuzz: $(VENV)/.installed
	@$(BIN)/python tests/fuzz.py

soak: $(VENV)/.installed
	@$(BIN)/python -m keepalived_py.simulate.soak $(SOAK)

faults: $(VENV)/.installed
	@conformance/install iproute2 iputils-ping keepalived
	@$(BIN)/python -m conformance.faults $(FAULTS)

grammar: $(VENV)/.installed
	@$(BIN)/python -m keepalived_py.schema.reference > grammar/KEYWORDS.md
	@$(BIN)/python -m keepalived_py.check.codes > grammar/DIAGNOSTICS.md

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist

$(VENV)/.installed: pyproject.toml
	@conformance/install python3-venv
	@python3 -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
