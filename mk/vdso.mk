# libzircon.so and the shim: freestanding, and never built with sanitizers.
#
# Needs B, CC, LLD. Gives VDSO (the library) and SHIM (the image of a program process).

VDSO := $(B)/libzircon.so
SHIM := $(B)/vdso/shim

FREESTANDING := -std=gnu11 -O2 -g $(WARNINGS) -ffreestanding -fno-stack-protector -fPIE \
	-fvisibility=hidden -mfsgsbase -mgeneral-regs-only -fno-asynchronous-unwind-tables \
	-fno-jump-tables -fno-tree-switch-conversion -fcf-protection=none \
	-fno-tree-loop-distribute-patterns -I. -Iinclude -I$(B)/gen -Ivdso -MMD -MP

SHIM_OBJS := $(B)/vdso/x86-64/shim.o $(patsubst %,$(B)/vdso/%.o,shim_main shim_call shim_context shim_random shim_signal shim_stop)
VDSO_OBJS := $(B)/gen/vdso/entries.o $(patsubst %,$(B)/vdso/%.o,gates time clock random system strings)

$(B)/vdso/%.o: vdso/%.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(FREESTANDING) -c -o $@ $<

$(B)/vdso/%.o: vdso/%.S
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(FREESTANDING) -c -o $@ $<

$(B)/gen/vdso/entries.o: $(B)/gen/vdso/entries.S vdso/entry.h
	$(SAY_CC)$(CC) $(FREESTANDING) -c -o $@ $<

$(SHIM): $(SHIM_OBJS) vdso/shim.lds
	$(SAY_LD)$(LLD) -static -T vdso/shim.lds --no-rosegment -z noexecstack -z max-page-size=4096 \
		--build-id=none -o $@ $(SHIM_OBJS)

# No writable segment, no relocation: one image serves every process at any address.
$(VDSO): $(VDSO_OBJS)
	$(SAY_LD)$(LLD) -shared -soname libzircon.so --hash-style=gnu --eh-frame-hdr -z rodynamic -z norelro -z noexecstack \
		-z separate-code -z max-page-size=4096 -z defs -Bsymbolic --build-id=sha1 -o $@.tmp $(VDSO_OBJS)
	@! readelf -rW $@.tmp | grep -q R_X86_64 || { echo "$@: has dynamic relocations" >&2; exit 1; }
	@! readelf -lW $@.tmp | grep -q 'LOAD.* RW' || { echo "$@: has a writable segment" >&2; exit 1; }
	@mv $@.tmp $@

-include $(SHIM_OBJS:.o=.d) $(VDSO_OBJS:.o=.d)
