# The one driver. `make help` lists what it can do.
#
# STAGE=02 picks a stage (the last one is meant where none is named). What
# changes a build (CC=clang, DEBUG=1, SANITIZE=1, EVENT_BACKEND=poll) is
# explained in stages/stage.mk and may be given to any target.

.DEFAULT_GOAL := stage
# Builds as many files at once as there are processors, unless -j says otherwise.
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL)$(filter -j% --jobserver%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(or $(shell getconf _NPROCESSORS_ONLN 2>/dev/null),2)
endif

NAMES := $(notdir $(patsubst %/,%,$(sort $(wildcard stages/[0-9][0-9]-*/))))
ASKED := $(STAGE)
STAGE ?= $(lastword $(NAMES))
NAME := $(firstword $(foreach p,$(STAGE) $(STAGE)-% 0$(STAGE)-%,$(filter $(p),$(NAMES))))
ifeq ($(NAME),)
$(error STAGE=$(STAGE): there is no such stage. There are: $(NAMES))
endif

PORT ?= 6379
VARIANT := $(if $(CORE),-core)$(if $(EVENT_BACKEND),-$(EVENT_BACKEND))$(if $(OBSERVE),-observe)$(if $(SANITIZE),-sanitize)
BUILT = build$(VARIANT)/$(NAME)

# Runs Python with the modules that the tests need; `dev` adds what only those
# who change the course need.
python = python="$$(sh tests/tools/python_env.sh)" && PYTHONPATH=tests "$$python"
plain_python = python="$$(sh tests/tools/python_env.sh plain)" && "$$python"
dev_python = python="$$(sh tests/tools/python_env.sh dev)" && PYTHONPATH=tests "$$python"
book_python = python="$$(sh tests/tools/python_env.sh book)" && PYTHONPATH=tests:book "$$python"
# SERVER reaches Python through the environment, as it was typed: it may hold quotes of either kind, and $.
override SERVER := $(value SERVER)
export SERVER
# An option for each variable that has a value: $(call option,--from,FROM)
option = $(if $($(2)),$(1) '$($(2))')

# A target is listed with the comment behind it, under the group that the last
# line of the form "## group: ..." above it names.
.PHONY: help
help: ## this list
	@awk -F ':.*## ' -v 'groups=learn,read,maintain' ' \
		BEGIN { \
			titles["learn"] = "Learn: write a stage, test it, try it"; \
			titles["read"] = "Read: the code, what each stage adds, the book"; \
			titles["maintain"] = "Maintain: the proofs, the sources and the book"; \
		} \
		/^## (learn|read|maintain): / { group = substr($$0, 4, index($$0, ":") - 4); next } \
		/^[a-z_ -]+:.*## / { \
			line = sprintf("  make %-17s", $$1); \
			count = split($$2, words, " "); \
			for (i = 1; i <= count; i++) { \
				if (length(line) + 1 + length(words[i]) > 100) { \
					list[group] = list[group] line "\n"; \
					line = sprintf("%24s", ""); \
				} \
				line = line " " words[i]; \
			} \
			list[group] = list[group] line "\n"; \
		} \
		END { \
			split(groups, order, ","); \
			for (i = 1; i <= 3; i++) printf "%s\n%s\n", titles[order[i]], list[order[i]]; \
			print "STAGE=02 picks a stage, else the last is meant. There are:\n  $(wordlist 1,6,$(NAMES))\n  $(wordlist 7,13,$(NAMES))"; \
			print "CORE=1 CC=clang DEBUG=1 SANITIZE=1 EVENT_BACKEND=poll change how it is built (stages/stage.mk)."; \
		}' $(MAKEFILE_LIST) || true # a reader that has seen enough is no error

## learn: build and run

.PHONY: stage
stage: $(NAME) ## build one stage: make, make STAGE=02

.PHONY: all
all: $(NAMES) ## build every stage

.PHONY: $(NAMES)
$(NAMES):
	@$(MAKE) -C stages/$@

# The CORE builds beside those that are asked for.
.PHONY: core-builds
core-builds:
	@$(MAKE) $(NAMES) CORE=1

.PHONY: run
run: $(if $(WORK),,$(NAME)) ## start a stage: STAGE=02 PORT=7000 ARGS='--maxmemory 100mb'; WORK=1: your workspace
ifdef WORK
	@$(harness) run $(call option,--stage,ASKED) --port $(PORT) -- $(ARGS)
else
	@mkdir -p $(BUILT)/data
	@$(BUILT)/server --port $(PORT) --dir $(BUILT)/data $(ARGS) || { status=$$?; [ $$status != 1 ] || \
		echo "If port $(PORT) is taken, PORT=$(if $(filter 7000,$(PORT)),7001,7000) takes another: make run PORT=$(if $(filter 7000,$(PORT)),7001,7000)" >&2; exit $$status; }
endif

.PHONY: failover
failover: $(if $(SERVER),,$(NAME)) ## a primary, two replicas and three Sentinels to try out, until Ctrl-C: STAGE= SERVER=
	@$(harness) failover $(call option,--stage,ASKED)

.PHONY: start
start: ## begin a stage of your own in work/: STAGE=01, STEP=7: as after that step of its chapter, START=mine or empty, SERVER=
	@$(plain_python) tests/tools/start.py $(if $(ASKED),--stage $(NAME)) $(call option,--step,STEP) $(call option,--with,START)

.PHONY: step
step: ## what a step of a chapter changes: STEP=7, STAGE=00 or your workspace's; without STEP= all steps by their names
	@$(plain_python) tests/tools/steps.py $(call option,--stage,ASKED) $(call option,--step,STEP)

.PHONY: compile_commands
compile_commands: ## write compile_commands.json, for editors
	@$(plain_python) tests/tools/compile_commands.py

## learn: test. SERVER='./mine --port {port}' tests another server: tests/README.md

TESTED := $(if $(SERVER),,$(if $(ASKED),$(NAME),$(NAMES)))
WHOLE := $(if $(ASKED)$(SERVER)$(CORE)$(WORK),,whole)
harness = $(python) -m harness
ifneq ($(VARIANT),)
export STAGE_BUILD_DIR := build$(VARIANT)
endif

.PHONY: test
test: $(if $(WORK),,$(TESTED) $(if $(WHOLE),unit)) ## test every stage, or: STAGE=02, SERVER=redis-server, CORE=1, WORK=1: your workspace; ARGS='-k name': some; FULL=1: each test on every stage from its own on
	@$(harness) test $(if $(WORK),--work) $(call option,--stage,ASKED) \
		-- $(if $(WHOLE),tests/scenarios tests/python) $(ARGS)

.PHONY: clients
clients: $(if $(SERVER),,$(NAME)) ## redis-cli, redis-benchmark and client libraries meet the last stage and the real server: STAGE= SERVER= ARGS='-k ioredis'
	@$(python) -m clients.install
	@$(harness) test $(if $(SERVER),$(call option,--stage,ASKED),--stage $(NAME)) -- tests/clients $(ARGS)

.PHONY: unit
unit: unit-program ## test common/ by itself
	@build$(VARIANT)/unit/unit_tests

# A workspace is built by the harness, which explains what is wrong then. It is
# the newest in work/, or that of the stage that is asked for.
HAS_WORKSPACE := $(wildcard $(foreach s,$(if $(ASKED),$(NAME),$(NAMES)),work/$(s)/course.json))
CHECKED := $(if $(SERVER)$(HAS_WORKSPACE),,$(NAME))

.PHONY: check
check: $(CHECKED) ## your workspace: what fails first, explained, and the board: NEXT=1 ONLY=set STAGE= SERVER=; MORE=1: with the rest of Redis
	@$(harness) check $(call option,--stage,ASKED) $(if $(NEXT),--next) $(ONLY)

.PHONY: hint
hint: ## a hint for the next scenario; a clearer one each time: ONLY= STAGE= SERVER=
	@$(harness) hint $(call option,--stage,ASKED) $(ONLY)

.PHONY: board
board: $(CHECKED) ## what passes and what is next, stage by stage: STAGE= SERVER=
	@$(harness) board $(call option,--stage,ASKED)

## maintain: prove the tests

# The stages that propagate, each built whole and CORE. One that has a log is
# observed by that, and needs no build of its own.
OBSERVED := $(filter $(if $(ASKED),$(NAME),$(NAMES)),$(notdir $(patsubst %/command/call.h,%,$(wildcard stages/*/command/call.h))))
LOGGED := $(filter $(notdir $(patsubst %/persist/aof.h,%,$(wildcard stages/*/persist/aof.h))),$(OBSERVED))
UNLOGGED := $(filter-out $(LOGGED),$(OBSERVED))

.PHONY: observe
observe: ## what the stages propagate, compared with what the real server does: STAGE= ONLY= CORE=1
	@$(if $(OBSERVED),,$(error $(NAME) has no propagate()))
	@$(foreach core,$(if $(CORE),1,0 1),$(foreach kind,UNLOGGED LOGGED,$(if $($(kind)),$(MAKE) $($(kind)) CORE=$(filter 1,$(core)) OBSERVE=$(if $(filter UNLOGGED,$(kind)),1) &&))) :
	@$(harness) observe $(call option,--stage,ASKED) $(ONLY)

.PHONY: record
record: ## write what the real server replies into the scenarios, and what it propagates: STAGE= ONLY= CHECK=1
	@$(harness) record $(call option,--stage,ASKED) $(if $(CHECK),--check) $(ONLY)

.PHONY: prove
prove: $(NAMES) $(if $(CORE),,core-builds) ## each scenario fails on the stage before, passes on its own and the last: FULL=1 BEFORE=1
	@$(harness) prove $(call option,--stage,ASKED) $(ONLY)

.PHONY: test-tools
test-tools: $(NAMES) ## test what tests the stages, and the other tools: ARGS='-k name' UPDATE=1
	@$(harness) test -- $(sort $(wildcard tests/selftest*)) $(ARGS)

.PHONY: features
features: $(lastword $(NAMES)) ## what book/features.md promises is there, and its proofs pass on the last stage
	@proofs="$$($(plain_python) tests/tools/features.py)" && \
		$(harness) test --stage $(lastword $(NAMES)) -- $$proofs

.PHONY: mutants
mutants: ## each broken copy of a stage is caught by its test: ONLY= UPDATE=1
	@$(harness) mutants $(if $(UPDATE),--update) $(ONLY)

.PHONY: exercise solution solutions

## learn: exercises

exercise: ## check what you made of an exercise: EX=01.2, START=1 to begin one, SERVER=
	@$(harness) exercise $(if $(START),--start) '$(EX)'

solution: ## show one solution of an exercise, and build it in build/solutions/: EX=01.2
	@$(harness) solution '$(EX)'

## maintain: prove and measure the stages

solutions: ## every solution applies, builds, passes its test and breaks no other: EX=01 SANITIZE=1 FULL=1
	@$(harness) solutions $(if $(SANITIZE),--sanitize) $(EX)
	@$(if $(EX)$(CORE),,$(harness) record --check $(wildcard solutions/*/*.redis))

.PHONY: fuzz
fuzz: $(if $(SERVER),,$(NAME)) ## random commands, compared with the real server: SECONDS=600 STAGE= SEED= ARGS=
	@$(python) -m fuzz --stage $(firstword $(subst -, ,$(NAME))) $(call option,--seconds,SECONDS) \
		$(call option,--seed,SEED) --counts $(ARGS)

.PHONY: attack
attack: ## hostile bytes, numbers and clients against the last stage with sanitizers: SECONDS=600 SEED= REPLAY=file CORE=1 FUZZ=rdb KEEP=1
	$(if $(FUZZ),,@$(MAKE) $(NAME) SANITIZE=1 && $(MAKE) $(NAME) SANITIZE=1 CORE=1)
	@$(dev_python) -m attack --stage $(firstword $(subst -, ,$(NAME))) $(call option,--seconds,SECONDS) \
		$(call option,--seed,SEED) $(call option,--replay,REPLAY) $(call option,--fuzz,FUZZ) $(if $(KEEP),--keep) $(if $(CORE),--core)

.PHONY: bench
bench: $(if $(STAGES),$(NAMES),$(NAME)) ## measure a stage beside redis-server and Valkey: STAGES=1: all of them, the price of each concept; GROWTH=1: with more keys and clients; BUILDS=1: building and testing; CORE=1 BENCH_WITH='name=command …' ARGS=
	@$(python) -m bench --stage $(firstword $(subst -, ,$(NAME))) $(if $(STAGES),--stages) $(if $(GROWTH),--growth) \
		$(if $(BUILDS),--builds) $(ARGS)
	@$(book_python) -m bench.chart

.PHONY: bench-page
bench-page: ## take what make bench measured into book/measured.md, its data and its charts
	@$(book_python) -m bench.kept
	@$(MAKE) book-plots book-sync

## maintain: care for the sources

.PHONY: lint
lint: ## format, warnings, analyser, layers, what is unused, style, Python, JavaScript
	@$(MAKE) -k $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) \
		lint-format lint-gcc lint-clang lint-tidy lint-layers lint-unused lint-style lint-python lint-javascript

C_FOLDERS = stages stages/*-* stages/more/*-* common tests/unit tests/kqueue tests/observe tests/attack book/scaffold/*/* book/console book/console/include
C_FILES = $(sort $(wildcard $(foreach d,$(C_FOLDERS),$(d)/*.[ch] $(d)/*/*.[ch])))
PYTHON_FILES = tests book solutions
# 14, which Debian 12 has and tests/requirements-dev.txt pins: others format otherwise.
find_clang_format = for f in clang-format-14 clang-format .venv/bin/clang-format; do \
	$$f --version 2>/dev/null | grep -q 'version 14\.' && break; f=; done; \
	[ -n "$$f" ] || { echo "clang-format 14 is missing: apt install clang-format-14," \
	"or pip install clang-format==14.0.6 into .venv" >&2; exit 1; }

.PHONY: format
format: ## let clang-format settle the white space
	@$(find_clang_format); $$f -i $(C_FILES)

.PHONY: lint-format
lint-format:
	@$(find_clang_format); $$f --dry-run -Werror $(C_FILES)

# What clang says does not depend on how it optimises; some of what gcc says does.
.PHONY: lint-gcc lint-clang
lint-clang: lint-flags = CFLAGS=-O0
lint-gcc lint-clang: lint-%:
	@$(MAKE) -s all unit-program CC=$* WERROR=1 $(lint-flags) BUILD=../../build-lint/$*$(VARIANT) >/dev/null && echo "$*$(if $(CORE), with CORE=1): no warnings"

.PHONY: unit-program
unit-program:
	@$(MAKE) -C tests/unit -f ../../stages/stage.mk PROGRAM=unit_tests

.PHONY: lint-tidy
lint-tidy:
	@$(plain_python) tests/lint/tidy.py

# Which layer of a stage knows which, and that more.c alone knows stages/more/.
.PHONY: lint-layers lint-rooms
lint-rooms: lint-layers
lint-layers:
	@$(plain_python) tests/lint/layers.py

# What a lesson holds and does not use: LIST=1 lists it.
.PHONY: lint-unused
lint-unused:
	@$(plain_python) tests/lint/unused.py $(if $(LIST),--list)

.PHONY: lint-style
lint-style:
	@$(plain_python) tests/lint/style.py

.PHONY: lint-python
lint-python:
	@sh tests/tools/python_env.sh book >/dev/null
	@$(dev_python) -m ruff check -q --config tests/ruff.toml $(PYTHON_FILES) && echo "ruff: no faults"
	@$(dev_python) -m mypy --config-file tests/mypy.ini

.PHONY: lint-javascript
lint-javascript:
	@$(dev_python) tests/lint/javascript

.PHONY: propagate
propagate: ## carry a fix to all later stages: FROM=01, TO=, BASE=commit, FORGET=1
	@$(plain_python) tests/tools/propagate.py --from '$(or $(FROM),$(error FROM=01 says where the fix is))' \
		$(call option,--to,TO) $(call option,--base,BASE) $(if $(FORGET),--forget)

.PHONY: clean
clean: ## remove what was built
	rm -rf build build-*

## read: the stages side by side

.PHONY: diff
diff: ## what a stage adds, first as a list: STAGE=03, or FROM=01 TO=03; ONLY=main.c: one file; MORE=1: what stages/more/ adds; HTML=1: as pages; WORK=1: your workspace and the course's stage, ALL=1 line by line
ifdef HTML
	@$(site) diff $(firstword $(subst -, ,$(NAME)))
else
	@$(plain_python) tests/tools/$(if $(WORK),diff_work.py $(if $(ASKED),--stage $(NAME)) $(if $(ALL),--all),diff.py \
		$(if $(FROM),,--stage $(NAME)) $(call option,--from,FROM) $(call option,--to,TO) \
		$(if $(MORE),--more) $(call option,--only,ONLY))
endif

.PHONY: stages
stages: ## the table: what each stage adds, how long it is, and the limits
	@$(plain_python) tests/tools/stages.py

## read: the book. CHAPTER=01 picks one

site = python="$$(sh tests/tools/python_env.sh book)" && \
	PYTHONPATH=tests/tools:book:book/site "$$python" -m pages.build
SITE_PORT = $(if $(filter command environment,$(firstword $(origin PORT))),$(PORT),8000)

.PHONY: book
book: ## the site, the EPUB, one page, and a PDF where there is a Chromium: build/book
	@$(site) all

.PHONY: console
console: ## compile the stages for the page, where a reader can try them: build/console; STAGE=03 CORE=1: one of them
	@$(MAKE) -C book/console $(if $(ASKED),NAMES=$(NAME)) $(if $(CORE),BUILDS=core,$(if $(ASKED),BUILDS=whole))

.PHONY: console-test
console-test: console ## play the scenarios against the stages in the page's form: STAGE=03 CORE=1 FULL=1: the Python tests too; ARGS=
	@[ ! -f build/console/12.js ] || node --test --test-reporter=dot book/console/stage.test.js
	@$(python) book/console/play.py $(foreach name,$(if $(ASKED),$(NAME),$(NAMES)),$(firstword $(subst -, ,$(name)))$(if $(CORE),-core)) -- $(ARGS)

.PHONY: book-serve
book-serve: ## build the site and serve it to this machine: PORT=8000
	@$(site) serve --port $(SITE_PORT)

## maintain: the book

.PHONY: book-test-site
book-test-site: $(if $(BUILT),,book) ## build the book and test it in a Chromium: BUILT=1: as it is there ARGS=
	@python="$$(sh tests/tools/python_env.sh book)" && PYTHONPATH=tests/tools:book:book/site:book/site/tests \
		"$$python" -m pytest -q -n 2 -c tests/pytest.ini --rootdir=. book/site/tests $(ARGS)

.PHONY: book-sync
book-sync: ## write into the chapters' quotes what they name: CHAPTER=
	@$(book_python) -m weave sync $(call option,--chapter,CHAPTER)

.PHONY: book-check
book-check: ## prove the chapters: quotes, whole diff, transcripts, steps, pointers: CHAPTER= FAST=1 FULL=1
	@$(book_python) -m weave check $(call option,--chapter,CHAPTER) $(if $(FAST),--fast)

.PHONY: book-record
book-record: ## write into the chapters' transcripts what the stage answers: CHAPTER=
	@$(book_python) -m weave record $(call option,--chapter,CHAPTER)

.PHONY: book-plots
book-plots: ## draw book/img/*.svg from book/data/
	@$(book_python) -m weave plots

.PHONY: book-measure
book-measure: ## measure what a plot shows anew: PLOT=02-rehash ARGS=
	@$(book_python) $(or $(wildcard book/measure/$(subst -,_,$(PLOT)).py),$(error \
		PLOT=$(PLOT): there is no such thing to measure. There are: \
		$(subst _,-,$(notdir $(basename $(wildcard book/measure/*.py)))))) $(ARGS)

.PHONY: book-test
book-test: ## test the book's tools themselves
	@$(book_python) -m pytest -q -n 4 -c tests/pytest.ini --rootdir=. book/weave/tests $(ARGS)
