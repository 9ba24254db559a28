# Every output, made from sample.abigen: equal to golden/*, and fit for a compiler.

outputs_cc="$CC -std=gnu11 -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes"
gen=$work/gen
mkdir -p "$gen/zircon" "$gen/zxabi" "$gen/core" "$gen/compat/core"

# make_outputs DIR INPUT...: all outputs as the build lays them out.
make_outputs()
{
	dir=$1
	shift
	"$abigen" --c-header "$dir/zircon/syscalls.h" --numbers "$dir/zxabi/calls.h" \
		--core-protos "$dir/core/calls.h" --core-dispatch "$dir/core_dispatch.c" \
		--marshal "$dir/zxabi/marshal.inc" --vdso-asm "$dir/entries.S" \
		--trace "$dir/zxabi/trace.inc" --status "$dir/status.md" "$@"
}

check "makes all outputs" make_outputs "$gen" "$here/sample.abigen"
for name in zircon/syscalls.h zxabi/calls.h core/calls.h core_dispatch.c zxabi/marshal.inc \
	entries.S zxabi/trace.inc status.md; do
	check_same "$name is as expected" "$here/golden/$(echo "$name" | tr / -)" "$gen/$name"
done

check "writes every format" "$abigen" --trace "$gen/formats.inc" --numbers "$gen/formats.h" \
	"$here/formats.abigen"
check_same "formats.inc is as expected" "$here/golden/formats.inc" "$gen/formats.inc"

# The same definitions give the same outputs, whatever files they stand in and in what order.
awk -v dir="$work" '/^$/ { n++ } { print > (dir "/split" n % 3 ".abigen") }' "$here/sample.abigen"
mkdir -p "$work/again/zircon" "$work/again/zxabi" "$work/again/core"
check "reads the definitions from several files" make_outputs "$work/again" \
	"$work/split2.abigen" "$work/split0.abigen" "$work/split1.abigen"
check "... with the same result" sh -c '
	for f in zircon/syscalls.h zxabi/calls.h core/calls.h core_dispatch.c zxabi/marshal.inc \
		entries.S zxabi/trace.inc status.md; do
		cmp "$1/$f" "$2/$f" || exit 1
	done' - "$gen" "$work/again"

includes="-I$gen -I$root/include"
echo '#include <zircon/syscalls.h>' >"$work/header.c"
cp "$work/header.c" "$work/header.cc"
check "the C header is C11" $CC -std=c11 -pedantic -Wall -Wextra -Werror $includes \
	-fsyntax-only "$work/header.c"
check "the C header is C++17" $CXX -std=c++17 -pedantic -Wall -Wextra -Werror $includes \
	-fsyntax-only "$work/header.cc"

# What the core's headers give to the generated code.
cat >"$gen/compat/core/user.h" <<'END'
#include <stdint.h>
typedef uint64_t user_addr_t;
END
cat >"$gen/compat/core/core.h" <<'END'
#include <stdint.h>
#include <zircon/errors.h>
uint64_t core_time(const struct thread *self, uint64_t time);
zx_status_t core_refuse(struct thread *self, zx_handle_t handle, zx_status_t status);
zx_status_t core_refuse_taken(struct thread *self, zx_handle_t handle, zx_status_t status);
END
check "the dispatch function compiles" $outputs_cc $includes -c "$gen/core_dispatch.c" \
	-o "$work/dispatch.o"
check "dispatching works" sh -c '"$@" && "$0"' "$work/dispatch" \
	$outputs_cc $includes "$here/dispatch_test.c" "$work/dispatch.o" -o "$work/dispatch"
check "the tables hold what they should" sh -c '"$@" && "$0"' "$work/tables" \
	$outputs_cc $includes "$here/tables_test.c" -o "$work/tables"

cat >"$work/formats.c" <<'END'
#include "formats.h"
#include "zxabi/trace.h"
const struct zxabi_trace calls[ZXCALL_COUNT] = {
#include "formats.inc"
};
END
check "every format compiles" $outputs_cc $includes -c "$work/formats.c" -o "$work/formats.o"

cat >"$gen/entry.h" <<'END'
.macro ZXCALL_ENTRY name, nr, nargs
	.globl \name, _\name
\name:
_\name:
	.byte \nr, \nargs
.endm
.macro ZXVDSO_ENTRY name
	.globl \name, _\name
\name:
_\name:
	.byte 0
.endm
END
check "the entry points assemble" $CC -I"$gen" -c "$gen/entries.S" -o "$work/entries.o"
nm "$work/entries.o" >"$work/entries.nm" 2>/dev/null
check "each name has both symbols" sh -c '
	for name in light arrays unsized wait break count flicker get_name get_max explode plug_in \
		sell repair; do
		grep -q " zx_lamp_$name\$" "$1" && grep -q " _zx_lamp_$name\$" "$1" || exit 1
	done
	test "$(wc -l <"$1")" -eq 26' - "$work/entries.nm"
