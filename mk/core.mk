# The core as a library: zxrun links it, and so do its unit tests.
#
# Gives CORE_LIB.

CORE_LIB := $(B)/libcore.a
CORE_SRCS := $(sort $(wildcard compat/core/*.c))
CORE_OBJS := $(CORE_SRCS:%.c=$(B)/%.o) $(B)/gen/core_dispatch.o

$(CORE_SRCS:%.c=$(B)/%.o): $(B)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_HOST) -ffreestanding $(INCLUDES) -MMD -MP -c -o $@ $<

$(B)/gen/core_dispatch.o: $(B)/gen/core_dispatch.c
	$(CC) $(CFLAGS_HOST) -ffreestanding $(INCLUDES) -MMD -MP -c -o $@ $<

$(CORE_LIB): $(CORE_OBJS)
	rm -f $@
	$(AR) rcs $@ $^

-include $(CORE_OBJS:.o=.d)
