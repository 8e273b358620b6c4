# Every command of the project. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help vendor setup setup-tests run stop check test fuzz bench drill torture upgrade soak clean reset code
PYTHON ?= python3
PY := .venv/bin/python
LAUNCH := $(PY) -m tongban.config.launch

# Compiled modules are kept whatever the surroundings say: without them every process of ours starts seconds later.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@echo "通办 Tongban"
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# Anew only when what is needed has changed.
.venv/stamp: pyproject.toml requirements.txt requirements-dev.txt requirements-server.txt
	@$(PYTHON) -m tongban.config.launch.setup
	@touch $@

.venv/stamp-tests: .venv/stamp requirements-spark.txt
	@$(PYTHON) -m tongban.config.launch.setup --tests
	@touch $@

setup: .venv/stamp ## 安装运行所需的一切 install everything the project needs

setup-tests: .venv/stamp-tests ## 安装测试所需的一切 install what tests need as well

run: setup ## 启动：数据库、示例城市、网站、后台任务 start it all (PORT=8000)
	@$(LAUNCH).run run $(if $(PORT),--port $(PORT))

stop: ## 停止 stop a run, and the database
	@$(LAUNCH).run stop
	@TONGBAN_HOME=.data/test $(LAUNCH).cluster stop
	@TONGBAN_HOME=.data/torture $(LAUNCH).cluster stop

check: setup ## 快速检查（两分钟内） lint, types, contracts and tests without a database (ROOM=tongban/services/cases: those of a room with it)
	@.ci/check $(ROOM)

test: setup-tests ## 全部检查与测试（CI 所做的） everything that CI runs
	@.ci/test

fuzz: setup-tests ## 长时间随机测试（MINUTES=120） what tests make up, for hours; what is found stays in .data/fuzz and is tried first
	@TONGBAN_FUZZING=long TONGBAN_FUZZING_MINUTES=$(or $(MINUTES),120) nice $(PY) -m pytest -n0 -s -p no:randomly tests/fuzz

vendor: setup ## 更新前端依赖 copy the locked front-end files into the served folder
	@$(LAUNCH).vendor

bench: setup ## 性能测试，写入 docs/benchmarks.md measure speed
	@$(PY) -m tests.load.bench $(ONLY)

drill: setup-tests ## 容灾演练：反复杀掉主库，核对无丢失；再恢复并逐行比对（ROUNDS=20） kill the primary again and again, then restore and compare
	@KILL_ROUNDS=$(or $(ROUNDS),20) KILL_SECONDS=$(or $(SECONDS),3) $(PY) -m pytest -n0 -p no:randomly tests/recovery

torture: setup ## 随机强杀，证明什么也没丢，写入 docs/reliability.md kill at random and prove that nothing is lost (ROUNDS=50 SEED=…)
	@$(PY) -m tests.torture --rounds $(or $(ROUNDS),50) --seed $(or $(SEED),0) --page docs/reliability.md

upgrade: setup ## 升级演练：旧版本带负载升级、退回、再升级，写入 docs/reliability.md upgrade an earlier release under load, roll back, upgrade again (FROM=<commit>)
	@$(PY) -m tests.upgrade --from $(or $(FROM),527308d) --page docs/reliability.md

soak: setup ## 连续运行一小时，看各进程内存是否平稳，写入 docs/reliability.md an hour of work and the memory of each process (MINUTES=60)
	@$(PY) -m tests.load.soak --minutes $(or $(MINUTES),60) --page docs/reliability.md

code: ## 示例账号的动态验证码 a demo account's second factor: make code WHO=approval-clerk
	@$(PY) -m tongban demo code $(WHO)

clean: stop ## 删除可重建的文件（保留数据） remove what can be made again; data stay
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis screenshots *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

reset: stop ## 删除数据，下次启动重建示例城市 remove the data as well as the demo city
	rm -rf .data
