# Every command of the project. `make` alone lists them.
.DEFAULT_GOAL := help
PY := .venv/bin/python

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/stamp: requirements-dev.txt pyproject.toml
	python3 -m venv .venv
	.venv/bin/pip install -q uv
	.venv/bin/uv pip install -q --require-hashes -r requirements-dev.txt
	.venv/bin/uv pip install -q --no-deps -e .
	touch $@

setup: .venv/stamp ## install everything the project needs
