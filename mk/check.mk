# What people type: all, run, check, clean, help.

FUZZ_SECONDS ?= 60
RUN_ARGS ?= from make run

.PHONY: all binaries run check test clean help

# Packages first: the rest is a make of its own, that finds them installed.
all: setup
	@$(MAKE) --no-print-directory binaries

binaries: $(ABIGEN) $(BINDINGS) $(VDSO) $(SHIM) $(ZXRUN) docs/status.md

docs/status.md: $(B)/docs/status.md
	@cp $< $@

run: all
	@$(MAKE) --no-print-directory $(B)/fuchsia-bins/hello
	$(ZXRUN) $(B)/fuchsia-bins/hello $(RUN_ARGS)

check: setup-check
	@$(MAKE) --no-print-directory test

# All tests on what is built; TEST_ARGS goes to tests/run (-k PATTERN, -v, ...).
test: binaries docs/conformance.md $(FUCHSIA_BINS) $(CORE_TESTS) $(SERVICE_TESTS) $(LOADER_TESTS) $(FUZZ_BINS)
	FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run --build $(B) $(TEST_ARGS)

clean:
	rm -rf build build-sanitize build-tsan docs/status.md docs/conformance.md

help:
	@echo 'make              build zxrun, abigen and libzircon.so (installs missing packages)'
	@echo 'make run          the same, then run a Fuchsia program with zxrun'
	@echo 'make check        the same, then run all tests; FUCHSIA_SDK=DIR adds those with an SDK,'
	@echo '                  ZIRCON_SRC=DIR comparisons with Zircon'"'"'s own definitions'
	@echo 'make test         all tests without installing anything'
	@echo 'make conformance  check that calls behave as their pages say; writes docs/conformance.md'
	@echo 'make run-vmm      run a guest of a small virtual machine monitor, by /dev/kvm'
	@echo 'make bench        measure, each figure beside a Linux primitive'
	@echo 'make fuzz         fuzz what reads foreign bytes, for FUZZ_SECONDS (60)'
	@echo 'make install      install below PREFIX (/usr/local); DESTDIR is honoured'
	@echo 'make clean        remove everything that was built'
	@echo 'SANITIZE=1        with any of them: ASan and UBSan, in build-sanitize'
	@echo 'SANITIZE=thread   with all but unit tests: the thread sanitizer, in build-tsan'
	@echo 'V=1               with any of them: show the commands'
