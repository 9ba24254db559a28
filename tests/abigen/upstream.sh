# abigen beside Zircon's own tool, and abi/ beside the headers of other dates.
#
# ZIRCON_SRC=DIR[:DIR...] names kernel source trees of 2018 and early 2019, FUCHSIA_SDK SDKs. The
# headers are compared by a C compiler: names must be the same, and types compatible.
# upstream/differences.txt lists where abi/ departs from them, and why.

up=$work/upstream

# up_names CC_ARGS...: the names that zircon/syscalls.h declares itself.
up_names()
{
	echo '#include <zircon/syscalls.h>' >"$up/names.c"
	$CC -E "$@" "$up/names.c" | awk '
		/^# [0-9]/ { here = $3 ~ /zircon\/syscalls(|\/definitions|\/internal\/cdecls)\.(h|inc)"$/ }
		here' | grep -o '_*zx_[a-z0-9_]* *(' | tr -d ' (' | sort -u
}

# up_types CC OURS_H CC_ARGS...: a line "NAME types" for each name of $up/both whose types differ
# between the zircon/syscalls.h that CC finds and OURS_H; and what else CC has to say.
up_types()
{
	up_cc=$1
	# Ours have other names, so that both can be seen at once.
	sed 's/\b\(_*\)zx_\([a-z0-9_]*\)(/\1ours_\2(/' "$2" >"$up/ours.h"
	shift 2
	{
		echo '#include <zircon/syscalls.h>'
		echo "#include \"$up/ours.h\""
		while read -r up_name; do
			echo "_Static_assert(__builtin_types_compatible_p(__typeof__($up_name)," \
				"__typeof__($(echo "$up_name" | sed s/zx_/ours_/))), \"$up_name\");"
		done <"$up/both"
	} >"$up/types.c"
	$up_cc -std=c11 -w "$@" -fsyntax-only "$up/types.c" 2>"$up/types.err" && return
	sed -n 's/.*error: static.*"\(_*zx_[a-z0-9_]*\)"$/\1 types/; t ok; /error:/!d; :ok p' \
		"$up/types.err"
	grep -q error: "$up/types.err" || echo "$up_cc failed"
}

# up_compare CC OURS_H CC_ARGS...: what is in one header alone, and what is in both but not alike.
up_compare()
{
	up_ours=$2
	mkdir -p "$up/shown/zircon"
	cp "$up_ours" "$up/shown/zircon/syscalls.h"
	up_names -I"$up/shown" -I"$root/include" >"$up/ours.names"
	(shift 2 && up_names "$@") >"$up/theirs.names"
	comm -12 "$up/ours.names" "$up/theirs.names" >"$up/both"
	comm -23 "$up/ours.names" "$up/theirs.names" | sed 's/$/ ours/'
	comm -13 "$up/ours.names" "$up/theirs.names" | sed 's/$/ theirs/'
	up_types "$@"
}

# up_complete HEADER CC_ARGS...: HEADER in place of zircon/syscalls.h, with the others of its date.
up_complete()
{
	mkdir -p "$up/alone/zircon"
	cp "$1" "$up/alone/zircon/syscalls.h"
	shift
	echo '#include <zircon/syscalls.h>' >"$up/alone/c.c"
	cp "$up/alone/c.c" "$up/alone/c.cc"
	set -- -Wall -Wextra -Werror -I"$up/alone" "$@" -fsyntax-only
	$CC -std=c11 "$@" "$up/alone/c.c" && $CXX -std=c++17 "$@" "$up/alone/c.cc"
}

# up_expected DATE: what differences.txt says about it, in the form of up_compare.
up_expected()
{
	awk -v date="$1" '!/^#/ && index("," $1 ",", "," date ",") {
		print "zx_" $2, $3
		print "_zx_" $2, $3
	}' "$here/upstream/differences.txt"
}

# up_date: the date of the header whose names are in $up/theirs.names, by a name that the next
# date no longer has, or the one before did not have yet.
up_date()
{
	for up_probe in iob_create=newest channel_call_etc=2021-01 log_create=2018-07 \
		task_resume=2018-10 log_read=2018-12 clock_get_new=2019-01 \
		pager_op_range=2020-07 msi_create=2020-05; do
		if grep -qx "zx_${up_probe%=*}" "$up/theirs.names"; then
			echo "${up_probe#*=}"
			return
		fi
	done
	echo 2020-02
}

# up_era DATE: the era that abi/ has for it. Headers of early 2020 are nearer to the next one.
up_era()
{
	case $1 in
	2020-0[25]) echo 2020-07 ;;
	*) echo "$1" ;;
	esac
}

# up_check_abi NAME CC_ARGS...: abi/ as of the header's date, against the header.
up_check_abi()
{
	up_label=$1
	shift
	up_names "$@" >"$up/theirs.names"
	date=$(up_date)
	if ! up_expected "$date" | grep -q .; then
		skip "$up_label: abi/ as of $date is what the header declares" \
			"upstream/differences.txt does not know this date"
		return
	fi
	check "$up_label: abi/ as of $date is read" "$abigen" --era "$(up_era "$date")" \
		--c-header "$up/abi.h" "$root/abi"
	check "$up_label: ... and fits the other headers" up_complete "$up/abi.h" "$@"
	up_expected "$date" | sort >"$up/want"
	for up_cc in "$CC" $up_clang; do
		up_compare "$up_cc" "$up/abi.h" "$@" | sort >"$up/got"
		check "$up_label: abi/ as of $date is what the header declares ($up_cc)" \
			diff -u "$up/want" "$up/got"
	done
}

# up_build_tool TREE: Zircon's tool, and the header that it makes of the tree's definitions. The
# sources rely on what other headers of that time included.
up_build_tool()
{
	rm -rf "$up/theirs"
	mkdir -p "$up/theirs/zircon/syscalls"
	find "$1/system/host/abigen" -name '*.cpp' -exec "$CXX" -std=c++17 -w -include memory \
		-include cassert -I"$1/system/host/abigen" -o "$up/tool" '{}' + &&
		"$up/tool" -user-header "$up/theirs/zircon/syscalls/definitions.h" \
			"$1/system/public/zircon/syscalls.abigen"
}

# up_count TREE: as many calls are declared as are defined, but for internal ones.
up_count()
{
	up_defined=$(grep '^syscall ' "$1/system/public/zircon/syscalls.abigen" |
		grep -cvw internal)
	up_declared=$(grep -c '^[^ *#].*\bzx_[a-z0-9_]*(' "$up/own.h")
	echo "defined: $up_defined, declared: $up_declared"
	[ "$up_defined" -gt 0 ] && [ "$up_defined" -eq "$up_declared" ]
}

up_check_tree()
{
	up_tree=$1
	up_label=ZIRCON_SRC/$(basename "$up_tree")
	check "$up_label: syscalls.abigen is read" "$abigen" --c-header "$up/own.h" \
		"$up_tree/system/public/zircon/syscalls.abigen"
	check "$up_label: ... every call of it" up_count "$up_tree"
	check "$up_label: Zircon's tool makes its header" up_build_tool "$up_tree"
	set -- -I"$up/theirs" -idirafter "$up_tree/system/public"
	check "$up_label: ours fits the tree's headers" up_complete "$up/own.h" "$@"
	for up_cc in "$CC" $up_clang; do
		up_compare "$up_cc" "$up/own.h" "$@" >"$up/got"
		check "$up_label: both tools declare the same ($up_cc)" diff -u /dev/null "$up/got"
	done
	up_check_abi "$up_label" "$@"
}

# up_each LIST COMMAND...: the command with each folder of LIST, DIR[:DIR...].
up_each()
{
	up_list=$1:
	shift
	while [ -n "$up_list" ]; do
		up_dir=${up_list%%:*}
		up_list=${up_list#*:}
		[ -z "$up_dir" ] || "$@" "$up_dir"
	done
}

up_check_sdk()
{
	up_check_abi "FUCHSIA_SDK/$(basename "$1")" -idirafter "$1/arch/x64/sysroot/include"
}

mkdir -p "$up"
up_clang=
command -v clang >/dev/null && up_clang="clang"
if [ -n "${ZIRCON_SRC:-}" ]; then
	up_each "$ZIRCON_SRC" up_check_tree
else
	skip "both tools declare the same" "ZIRCON_SRC is not set (to Zircon's sources of 2018-19)"
fi
if [ -n "${FUCHSIA_SDK:-}" ]; then
	up_each "$FUCHSIA_SDK" up_check_sdk
else
	skip "abi/ is what SDKs declare" "FUCHSIA_SDK is not set (to the folder of a Fuchsia SDK)"
fi
