# Fuzzing: clang's libFuzzer, with everything that sees the bytes instrumented.
#
# Needs B, CLANG, WARNINGS, INCLUDES, GEN_FILES, ABIGEN_SRCS. Gives FUZZ_BINS and `make fuzz`.

FUZZ_OBJ := $(B)/fuzz/obj
FUZZ_CFLAGS := -std=gnu11 -O1 -g $(WARNINGS) -D_GNU_SOURCE $(INCLUDES) \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined

# All of abigen but its command line.
FUZZ_ABIGEN_SRCS := tests/fuzz/definitions.c \
	$(filter-out %/main.c %/options.c %/inputs.c %/generate.c,$(ABIGEN_SRCS))
FUZZ_elf_SRCS := tests/fuzz/fuzz_elf.c loader/error.c $(sort $(wildcard loader/elf*.c))
FUZZ_abigen_SRCS := tests/fuzz/fuzz_abigen.c $(FUZZ_ABIGEN_SRCS)
FUZZ_pages_SRCS := tests/fuzz/fuzz_pages.c $(FUZZ_ABIGEN_SRCS)

FUZZ_NAMES := elf abigen pages
FUZZ_BINS := $(FUZZ_NAMES:%=$(B)/fuzz/fuzz_%)
FUZZ_OBJS := $(sort $(foreach name,$(FUZZ_NAMES),$(FUZZ_$(name)_SRCS:%.c=$(FUZZ_OBJ)/%.o)))

$(FUZZ_OBJS): $(FUZZ_OBJ)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

define fuzz_target
$(B)/fuzz/fuzz_$(1): $(FUZZ_$(1)_SRCS:%.c=$(FUZZ_OBJ)/%.o)
	$$(SAY_LD)$$(CLANG) -fsanitize=fuzzer,address,undefined -o $$@ $$^ $(2)
endef
$(eval $(call fuzz_target,elf,-lelf))
$(eval $(call fuzz_target,abigen))
$(eval $(call fuzz_target,pages))

-include $(FUZZ_OBJS:.o=.d)

# What the fuzzers find new stays below B; a crashing input is left there too, and named.
.PHONY: fuzz
fuzz: setup-check
	@$(MAKE) --no-print-directory $(FUZZ_BINS)
	FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $(B)
