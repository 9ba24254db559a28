# A virtual machine monitor as a Fuchsia program, and a guest for it: tests/fuchsia-bins/vmm, into
# $(B)/vmm (guest.bin, a package for the monitor) and $(B)/fuchsia-bins (monitor).
#
# Needs B, CLANG, LLD and what mk/fuchsia-bins.mk has. Adds to FUCHSIA_BINS. `make run-vmm` shows it.

VMM_SRC := $(FB_SRC)/vmm
VMM_OBJ := $(FB_OBJ)/vmm
VMM_BINS := $(FB_OUT)/monitor $(B)/vmm/guest.bin
VMM_OBJS := $(patsubst $(VMM_SRC)/%.c,$(VMM_OBJ)/%.o,$(sort $(wildcard $(VMM_SRC)/*.c)))
VMM_GUEST_OBJS := $(patsubst $(VMM_SRC)/guest/%,$(VMM_OBJ)/guest/%.o,$(basename \
	$(sort $(wildcard $(VMM_SRC)/guest/*.c $(VMM_SRC)/guest/*.S))))
RUN_VMM_ARGS ?= ticks=3 exit=7

FUCHSIA_BINS += $(VMM_BINS)

# Ends with the guest's exit code, which is shown.
.PHONY: run-vmm
run-vmm: all
	@$(MAKE) --no-print-directory $(VMM_BINS)
	$(ZXRUN) --hypervisor --pkg $(B)/vmm $(FB_OUT)/monitor /pkg/guest.bin $(RUN_VMM_ARGS); echo $$?

$(VMM_OBJ)/%.o: $(VMM_SRC)/%.c $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -fvisibility=hidden -c -o $@ $<

$(FB_OUT)/monitor: $(VMM_OBJS) $(FB_OBJ)/2020/librt.a $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

# The guest has no system, and so nobody who would save vector registers in interrupts.
VMM_CFLAGS := --target=x86_64-unknown-none-elf -std=gnu11 -ffreestanding -nostdlibinc -O2 -g \
	-fno-pic -mcmodel=small -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
	-Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wwrite-strings \
	-Wvla -I$(VMM_SRC) -MMD -MP

$(VMM_OBJ)/guest/%.o: $(VMM_SRC)/guest/%.c
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(VMM_CFLAGS) -c -o $@ $<

$(VMM_OBJ)/guest/%.o: $(VMM_SRC)/guest/%.S
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(VMM_CFLAGS) -c -o $@ $<

$(B)/vmm/guest.bin: $(VMM_GUEST_OBJS) $(VMM_SRC)/guest/guest.lds
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) -static -T $(VMM_SRC)/guest/guest.lds --oformat binary -o $@ $(VMM_GUEST_OBJS)
