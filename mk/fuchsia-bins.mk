# Fuchsia test programs (tests/fuchsia-bins), into $(B)/fuchsia-bins:
#   NAME            static programs, and programs that want an interpreter
#   lib/            ld.so.1 (ours) and the test libraries, in the format of 2020
#   lib-2018/       the same, in the format of 2018
# Needs B (build folder), CLANG, LLD, $(B)/gen/zircon/syscalls.h and $(B)/libzircon.so.
# FUCHSIA_BINS lists the outputs.

CLANG ?= clang
LLD ?= ld.lld

FB_SRC := tests/fuchsia-bins
FB_OUT := $(B)/fuchsia-bins
FB_OBJ := $(B)/obj/fuchsia-bins
FB_STUB := $(B)/libzircon.so
FB_GEN := $(B)/gen/zircon/syscalls.h

FB_INCLUDES := -I$(FB_SRC) -I$(FB_SRC)/rt -I$(FB_SRC)/lib -I$(FB_SRC)/interp -Iinclude -I$(B)/gen
FB_CFLAGS := --target=x86_64-unknown-fuchsia -std=gnu11 -ffreestanding -nostdlibinc -fPIC -O2 -g \
	-fno-sanitize=safe-stack -fno-stack-protector -fno-omit-frame-pointer \
	-Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wwrite-strings \
	-Wvla $(FB_INCLUDES) -MMD -MP
# C++ has the language alone: there is no library that exceptions or type information could need.
FB_CXXFLAGS := $(filter-out -std=gnu11 -Wstrict-prototypes,$(FB_CFLAGS)) -std=c++17 \
	-fno-exceptions -fno-rtti -fno-threadsafe-statics
# As Fuchsia's own toolchain links; the default layout (segments that share a page of the file) is
# used for the programs with an interpreter, so that both are met.
FB_LDFLAGS := -z now -z relro --hash-style=gnu --build-id -z max-page-size=4096
FB_LDFLAGS_STATIC := $(FB_LDFLAGS) -pie --no-dynamic-linker -z separate-loadable-segments \
	-z rodynamic --pack-dyn-relocs=relr
FB_LDFLAGS_DYNAMIC := $(FB_LDFLAGS) -pie -dynamic-linker ld.so.1 --pack-dyn-relocs=relr

# From the archive a program takes only what it uses, so that it imports no other calls.
FB_RT := boot start print thread check format string elf_image child vmar
FB_RT_LIB := $(FB_OBJ)/librt.a
FB_RT_STATIC := $(patsubst %,$(FB_OBJ)/rt/%.o,start_static entry_static) $(FB_RT_LIB)
FB_RT_DYNAMIC := $(FB_OBJ)/rt/start_dynamic.o $(FB_RT_LIB)

# A program is one file in prog/, in C or C++; those below are built in another way than the rest.
FB_DYNAMIC := hello-dyn missing-lib missing-symbol
FB_FIDL := fidl-open launcher debugger
FB_ERA_LIB := $(addprefix rt/,fidl fidl_io fidl_launcher fidl_loader) \
	$(addprefix debugger/,handler inferior)
FB_FUZZ := fuzz-calls
FB_NOT_PLAIN := hello-dyn missing $(FB_FIDL) $(FB_FUZZ)
FB_ALL := $(patsubst $(FB_SRC)/prog/%.c,%,$(sort $(wildcard $(FB_SRC)/prog/*.c)))
FB_CXX := $(patsubst $(FB_SRC)/prog/%.cc,%,$(sort $(wildcard $(FB_SRC)/prog/*.cc)))
FB_STATIC := $(filter-out $(FB_NOT_PLAIN),$(FB_ALL)) $(FB_CXX)
FB_ERAS := 2018 2020
FB_LIBS := ld.so.1 libcount.so libgreet.so libpartial.so

FUCHSIA_BINS := $(addprefix $(FB_OUT)/,$(FB_STATIC) $(FB_DYNAMIC) \
	$(FB_FIDL) $(addsuffix -2018,$(FB_FIDL)) fidl-open-2018-10 $(FB_FUZZ) \
	$(addprefix lib/,$(FB_LIBS)) $(addprefix lib-2018/,$(FB_LIBS)))

# --- Objects ---

$(FB_OBJ)/rt/%.o: $(FB_SRC)/rt/%.c $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -fvisibility=hidden -c -o $@ $<

$(FB_OBJ)/rt/%.o: $(FB_SRC)/rt/%.S
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -c -o $@ $<

$(FB_OBJ)/prog/%.o: $(FB_SRC)/prog/%.c $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -c -o $@ $<

$(FB_OBJ)/prog/%.o: $(FB_SRC)/prog/%.cc $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CXXFLAGS) -c -o $@ $<

# A library calls its own exported functions by name too, as another object may replace them.
$(FB_OBJ)/lib/%.o: $(FB_SRC)/lib/%.c $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -fsemantic-interposition -c -o $@ $<

$(FB_OBJ)/interp/%.o: $(FB_SRC)/interp/%.S
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -c -o $@ $<

# What is built once for each era: the interpreter, and programs that speak FIDL or debug others.
define FB_ERA_RULES
$(FB_OBJ)/$(1)/%.o: $(FB_SRC)/%.c $(FB_GEN)
	@mkdir -p $$(@D)
	$$(SAY_CC)$(CLANG) $(FB_CFLAGS) -fvisibility=hidden -DRT_ERA=$(1) -c -o $$@ $$<

$(FB_OBJ)/$(1)/librt.a: $(patsubst %,$(FB_OBJ)/$(1)/%.o,$(FB_ERA_LIB))
	@rm -f $$@
	$$(SAY_AR)$(AR) rcs $$@ $$^
endef
$(foreach era,$(FB_ERAS),$(eval $(call FB_ERA_RULES,$(era))))

$(FB_RT_LIB): $(patsubst %,$(FB_OBJ)/rt/%.o,$(FB_RT))
	@mkdir -p $(@D)
	@rm -f $@
	$(SAY_AR)$(AR) rcs $@ $^

# --- Programs ---

$(addprefix $(FB_OUT)/,$(FB_STATIC)): $(FB_OUT)/%: $(FB_OBJ)/prog/%.o $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

# A name that would command a terminal.
$(FB_OUT)/crash-name: FB_LDFLAGS_STATIC += -soname "$$(printf 'so\302\2332J')"

$(addprefix $(FB_OUT)/,$(FB_FIDL)): $(FB_OUT)/%: $(FB_OBJ)/2020/prog/%.o \
		$(FB_OBJ)/2020/librt.a $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

$(addprefix $(FB_OUT)/,$(addsuffix -2018,$(FB_FIDL))): $(FB_OUT)/%-2018: $(FB_OBJ)/2018/prog/%.o \
		$(FB_OBJ)/2018/librt.a $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

# The program of 2018, with another client of fuchsia.io than that of the library.
$(FB_OBJ)/2018-10/rt/fidl_io.o: $(FB_SRC)/rt/fidl_io.c $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -fvisibility=hidden -DRT_ERA=2018 -DRT_IO_NUMBERED \
		-c -o $@ $<

$(FB_OUT)/fidl-open-2018-10: $(FB_OBJ)/2018/prog/fidl-open.o $(FB_OBJ)/2018-10/rt/fidl_io.o \
		$(FB_OBJ)/2018/librt.a $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

$(FB_OUT)/$(FB_FUZZ): $(patsubst $(FB_SRC)/%.c,$(FB_OBJ)/2020/%.o,$(FB_SRC)/prog/$(FB_FUZZ).c \
		$(sort $(wildcard $(FB_SRC)/fuzz/*.c)) $(FB_SRC)/rt/fidl.c $(FB_SRC)/rt/fidl_io.c) \
		$(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

$(FB_OUT)/hello-dyn: $(FB_OBJ)/prog/hello-dyn.o $(FB_RT_DYNAMIC) $(FB_OUT)/lib/libgreet.so \
		$(FB_OUT)/lib/libcount.so $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_DYNAMIC) -o $@ $^

# Linked with libraries that have the function; the one that is found at run time is absent, or
# (libpartial.so) lacks it.
$(FB_OUT)/missing-lib: $(FB_OBJ)/prog/missing.o $(FB_RT_DYNAMIC) $(FB_OBJ)/libabsent.so $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_DYNAMIC) -o $@ $^

$(FB_OUT)/missing-symbol: $(FB_OBJ)/prog/missing.o $(FB_RT_DYNAMIC) $(FB_OBJ)/libpartial.so \
		$(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_DYNAMIC) -o $@ $^

# --- Libraries and the interpreter ---

$(FB_OBJ)/libabsent.so $(FB_OBJ)/libpartial.so: $(FB_OBJ)/lib/absent.o
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) -shared $(FB_LDFLAGS) -soname $(@F) -o $@ $^

define FB_LIB_RULES
$(1)/libcount.so: $(FB_OBJ)/lib/count.o
	@mkdir -p $$(@D)
	$$(SAY_LD)$(LLD) -shared $(FB_LDFLAGS) --no-undefined -soname $$(@F) -o $$@ $$^

$(1)/libgreet.so: $(FB_OBJ)/lib/greet.o $(1)/libcount.so $(FB_STUB)
	@mkdir -p $$(@D)
	$$(SAY_LD)$(LLD) -shared $(FB_LDFLAGS) --no-undefined -soname $$(@F) -o $$@ $$^

$(1)/libpartial.so: $(FB_OBJ)/lib/count.o
	@mkdir -p $$(@D)
	$$(SAY_LD)$(LLD) -shared $(FB_LDFLAGS) --no-undefined -soname $$(@F) -o $$@ $$^

$(1)/ld.so.1: $(patsubst %,$(FB_OBJ)/$(2)/interp/%.o,interp module ldsvc debug) $(FB_OBJ)/interp/jump.o \
		$(FB_OBJ)/$(2)/rt/fidl.o \
		$(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $$(@D)
	$(SAY_LD)$(LLD) -shared -Bsymbolic $(FB_LDFLAGS) --no-undefined -z separate-loadable-segments \
		-z rodynamic -soname $$(@F) -e _start -o $$@ $$^
endef
$(eval $(call FB_LIB_RULES,$(FB_OUT)/lib,2020))
$(eval $(call FB_LIB_RULES,$(FB_OUT)/lib-2018,2018))

-include $(shell find $(FB_OBJ) -name '*.d' 2>/dev/null)
