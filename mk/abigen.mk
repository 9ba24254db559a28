# The generator of everything that follows from abi/, and one run of it.
#
# Needs B (build folder), CC and CFLAGS_HOST. Gives GEN_FILES.

ABIGEN := $(B)/abigen
ABIGEN_SRCS := $(sort $(wildcard tools/abigen/*.c))
ABIGEN_OBJS := $(ABIGEN_SRCS:%.c=$(B)/%.o)
ABIGEN_INPUTS := $(sort $(wildcard abi/*.abigen))

GEN_FILES := $(addprefix $(B)/,gen/zircon/syscalls.h gen/zxabi/calls.h gen/core/calls.h \
	gen/core_dispatch.c gen/zxabi/marshal.inc gen/zxabi/trace.inc gen/vdso/entries.S \
	docs/status.md)

# Fewer inputs than before leave no file newer than the outputs, hence the folder.
$(GEN_FILES) &: $(ABIGEN) $(ABIGEN_INPUTS) abi
	@mkdir -p $(sort $(dir $(GEN_FILES)))
	$(SAY_GEN)$(ABIGEN) --c-header $(B)/gen/zircon/syscalls.h \
		--numbers $(B)/gen/zxabi/calls.h \
		--core-protos $(B)/gen/core/calls.h \
		--core-dispatch $(B)/gen/core_dispatch.c \
		--marshal $(B)/gen/zxabi/marshal.inc \
		--vdso-asm $(B)/gen/vdso/entries.S \
		--trace $(B)/gen/zxabi/trace.inc \
		--status $(B)/docs/status.md \
		$(ABIGEN_INPUTS)

$(ABIGEN): $(ABIGEN_OBJS)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) -o $@ $^

$(ABIGEN_OBJS): $(B)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CFLAGS_HOST) -MMD -MP -c -o $@ $<

-include $(ABIGEN_OBJS:.o=.d)
