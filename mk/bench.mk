# Measurements: `make bench`. Never part of the tests.

BENCH_BINS := $(addprefix $(B)/bench/,linux kvm exit calls cow exception guest hot suspend)

.PHONY: bench
bench: setup-check
	@$(MAKE) --no-print-directory binaries $(BENCH_BINS) $(addprefix $(B)/fuchsia-bins/,hello stdin-cat)
	bench/run $(B)

$(B)/bench/linux: bench/linux.c
	@mkdir -p $(@D)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) $(LDFLAGS_HOST) -o $@ $<

$(B)/bench/kvm: bench/kvm.c bench/guest_code.h
	@mkdir -p $(@D)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) -I. $(LDFLAGS_HOST) -o $@ $<

$(B)/bench/exit: bench/exit.S
	@mkdir -p $(@D)
	$(SAY_LD)$(CC) -nostdlib -static -o $@ $<

$(FB_OBJ)/bench/%.o: bench/fuchsia/%.c $(FB_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(FB_CFLAGS) -c -o $@ $<

$(B)/bench/calls $(B)/bench/exception $(B)/bench/hot: $(B)/bench/%: $(FB_OBJ)/bench/%.o $(FB_OBJ)/bench/measure.o $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^

$(B)/bench/cow $(B)/bench/guest $(B)/bench/suspend: $(B)/bench/%: $(FB_OBJ)/bench/%.o $(FB_RT_STATIC) $(FB_STUB)
	@mkdir -p $(@D)
	$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $@ $^
