# The project's own definitions, abi/.

abi=$work/abi
mkdir -p "$abi/zircon" "$abi/zxabi" "$abi/core"
check "abi/ is accepted" make_outputs "$abi" "$root"/abi/*.abigen

# calls.txt: every name that was ever public, with the eras that it was public in.
sed -n 's/^| `zx_\([a-z0-9_]*\)` | \([^|]*\) | .*/\1 \2/p' "$abi/status.md" >"$work/calls.got"
grep -v '^#' "$here/calls.txt" >"$work/calls.want"
check "abi/ has every public call, in its eras" diff -u "$work/calls.want" "$work/calls.got"

# Each definition tells what it does, whose rights it needs, where it runs, when it existed, and
# whether it works.
check "every call is documented" awk '
	FNR == 1 { delete has }
	/^#\^/ { has["description"] = 1 }
	/^#!/ { has["rights"] = 1 }
	/^#@/ { has[$2] = 1 }
	/^syscall / {
		n = split("description rights where: eras: state:", want, " ")
		for (i = 1; i <= n; i++)
			if (!(want[i] in has)) {
				print FILENAME ": " $2 " lacks " want[i]
				bad = 1
			}
		delete has
	}
	END { exit bad }' "$root"/abi/*.abigen
check "no line is longer than 100 columns" sh -c '
	! expand "$@" | grep -E "^.{101}"' - "$root"/abi/*.abigen
check "each description begins with a sentence of at most 60 characters" awk '
	/^#\^/ && !done { text = text (text ? " " : "") substr($0, 4) }
	/^#\^/ && !done && match(text, /\.( |$)/) { text = substr(text, 1, RSTART); done = 1 }
	/^syscall / {
		if (!done || length(text) > 60) {
			print FILENAME ": " $2 ": " text
			bad = 1
		}
		text = ""
		done = 0
	}
	END { exit bad }' "$root"/abi/*.abigen
check "the reference pages are current" "$abigen" --update-docs "$root/docs/syscalls" --check \
	"$root/abi"
check "errors are told for every call that returns a status and takes a handle" awk '
	/^#@ error:/ { errors = 1 }
	/^syscall / { name = $2; def = ""; told = errors; errors = 0 }
	name { def = def $0 }
	name && /;/ {
		if (def ~ /\([^)]*zx_handle_t/ && def ~ /returns \(zx_status_t/ && !told) {
			print FILENAME ": " name
			bad = 1
		}
		name = ""
	}
	END { exit bad }' "$root"/abi/*.abigen

echo '#include <zircon/syscalls.h>' >"$work/abi.c"
cp "$work/abi.c" "$work/abi.cc"
check "the C header is C11" $CC -std=c11 -pedantic -Wall -Wextra -Werror -I"$abi" \
	-I"$root/include" -fsyntax-only "$work/abi.c"
check "the C header is C++17" $CXX -std=c++17 -pedantic -Wall -Wextra -Werror -I"$abi" \
	-I"$root/include" -fsyntax-only "$work/abi.cc"
cat >"$work/tables.c" <<'END'
#include <zircon/syscalls.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/port.h>
#include <zircon/syscalls/system.h>
#include "zxabi/calls.h"
#include "zxabi/marshal.h"
#include "zxabi/trace.h"
const struct zxabi_marshal rows[ZXCALL_COUNT] = {
#include "zxabi/marshal.inc"
};
const struct zxabi_trace calls[ZXCALL_COUNT] = {
#include "zxabi/trace.inc"
};
END
check "the tables compile" $CC -std=gnu11 -Wall -Wextra -Werror -I"$abi" -I"$root/include" \
	-c "$work/tables.c" -o "$work/tables.o"
check "the structures of include/zircon have their layouts" $CC -std=c11 -Wall -Wextra -Werror \
	-I"$root/include" -fsyntax-only "$here/headers_test.c"
