# Tests of the loader.
#
# Needs B, CC, CFLAGS_HOST, INCLUDES, and from mk/zxrun.mk ZXRUN_OBJS and ZXRUN_LIBS. Gives
# LOADER_TESTS, which tests/loader/run runs.

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

# This is in zxrun's helper.
$(B)/tests/loader/test_names: $(B)/compat/crash/names.o
$(B)/tests/loader/test_names: ZXRUN_LIBS += -liberty

$(LOADER_SAMPLES): %: %.o $(B)/tests/loader/image.o
	$(SAY_LD)$(CC) $(CFLAGS_HOST) $(LDFLAGS_HOST) -o $@ $^

-include $(LOADER_TEST_OBJS:.o=.d)
