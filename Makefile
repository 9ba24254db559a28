# zxrun: Fuchsia programs on plain Linux. `make help` lists what there is to make.

B ?= build
PREFIX ?= /usr/local
CC := gcc
CLANG ?= clang
LLD ?= ld.lld

WARNINGS := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow \
	-Wwrite-strings -Wvla
CFLAGS_HOST := -std=gnu11 -O2 -g $(WARNINGS) -fno-strict-aliasing -D_GNU_SOURCE
LDFLAGS_HOST := -pthread

# Sanitized objects are other objects: they live in a folder of their own.
ifeq ($(SANITIZE),1)
B := build-sanitize
CFLAGS_HOST += -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
LDFLAGS_HOST += -fsanitize=address,undefined
else ifeq ($(SANITIZE),thread)
B := build-tsan
# It does not know fences, and says so; the one that there is is for readers in programs.
CFLAGS_HOST += -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan
LDFLAGS_HOST += -fsanitize=thread
endif

# A line for each step; V=1 shows the commands themselves.
ifneq ($(V),1)
SAY_CC = @echo "  CC    $@";
SAY_LD = @echo "  LD    $@";
SAY_AR = @echo "  AR    $@";
SAY_GEN = @echo "  GEN   $(B)/gen";
SAY_BINDINGS = @echo "  GEN   $(B)/bindings $(B)/man";
endif

INCLUDES := -I. -Iinclude -I$(B)/gen

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
# What a failed or changed recipe would leave behind is never taken for an input.
MAKEFLAGS += --no-builtin-rules

include mk/setup.mk
include mk/abigen.mk
include mk/bindings.mk
include mk/vdso.mk
include mk/core.mk
include mk/zxrun.mk
include mk/fuchsia-bins.mk
include mk/conformance.mk
include mk/vmm.mk
include mk/rust.mk
-include mk/core-tests.mk mk/services.mk mk/loader.mk mk/fuzz.mk
include mk/check.mk
include mk/bench.mk
include mk/install.mk
