# Tests of the loader, and the fuzz target for its ELF reader.
#
# Needs B, CC, CLANG, CFLAGS_HOST, INCLUDES, and from mk/zxrun.mk ZXRUN_OBJS and ZXRUN_LIBS. Gives
# LOADER_TESTS, which tests/loader/run runs, and `make fuzz`.

LOADER_UNIT_SRCS := $(sort $(wildcard tests/loader/test_*.c))
LOADER_UNITS := $(LOADER_UNIT_SRCS:%.c=$(B)/%)
# Writes sample files for the tests of the command line; the fuzzer's corpus begins with them too.
LOADER_SAMPLES := $(B)/tests/loader/samples
LOADER_TESTS := $(LOADER_UNITS) $(LOADER_SAMPLES)
LOADER_TEST_OBJS := $(LOADER_TESTS:=.o) $(B)/tests/loader/image.o

$(LOADER_TEST_OBJS): $(B)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CFLAGS_HOST) $(INCLUDES) -MMD -MP -c -o $@ $<

# All of zxrun but its main().
$(LOADER_UNITS): %: %.o $(B)/tests/loader/image.o $(filter-out $(B)/loader/main.o,$(ZXRUN_OBJS)) \
		$(CORE_LIB)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) $(LDFLAGS_HOST) -o $@ $^ $(ZXRUN_LIBS) -lcmocka

$(LOADER_SAMPLES): %: %.o $(B)/tests/loader/image.o
	$(SAY_LD)$(CC) $(CFLAGS_HOST) $(LDFLAGS_HOST) -o $@ $^

-include $(LOADER_TEST_OBJS:.o=.d)

# --- Fuzzing: clang's libFuzzer, everything that sees the bytes instrumented ---

FUZZ_ELF := $(B)/fuzz/fuzz_elf
FUZZ_SRCS := tests/fuzz/fuzz_elf.c loader/error.c $(sort $(wildcard loader/elf*.c))
FUZZ_CORPUS := $(B)/fuzz/corpus/elf

$(FUZZ_ELF): $(FUZZ_SRCS) $(wildcard loader/*.h) | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) -std=gnu11 -O1 -g $(WARNINGS) -D_GNU_SOURCE $(INCLUDES) \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
		-o $@ $(FUZZ_SRCS) -lelf

# What the fuzzer finds new stays below B; a crashing input is left there too, and named.
.PHONY: fuzz
fuzz: all
	@$(MAKE) --no-print-directory $(FUZZ_ELF)
	FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $(B)
