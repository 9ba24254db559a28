# The packages that the build needs: installed by one script, once a machine and list.

SETUP_DONE := build/.setup-done

.PHONY: setup
setup: $(SETUP_DONE)

$(SETUP_DONE): scripts/setup
	@mkdir -p $(@D)
	scripts/setup
	@touch $@
