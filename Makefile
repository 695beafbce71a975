# Each target sets up what it needs in .venv, and again whenever pyproject.toml has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH_CPU := https://download.pytorch.org/whl/cpu

.PHONY: run test lint bench fuzz soak

run: $(VENV)/ready-to-run
	$(BIN)/python main.py $(ARGS)

test: $(VENV)/ready-to-test
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/ready-to-test
	$(BIN)/python -m tests.bench $(ARGS)

# Hostile files, 2,000 if CASES does not say otherwise; SEED gives others.
fuzz: $(VENV)/ready-to-test
	$(BIN)/python -m tests.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED)) $(ARGS)

soak: $(VENV)/ready-to-test
	$(BIN)/python -m tests.soak $(ARGS)

$(VENV)/ready-to-run: pyproject.toml
	$(call install,.)
	@touch $@

$(VENV)/ready-to-test: pyproject.toml
	$(call install,.[test])
	@touch $(VENV)/ready-to-run $@

# On Linux, PyPI's torch brings several GB of CUDA: PyTorch's own index has a CPU build, which pip
# prefers where that index answers.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@echo 'Installing into $(VENV); the first time takes some minutes.'
	@extra=; \
	if [ "$$(uname -s)" = Linux ] && timeout 10 $(BIN)/python -c \
		'import urllib.request as web; web.urlopen("$(TORCH_CPU)/torch/", timeout=5)' 2>/dev/null; \
	then extra='--extra-index-url $(TORCH_CPU)'; fi; \
	$(BIN)/pip install --quiet --disable-pip-version-check $$extra --editable '$(1)'
	@.ci/qt-libraries $(BIN)/python
endef
