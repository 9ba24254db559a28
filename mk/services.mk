# Tests of the services and of the host I/O under them: one program for each
# tests/services/test_*.c.
#
# Needs zxrun.mk and core-tests.mk. Gives SERVICE_TESTS.

SERVICE_TEST_SRCS := $(sort $(wildcard tests/services/test_*.c))
SERVICE_TEST_SHARED := $(B)/tests/services/service_fixture.o $(B)/tests/services/io_client.o
SERVICE_TESTS := $(SERVICE_TEST_SRCS:%.c=$(B)/%)
SERVICE_TEST_OBJS := $(SERVICE_TESTS:%=%.o) $(SERVICE_TEST_SHARED)
SERVICE_TEST_LINKS := $(filter $(B)/compat/host/io%.o $(B)/compat/host/fd_reserve.o,$(HOST_OBJS)) \
	$(SERVICE_OBJS)

$(SERVICE_TEST_OBJS): $(B)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CFLAGS_HOST) $(INCLUDES) -MMD -MP -c -o $@ $<

$(SERVICE_TESTS): %: %.o $(SERVICE_TEST_SHARED) $(SERVICE_TEST_LINKS) $(CORE_TEST_SHARED) \
		$(CORE_LIB)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) -o $@ $^ $(LDFLAGS_HOST) -lcmocka -luring

-include $(SERVICE_TEST_OBJS:.o=.d)
