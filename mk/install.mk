.PHONY: install
install: binaries
	install -D -m 755 $(ZXRUN) $(DESTDIR)$(PREFIX)/bin/zxrun
	install -D -m 755 $(ABIGEN) $(DESTDIR)$(PREFIX)/bin/abigen
	install -D -m 644 $(VDSO) $(DESTDIR)$(PREFIX)/lib/zxrun/libzircon.so
	install -d $(DESTDIR)$(PREFIX)/share/zxrun/abi
	install -m 644 $(ABIGEN_INPUTS) $(DESTDIR)$(PREFIX)/share/zxrun/abi
	install -D -m 644 docs/status.md $(DESTDIR)$(PREFIX)/share/doc/zxrun/status.md
