# The C header: what it includes, and how its annotations behave.

ch=$work/c_header
mkdir -p "$ch/zircon"

# c_includes HEADER: what it includes, on one line.
c_includes()
{
	sed -n 's/^#include <\(.*\)>$/\1/p' "$1" | tr '\n' ' '
}

common="stddef.h stdint.h zircon/types.h zircon/syscalls/types.h zircon/syscalls/object.h"
common="$common zircon/syscalls/pci.h zircon/syscalls/profile.h"

cat >"$ch/plain.abigen" <<'END'
syscall plain
	(packet: zx_port_packet_t[1] IN, result: zx_smc_result_t[1] OUT)
	returns (zx_status_t);

syscall inner internal
	(view: zx_string_view_t)
	returns (zx_status_t);
END
check "a header of plain types is made" "$abigen" --c-header "$ch/zircon/syscalls.h" \
	"$ch/plain.abigen"
check "... it includes what all do" test "$(c_includes "$ch/zircon/syscalls.h")" = "$common "
check "... and is complete" $CC -std=c11 -Wall -Wextra -Werror -I"$ch" \
	-I"$root/include" -fsyntax-only -x c -include zircon/syscalls.h /dev/null
check_status "... calls within the vDSO are not declared" 1 grep inner "$ch/zircon/syscalls.h"

special="zircon/string_view.h zircon/syscalls/next.h zircon/syscalls/port.h zircon/syscalls/smc.h"
cat >"$ch/special.abigen" <<'END'
syscall by_value
	(packet: zx_port_packet_t, view: zx_string_view_t)
	returns (zx_smc_result_t);

syscall not_declared
	(config: zx_sampler_config_t[1] IN, view: zx_string_view_t[1] IN)
	returns (zx_status_t);
END
check "a header of special types is made" "$abigen" --c-header "$ch/zircon/syscalls.h" \
	"$ch/special.abigen"
check "... it includes where they are defined" test "$(c_includes "$ch/zircon/syscalls.h")" = \
	"$common $special "
check "... and is complete" $CC -std=c11 -Wall -Wextra -Werror -I"$ch" -I"$root/include" \
	-fsyntax-only -x c -include zircon/syscalls.h /dev/null

# Macros of a program do not reach into the annotations, nor the header's into the program.
cat >"$ch/macros.c" <<'END'
#define acquire nonsense(
#define use nonsense(
#define release nonsense(
#define acquire_handle nonsense(
#include <zircon/syscalls.h>
#ifdef ZX_HANDLE_ANNO
#error it is still defined
#endif
END
check "a header with handles is made" "$abigen" --c-header "$ch/zircon/syscalls.h" "$root/abi"
for compiler in "$CC" clang; do
	if command -v "$compiler" >/dev/null; then
		check "... its annotations are its own affair ($compiler)" "$compiler" -std=c11 \
			-Wall -Wextra -Werror -I"$ch" -I"$root/include" -fsyntax-only \
			"$ch/macros.c"
	else
		skip "... its annotations are its own affair ($compiler)" "there is no $compiler"
	fi
done

# The compilers that $CC and $CXX are not.
echo '#include <zircon/syscalls.h>' >"$ch/header.c"
for compiler in "clang -std=c11 -x c" "clang++ -std=c++17 -x c++"; do
	if command -v "${compiler%% *}" >/dev/null; then
		check "the C header of abi/ is fit for ${compiler%% -x*}" $compiler -pedantic \
			-Wall -Wextra -Werror -I"$ch" -I"$root/include" -fsyntax-only "$ch/header.c"
	else
		skip "the C header of abi/ is fit for ${compiler%% -x*}" \
			"there is no ${compiler%% *}"
	fi
done
