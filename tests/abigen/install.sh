# What `make install` puts in place is whole: programs can be compiled with it, and run.

install_root=$work/root
install_share=$install_root/usr/share/zxrun

# The build's own make, but without the flags and the jobs of the one that runs the tests.
install_all()
{
	case $build in
	*sanitize) install_options=SANITIZE=1 ;;
	*) install_options=B=$build ;;
	esac
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$root" install "$install_options" \
		DESTDIR="$install_root" PREFIX=/usr
}

check "install: works" install_all
check "install: C programs compile with the headers" $CC -std=c11 -Wall -Wextra -Werror \
	-I"$install_share/include" -fsyntax-only "$here/headers_test.c"
printf '#include <zircon/syscalls.h>\nzx_status_t (*call)(zx_handle_t) = zx_handle_close;\n' \
	>"$work/installed.c"
check "install: ... and find the calls" $CC -std=c11 -Wall -Wextra -Werror \
	-I"$install_share/include" -fsyntax-only "$work/installed.c"
check "install: abigen reads the definitions" "$install_root/usr/bin/abigen" "$install_share/abi"
check "install: each call has a page for man" sh -c '
	test "$(ls "$1/usr/share/man/man2" | wc -l)" -eq "$(grep -vc "^#" "$2/calls.txt")"' - \
	"$install_root" "$here"
check "install: the bindings are there" test -s "$install_share/bindings/zircon.rs" -a \
	-s "$install_share/bindings/zx.go" -a -s "$install_share/bindings/zircon.json"
check "install: zxrun runs programs" "$install_root/usr/bin/zxrun" "$build/fuchsia-bins/hello"
