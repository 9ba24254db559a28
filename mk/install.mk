# Installation: programs, what they need at run time, and what abigen gives to other programs.

SHARE := $(DESTDIR)$(PREFIX)/share

.PHONY: install
install: binaries
	install -D -m 755 $(ZXRUN) $(DESTDIR)$(PREFIX)/bin/zxrun
	install -D -m 755 $(ABIGEN) $(DESTDIR)$(PREFIX)/bin/abigen
	install -D -m 644 $(VDSO) $(DESTDIR)$(PREFIX)/lib/zxrun/libzircon.so
	install -d $(SHARE)/zxrun/abi $(SHARE)/zxrun/bindings $(SHARE)/man/man2
	install -m 644 $(ABIGEN_INPUTS) $(SHARE)/zxrun/abi
	install -m 644 $(BINDINGS) $(SHARE)/zxrun/bindings
	install -m 644 docs/abigen.schema.json $(SHARE)/zxrun
	install -m 644 tools/gdb/zxrun.py tools/gdb/zxrun_sections.py $(SHARE)/zxrun
	for header in $(PUBLIC_HEADERS); do \
		install -D -m 644 include/$$header $(SHARE)/zxrun/include/$$header || exit 1; done
	install -D -m 644 $(B)/gen/zircon/syscalls.h $(SHARE)/zxrun/include/zircon/syscalls.h
	install -d $(SHARE)/man/man1
	install -m 644 docs/man/abigen.1 docs/man/zxrun.1 $(SHARE)/man/man1
	install -m 644 $(B)/man/*.2 $(SHARE)/man/man2
	install -D -m 644 docs/status.md $(SHARE)/doc/zxrun/status.md

PUBLIC_HEADERS := $(sort $(patsubst include/%,%,$(wildcard include/zircon/*.h \
	include/zircon/syscalls/*.h)))
