# Programs in Rust without std (tests/fuchsia-bins/rust), into $(B)/fuchsia-bins.
#
# Debian's rustc can make code for Fuchsia, but has `core` for Linux only. So `core` is built from
# its source, which the package rust-src has: a quarter of a minute, once. It is one crate without
# dependencies; RUSTC_BOOTSTRAP permits the unstable features that it is written with. Every crate
# without std also asks for compiler_builtins. Nothing of that is needed but memcpy() and the like,
# which the runtime has, so an empty crate stands for it. The programs are linked as those in C are.
#
# Needs B and what mk/bindings.mk and mk/fuchsia-bins.mk have. Adds to FUCHSIA_BINS, unless rustc or
# the source is missing.

RUSTC ?= /usr/bin/rustc

RUST_SYSROOT := $(shell $(RUSTC) --print sysroot 2>/dev/null)
RUST_CORE_SRC := $(wildcard $(RUST_SYSROOT)/lib/rustlib/src/rust/library/core/src/lib.rs)
# x86_64-fuchsia until 2022, x86_64-unknown-fuchsia since.
RUST_TARGET := $(shell $(RUSTC) --print target-list 2>/dev/null | grep -m1 '^x86_64-.*fuchsia$$')

RUST_SRC := $(FB_SRC)/rust
RUST_OUT := $(B)/rust
RUST_CORE := $(RUST_OUT)/libcore.rlib
RUST_BUILTINS := $(RUST_OUT)/libcompiler_builtins.rlib
RUST_BINDINGS := $(B)/bindings/zircon.rs
RUST_FLAGS := --target $(RUST_TARGET) --edition 2021 -C panic=abort -C relocation-model=pic \
	-C force-frame-pointers=yes -L $(RUST_OUT)
RUST_PROGRAMS := rust-crash rust-hello rust-panic
RUST_BINS := $(addprefix $(FB_OUT)/,$(RUST_PROGRAMS))

FUCHSIA_BINS += $(if $(RUST_CORE_SRC),$(if $(RUST_TARGET),$(RUST_BINS)))

ifneq ($(V),1)
SAY_RUST = @echo "  RUST  $@";
endif

$(RUST_CORE): $(RUST_CORE_SRC)
	@mkdir -p $(@D)
	$(SAY_RUST)RUSTC_BOOTSTRAP=1 $(RUSTC) $(RUST_FLAGS) --crate-name core --crate-type rlib \
		--cap-lints allow -o $@ $<

$(RUST_BUILTINS): $(RUST_SRC)/compiler_builtins.rs $(RUST_CORE)
	$(SAY_RUST)RUSTC_BOOTSTRAP=1 $(RUSTC) $(RUST_FLAGS) --crate-type rlib -o $@ $<

$(FB_OBJ)/rust/%.o: $(RUST_SRC)/%.rs $(RUST_SRC)/rt.rs $(RUST_BINDINGS) $(RUST_CORE) \
		$(RUST_BUILTINS)
	@mkdir -p $(@D)
	$(SAY_RUST)ZIRCON_RS=$(abspath $(RUST_BINDINGS)) $(RUSTC) $(RUST_FLAGS) -O -g \
		--crate-name $(subst -,_,$*) --crate-type lib --emit=obj -o $@ $<

# The names that compilers make of late.
$(FB_OBJ)/rust/rust-crash.o: private RUST_FLAGS += -C symbol-mangling-version=v0

# Without what nothing refers to: `core` has functions that need more than the runtime gives.
$(RUST_BINS): $(FB_OUT)/%: $(FB_OBJ)/rust/%.o $(FB_RT_STATIC) $(RUST_CORE) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) --gc-sections -o $@ $^
