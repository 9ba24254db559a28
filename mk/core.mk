# The core as a library: zxrun links it, and so do its unit tests.
#
# Gives CORE_LIB.

CORE_LIB := $(B)/libcore.a
CORE_SRCS := $(sort $(wildcard compat/core/*.c))
CORE_OBJS := $(CORE_SRCS:%.c=$(B)/%.o) $(B)/gen/core_dispatch.o

$(CORE_SRCS:%.c=$(B)/%.o): $(B)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CFLAGS_HOST) -ffreestanding $(INCLUDES) -MMD -MP -c -o $@ $<

$(B)/gen/core_dispatch.o: $(B)/gen/core_dispatch.c
	$(SAY_CC)$(CC) $(CFLAGS_HOST) -ffreestanding $(INCLUDES) -MMD -MP -c -o $@ $<

# The folder: a source that was removed must leave the archive too.
$(CORE_LIB): $(CORE_OBJS) compat/core
	@rm -f $@
	$(SAY_AR)$(AR) rcs $@ $(CORE_OBJS)

-include $(CORE_OBJS:.o=.d)
