# The conformance suite: one program for each folder in tests/fuchsia-bins/conformance, frame/ aside.
#
# Needs B, CLANG, LLD and what mk/fuchsia-bins.mk has. Gives CONFORMANCE_BINS, `make conformance`
# and docs/conformance.md.

CF_SRC := $(FB_SRC)/conformance
CF_OUT := $(FB_OUT)/conformance
CF_OBJ := $(FB_OBJ)/conformance
CF_GEN := $(B)/gen/conformance/weak.h $(B)/gen/conformance/statuses.inc

# All calls are weak, in the runtime too: the same program starts on a system that lacks some.
CF_CFLAGS := $(FB_CFLAGS) -fvisibility=hidden -I$(CF_SRC)/frame -include $(B)/gen/conformance/weak.h

CF_FAMILIES := $(filter-out frame,$(notdir $(patsubst %/,%,$(sort $(dir $(wildcard $(CF_SRC)/*/*.c))))))
CF_FRAME_OBJS := $(patsubst $(CF_SRC)/%.c,$(CF_OBJ)/%.o,$(sort $(wildcard $(CF_SRC)/frame/*.c))) \
	$(patsubst %,$(CF_OBJ)/rt/%.o,entry_static $(FB_RT))
CONFORMANCE_BINS := $(addprefix $(CF_OUT)/,$(CF_FAMILIES))

$(B)/gen/conformance/weak.h: $(FB_GEN)
	@mkdir -p $(@D)
	@echo '#include <zircon/syscalls.h>' > $@
	@sed -n 's/^[a-z].*[ *]\(zx_[a-z0-9_]*\)(.*/\#pragma weak \1/p' $< >> $@

$(B)/gen/conformance/statuses.inc: include/zircon/errors.h
	@mkdir -p $(@D)
	@sed -n 's/^#define \(ZX_ERR_[A-Z_]*\)[[:space:]].*/{ \1, "\1" },/p' $< > $@

$(CF_OBJ)/rt/%.o: $(FB_SRC)/rt/%.c $(FB_GEN) $(CF_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(CF_CFLAGS) -c -o $@ $<

$(CF_OBJ)/%.o: $(CF_SRC)/%.c $(FB_GEN) $(CF_GEN)
	@mkdir -p $(@D)
	$(SAY_CC)$(CLANG) $(CF_CFLAGS) -c -o $@ $<

# A file that is gone leaves no newer object, hence the folder.
define CF_RULES
$(CF_OUT)/$(1): $(patsubst $(CF_SRC)/%.c,$(CF_OBJ)/%.o,$(sort $(wildcard $(CF_SRC)/$(1)/*.c))) \
		$(CF_SRC)/$(1) $(CF_FRAME_OBJS) $(FB_OBJ)/rt/start_static.o $(FB_STUB)
	@mkdir -p $$(@D)
	$$(SAY_LD)$(LLD) $(FB_LDFLAGS_STATIC) -o $$@ $$(filter-out $(CF_SRC)/%,$$^)
endef
$(foreach family,$(CF_FAMILIES),$(eval $(call CF_RULES,$(family))))

CF_RUNNER := $(wildcard tests/conformance/*)

$(B)/docs/conformance.md: $(CONFORMANCE_BINS) $(B)/bindings/zircon.json $(ZXRUN) $(CF_RUNNER)
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@tests/conformance/run $(B) --coverage $@

docs/conformance.md: $(B)/docs/conformance.md
	@cp $< $@

# CONFORMANCE_ARGS goes to tests/conformance/run (-k PATTERN, --eras=all, -v, ...).
.PHONY: conformance
conformance: setup-check
	@$(MAKE) --no-print-directory binaries docs/conformance.md
	tests/conformance/run $(B) $(CONFORMANCE_ARGS)
