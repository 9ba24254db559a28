# The packages that the build and the tests need: installed by one script, once a machine and list.

.PHONY: setup setup-check
setup: build/.setup-build
setup-check: build/.setup-check

build/.setup-%: scripts/setup
	@mkdir -p $(@D)
	scripts/setup $*
	@touch $@
