# What abigen makes of abi/ for other people's programs and for readers.
#
# Needs B and ABIGEN. Gives BINDINGS, MAN_PAGES_DONE.

BINDINGS := $(addprefix $(B)/bindings/,zircon.rs zx.go zircon.json)
MAN_PAGES_DONE := $(B)/man/.made

# The pages of calls that are gone must not be installed.
$(BINDINGS) $(MAN_PAGES_DONE) &: $(ABIGEN) $(ABIGEN_INPUTS) abi
	@mkdir -p $(B)/bindings
	@rm -rf $(B)/man
	$(SAY_BINDINGS)$(ABIGEN) --rust $(B)/bindings/zircon.rs --go $(B)/bindings/zx.go \
		--json $(B)/bindings/zircon.json --man $(B)/man/ $(ABIGEN_INPUTS)
	@touch $(MAN_PAGES_DONE)
