# Unit tests of the core: one program for each tests/core/test_*.c, with the core as a library.
#
# Gives CORE_TESTS.

CORE_TEST_SRCS := $(sort $(wildcard tests/core/test_*.c))
CORE_TEST_SHARED := $(B)/tests/core/core_fixture.o $(B)/tests/core/host_test.o \
	$(B)/tests/core/aspace_model.o $(B)/tests/core/guest_model.o
CORE_TESTS := $(CORE_TEST_SRCS:%.c=$(B)/%)
CORE_TEST_OBJS := $(CORE_TESTS:%=%.o) $(CORE_TEST_SHARED)

$(CORE_TEST_OBJS): $(B)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CFLAGS_HOST) $(INCLUDES) -MMD -MP -c -o $@ $<

$(CORE_TESTS): %: %.o $(CORE_TEST_SHARED) $(CORE_LIB)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) -o $@ $^ $(LDFLAGS_HOST) -lcmocka

-include $(CORE_TEST_OBJS:.o=.d)
