# The one set of rules that every stage is built by.
#
#   make -C stages/02-keyspace               builds build/02-keyspace/server
#   make -C stages/02-keyspace CC=clang      with another compiler
#   make ... DEBUG=1                         -O0 -g3, for stepping through it
#   make ... SANITIZE=1                      address and undefined-behaviour checks, in build-sanitize/
#   make ... CORE=1                          the lesson alone, without stages/more/, in build-core/
#   make ... EVENT_BACKEND=poll              epoll, kqueue or poll, in build-poll/
#   make ... OBSERVE=1                       writes what is propagated to a file, in build-observe/ (Linux)
#   make ... WERROR=1                        a warning is an error
#   make ... V=1                             shows the commands
#
# A stage is every .c file in its directory and in the layers below it, with
# every .c file of common/ and of those folders of stages/more/ whose number is
# not above its own. CORE=1 leaves stages/more/ out: an empty more_open() stands
# in for the stage's more.c then. Objects depend on the headers they include, on
# the flags and on the list of sources: there is never a reason for `make clean`.

ROOT := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))/..
STAGE_NAME := $(notdir $(lastword $(CURDIR)))
SYSTEM := $(shell uname -s)
VARIANT := $(if $(CORE),-core)
EXTRA_SOURCES :=
BACKEND_FLAGS :=

ifeq ($(shell command -v $(firstword $(CC)) 2>/dev/null),)
$(error There is no C compiler $(CC). Debian, Ubuntu: apt install gcc libc6-dev. Fedora: dnf install gcc. \
	macOS: xcode-select --install. CC=clang names another)
endif

# What is always passed, whatever CFLAGS says.
STAGE_CFLAGS := -std=c11 -Wall -Wextra -Wpedantic -Wshadow -pthread -I. -I$(ROOT) -I$(ROOT)/stages
STAGE_LIBS := -pthread -lm
ifeq ($(SYSTEM),Linux)
STAGE_CFLAGS += -D_GNU_SOURCE
endif
ifeq ($(SYSTEM),Darwin)
STAGE_CFLAGS += -D_DARWIN_C_SOURCE
endif

ifdef DEBUG
CFLAGS ?= -O0 -g3
else
CFLAGS ?= -O2 -g
endif
ifdef WERROR
STAGE_CFLAGS += -Werror
endif

# The sources pick the backend that suits the system. Naming another one moves
# the build to a directory of its own.
ifdef EVENT_BACKEND
ifeq ($(filter $(EVENT_BACKEND),epoll kqueue poll),)
$(error EVENT_BACKEND=$(EVENT_BACKEND): it must be epoll, kqueue or poll)
endif
VARIANT := $(VARIANT)-$(EVENT_BACKEND)
BACKEND_FLAGS := -DEVENT_BACKEND_$(shell echo $(EVENT_BACKEND) | tr a-z A-Z)
# Linux has no kqueue: a small one on top of epoll stands in, so that the
# backend is compiled and tested there too.
ifeq ($(EVENT_BACKEND)-$(SYSTEM),kqueue-Linux)
BACKEND_FLAGS += -I$(ROOT)/tests/kqueue
EXTRA_SOURCES := $(wildcard $(ROOT)/tests/kqueue/*.c)
endif
endif
# A function of tests/observe/ is called in place of more_open(), and calls it: the
# linker arranges that. It needs what propagates, which the first stages do not have.
ifdef OBSERVE
VARIANT := $(VARIANT)-observe
ifneq ($(wildcard command/call.h),)
EXTRA_SOURCES += $(wildcard $(ROOT)/tests/observe/*.c)
STAGE_LIBS += -Wl,--wrap=more_open
endif
endif
ifdef SANITIZE
VARIANT := $(VARIANT)-sanitize
STAGE_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
STAGE_LIBS += -fsanitize=address,undefined
endif

BUILD ?= $(ROOT)/build$(VARIANT)
OUT := $(BUILD)/$(STAGE_NAME)
PROGRAM ?= server

SOURCES := $(sort $(wildcard *.c */*.c))
COMMON_SOURCES := $(sort $(wildcard $(ROOT)/common/*.c))
# What has a more.h takes the folders of stages/more/ up to its own name. A workspace
# without a more.c takes the stage's.
MORE_ROOT := $(ROOT)/stages/more
ifneq ($(wildcard more.h),)
ifdef CORE
SOURCES := $(filter-out more.c,$(SOURCES))
MORE_SOURCES := $(ROOT)/stages/core.c
else
more_folders := $(foreach name,$(notdir $(wildcard $(MORE_ROOT)/[0-9][0-9]-*)),$(if \
	$(filter $(STAGE_NAME),$(lastword $(sort $(name) $(STAGE_NAME)))),$(name)))
MORE_SOURCES := $(sort $(foreach name,$(more_folders),$(wildcard $(MORE_ROOT)/$(name)/*.c $(MORE_ROOT)/$(name)/*/*.c)))
MORE_SOURCES += $(if $(wildcard more.c),,$(wildcard $(ROOT)/stages/$(STAGE_NAME)/more.c))
endif
endif
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o) \
	$(MORE_SOURCES:$(ROOT)/stages/%.c=$(OUT)/%.o) \
	$(COMMON_SOURCES:$(ROOT)/common/%.c=$(OUT)/common/%.o) \
	$(EXTRA_SOURCES:$(ROOT)/tests/%.c=$(OUT)/tests/%.o)
COMPILE := $(CC) $(STAGE_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK := $(CC) $(CFLAGS) $(LDFLAGS)

# What names a backend is told which one it is; all else is compiled as ever, so that a compiler's cache has it.
ifneq ($(BACKEND_FLAGS),)
about_backend := $(notdir $(shell grep -lsi -e event_backend -e sys/event.h \
	$(SOURCES) $(MORE_SOURCES) $(COMMON_SOURCES) $(EXTRA_SOURCES)))
$(filter $(addprefix %/,$(about_backend:.c=.o)),$(OBJECTS)): COMPILE += $(BACKEND_FLAGS)
endif

ifndef V
QUIET := @
endif

$(OUT)/$(PROGRAM): $(OBJECTS) $(OUT)/flags
	@echo "  LD  $(OUT:$(ROOT)/%=%)/$(PROGRAM)"
	$(QUIET)$(LINK) -o $@ $(OBJECTS) $(STAGE_LIBS) $(LDLIBS)

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  CC  $(STAGE_NAME)/$<"
	$(QUIET)$(COMPILE) -MMD -MP -c -o $@ $<

$(OUT)/more/%.o: $(MORE_ROOT)/%.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  CC  $(STAGE_NAME)/more/$(<:$(MORE_ROOT)/%=%)"
	$(QUIET)$(COMPILE) -MMD -MP -c -o $@ $<

$(OUT)/core.o $(OUT)/$(STAGE_NAME)/more.o: $(OUT)/%.o: $(ROOT)/stages/%.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  CC  $(<:$(ROOT)/%=%)"
	$(QUIET)$(COMPILE) -MMD -MP -c -o $@ $<

$(OUT)/common/%.o: $(ROOT)/common/%.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  CC  $(<:$(ROOT)/%=%)"
	$(QUIET)$(COMPILE) -MMD -MP -c -o $@ $<

$(OUT)/tests/%.o: $(ROOT)/tests/%.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  CC  $(<:$(ROOT)/%=%)"
	$(QUIET)$(COMPILE) -MMD -MP -c -o $@ $<

# Holds what the objects were built with, and is rewritten only when that changes.
FLAGS := $(COMPILE) $(BACKEND_FLAGS) | $(LINK) $(STAGE_LIBS) $(LDLIBS) | $(OBJECTS)
$(OUT)/flags: force
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@

# What every file is compiled with, for tools that want to know.
compiler:
	@echo '$(strip $(COMPILE) $(BACKEND_FLAGS))'

clean:
	rm -rf $(OUT)

-include $(OBJECTS:.o=.d)

.PHONY: force compiler clean
.SUFFIXES:
.DELETE_ON_ERROR:
