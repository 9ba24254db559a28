# A virtual machine monitor as a Fuchsia program, and a guest for it: tests/fuchsia-bins/vmm, into
# $(B)/vmm (guest.bin) and $(B)/fuchsia-bins (monitor).
#
# Needs B, CLANG, LLD and what mk/fuchsia-bins.mk has. Adds to FUCHSIA_BINS. `make run-vmm` shows it.

VMM_SRC := $(FB_SRC)/vmm
VMM_OBJ := $(FB_OBJ)/vmm
VMM_BINS := $(FB_OUT)/monitor $(B)/vmm/guest.bin
VMM_CFLAGS := --target=x86_64-unknown-none-elf -std=gnu11 -ffreestanding -O2 -fno-pic -mno-red-zone \
	-mgeneral-regs-only -fno-stack-protector -Wall -Wextra -Werror -MMD -MP

FUCHSIA_BINS += $(VMM_BINS)

.PHONY: run-vmm
run-vmm: all
	@$(MAKE) --no-print-directory $(VMM_BINS)
	$(ZXRUN) --hypervisor --pkg $(B)/vmm $(FB_OUT)/monitor guest.bin

$(VMM_OBJ)/guest/%.o: $(VMM_SRC)/guest/%.c
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(VMM_CFLAGS) -c -o $@ $<

$(VMM_OBJ)/guest/%.o: $(VMM_SRC)/guest/%.S
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(VMM_CFLAGS) -c -o $@ $<

$(B)/vmm/guest.bin: $(VMM_OBJ)/guest/start.o $(VMM_OBJ)/guest/main.o $(VMM_SRC)/guest/guest.ld
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) -nostdlib -static --oformat=binary -T $(VMM_SRC)/guest/guest.ld -o $@ \
		$(filter %.o,$^)

$(FB_OUT)/monitor: $(patsubst %,$(FB_OBJ)/2020/%.o,vmm/monitor vmm/load vmm/devices rt/fidl rt/fidl_io) \
		$(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^
