# The C header's annotations: clang's static analyser finds what is wrong in analyzer.c, and
# nothing else.

analyzer_checker=fuchsia.HandleChecker

# analyzer_findings LANGUAGE: a line "LINE: WORDS" for each thing that the analyser finds.
analyzer_findings()
{
	clang --analyze -Xclang -analyzer-checker=$analyzer_checker --analyzer-output text \
		-I"$work/analyzer" -I"$root/include" -x "$@" "$here/analyzer.c" \
		2>"$work/analyzer/err" || cat "$work/analyzer/err"
	sed -n 's/^[^:]*:\([0-9]*\):[0-9]*: warning: \(.*\) \[.*\]$/\1: \2/p' \
		"$work/analyzer/err" | sort -n
}

mkdir -p "$work/analyzer/zircon"
"$abigen" --c-header "$work/analyzer/zircon/syscalls.h" "$root/abi"
if ! command -v clang >/dev/null; then
	skip "the analyser finds wrong uses of handles" "there is no clang"
elif ! clang -cc1 -analyzer-checker-help 2>/dev/null | grep -q "$analyzer_checker"; then
	skip "the analyser finds wrong uses of handles" "clang has no $analyzer_checker"
else
	grep -n '; /\* .* \*/$' "$here/analyzer.c" | sed 's/:.*; \/\* /: /; s/ \*\/$//' \
		>"$work/analyzer/want"
	for language in "c -std=c11" "c++ -std=c++17"; do
		analyzer_findings $language >"$work/analyzer/got"
		check "the analyser finds wrong uses of handles, and nothing else (${language%% *})" \
			diff -u "$work/analyzer/want" "$work/analyzer/got"
	done
	echo '#include <zircon/syscalls.h>' >"$work/analyzer/header.c"
	# Names with one underscore in front are the interface's own.
	for language in "c -std=c11" "c++ -std=c++17 -Wno-c++98-compat"; do
		check "clang has no other warning about the C header (${language%% *})" clang \
			-x $language -Weverything -Werror -Wno-reserved-identifier \
			-I"$work/analyzer" -isystem "$root/include" -fsyntax-only \
			"$work/analyzer/header.c"
	done
fi
