# abigen --diff: every kind of change, told in one line, and whether it breaks binaries.

# diff_tells NAME STATUS OLD NEW WANT: the definitions OLD and NEW differ by the lines WANT, which a
# summary follows.
diff_tells()
{
	printf '%s\n' "$3" >"$work/old.abigen"
	printf '%s\n' "$4" >"$work/new.abigen"
	printf '%s\n' "$5" >"$work/diff.want"
	"$abigen" --diff "$work/old.abigen" "$work/new.abigen" >"$work/diff.all" 2>"$work/log"
	diff_status=$?
	sed '$d' "$work/diff.all" >"$work/diff.got"
	{
		echo "status $diff_status, expected $2"
		diff -u "$work/diff.want" "$work/diff.got"
	} >>"$work/log" && [ "$diff_status" -eq "$2" ]
	tap_report $? "--diff tells $1"
}

# arg_tells NAME STATUS OLD NEW WANT: the same for the arguments of one call.
arg_tells()
{
	diff_tells "$1" "$2" "syscall a ($3) $status" "syscall a ($4) $status" "changed a: $5"
}

breaks=' (breaks binaries)'
more='n: size_t, m: size_t'
status='returns (zx_status_t);'

cp "$here/sample.abigen" "$work/same.abigen"
check_status "--diff of equal definitions succeeds" 0 \
	"$abigen" --diff "$here/sample.abigen" "$work/same.abigen"
check "... in silence" test ! -s "$work/out" -a ! -s "$work/err"

diff_tells "a call that was added" 0 "" "syscall a () $status" "added a"
diff_tells "a call that was removed" 3 "syscall a () $status" "" "removed a$breaks"
diff_tells "them by name" 3 "syscall c () $status syscall a () $status" \
	"syscall d () $status syscall b () $status" "removed a$breaks
added b
removed c$breaks
added d"

arg_tells "an argument more" 3 "b: int" "b: int, c: int" \
	"arguments: were (b: int), are (b: int, c: int)$breaks"
arg_tells "an argument less" 3 "b: int" "" "arguments: were (b: int), are ()$breaks"
arg_tells "another argument in its place" 3 "b: zx_handle_t" "c: int" \
	"arguments: were (b: zx_handle_t), are (c: int)$breaks"
arg_tells "arguments that changed places" 3 "b: int, c: int" "c: int, b: int" \
	"arguments reordered: were (b: int, c: int), are (c: int, b: int)$breaks"
arg_tells "arguments that moved" 3 "b: int, c: int" "d: int, b: int" \
	"arguments: were (b: int, c: int), are (d: int, b: int)$breaks"
arg_tells "an argument renamed" 0 "b: int" "c: int" "argument renamed: was b, is c"
arg_tells "a length renamed, but not its buffer" 0 "b: any[c] IN, c: size_t" \
	"b: any[d] IN, d: size_t" "argument renamed: was c, is d"

arg_tells "another size" 3 "b: uint32_t" "b: uint64_t" "b: was uint32_t, is uint64_t$breaks"
arg_tells "another sign" 3 "b: uint32_t" "b: int32_t" "b: was uint32_t, is int32_t$breaks"
arg_tells "a name for an integer" 0 "b: uint32_t" "b: zx_rights_t" \
	"b: was uint32_t, is zx_rights_t"
arg_tells "an integer for a name" 0 "b: zx_vaddr_t" "b: uint64_t" "b: was zx_vaddr_t, is uint64_t"
arg_tells "a name whose sign depends on the date" 0 "b: uint64_t" "b: zx_ticks_t" \
	"b: was uint64_t, is zx_ticks_t"
arg_tells "integers that are one" 0 "b: size_t" "b: uint64_t" "b: was size_t, is uint64_t"
arg_tells "another name of the same size" 3 "b: zx_rights_t" "b: zx_signals_t" \
	"b: was zx_rights_t, is zx_signals_t$breaks"
arg_tells "an integer that became a handle" 3 "b: uint32_t" "b: zx_handle_t" \
	"b: was uint32_t, is zx_handle_t$breaks"
arg_tells "a type that it does not know" 3 "b: uint32_t" "b: lamp_t" \
	"b: was uint32_t, is lamp_t$breaks"
arg_tells "bytes by another name" 0 "b: any[2] IN" "b: char[2] IN" \
	"b: was any[2] IN, is char[2] IN"
arg_tells "other elements" 3 "b: uint16_t[2] IN" "b: uint32_t[2] IN" \
	"b: was uint16_t[2] IN, is uint32_t[2] IN$breaks"

arg_tells "a pointer for a value" 3 "b: int" "b: int[1] IN" "b: was int, is int[1] IN$breaks"
arg_tells "a value for a pointer" 3 "b: int[1] IN" "b: int" "b: was int[1] IN, is int$breaks"
for dirs in IN:OUT IN:INOUT OUT:IN OUT:INOUT INOUT:IN INOUT:OUT; do
	arg_tells "the direction $dirs" 3 "b: int[1] ${dirs%:*}" "b: int[1] ${dirs#*:}" \
		"b: was int[1] ${dirs%:*}, is int[1] ${dirs#*:}$breaks"
done
arg_tells "a pointer that can be NULL now" 0 "b: int[1] IN" "b: int[1] optional IN" \
	"b: was int[1] IN, is int[1] optional IN"
arg_tells "a pointer that cannot be NULL any more" 3 "b: int[1] optional IN" "b: int[1] IN" \
	"b: was int[1] optional IN, is int[1] IN$breaks"
arg_tells "more elements" 3 "b: int[1] IN" "b: int[2] IN" "b: was int[1] IN, is int[2] IN$breaks"
arg_tells "less elements to read" 0 "b: int[2] IN" "b: int[1] IN" "b: was int[2] IN, is int[1] IN"
arg_tells "less elements that are written" 3 "b: int[2] OUT" "b: int[1] OUT" \
	"b: was int[2] OUT, is int[1] OUT$breaks"
arg_tells "a length that was a number" 3 "b: any[4] IN, $more" "b: any[n] IN, $more" \
	"b: was any[4] IN, is any[n] IN$breaks"
arg_tells "another length" 3 "b: any[n] IN, $more" "b: any[m] IN, $more" \
	"b: was any[n] IN, is any[m] IN$breaks"
arg_tells "a product for a length" 3 "b: any[n] IN, $more" "b: any[n * m] IN, $more" \
	"b: was any[n] IN, is any[n * m] IN$breaks"
arg_tells "more factors than there were" 3 "b: any[n * m] IN, $more" "b: any[n * m * m] IN, $more" \
	"b: was any[n * m] IN, is any[n * m * m] IN$breaks"
arg_tells "words of an argument" 0 "b: zx_handle_t" "b: zx_handle_t handle_release" \
	"b: was zx_handle_t, is zx_handle_t handle_release"

printf '%s\n' "syscall a (b: any[n * m] IN, $more) $status" >"$work/old.abigen"
printf '%s\n' "syscall a (b: any[m * n] IN, $more) $status" >"$work/new.abigen"
check_status "--diff takes n * m and m * n for one" 0 \
	"$abigen" --diff "$work/old.abigen" "$work/new.abigen"
check "... in silence" test ! -s "$work/out"

diff_tells "another result" 3 "syscall a () returns (uint32_t);" "syscall a () $status" \
	"changed a: result: was uint32_t, is zx_status_t$breaks"
diff_tells "no result" 3 "syscall a () $status" "syscall a () returns ();" \
	"changed a: result: was zx_status_t, is void$breaks"
diff_tells "a result by another name" 0 "syscall a () returns (uint64_t);" \
	"syscall a () returns (zx_ticks_t);" "changed a: result: was uint64_t, is zx_ticks_t"
diff_tells "a call that stopped returning" 3 "syscall a () $status" "syscall a noreturn ();" \
	"changed a: never returns any more$breaks"
diff_tells "a call that began to return" 3 "syscall a noreturn ();" "syscall a () $status" \
	"changed a: returns, which it never did$breaks"
diff_tells "words of a call" 0 "syscall a vdsocall z y () $status" \
	"syscall a z deprecated y blocking () $status" \
	"changed a: attributes: were vdsocall y z, are blocking deprecated y z"
diff_tells "a call that only the vDSO makes now" 3 "syscall a () $status" \
	"syscall a internal () $status" "removed a$breaks"
diff_tells "how an argument is shown" 0 "#@ arg: f flags a
syscall a (f: uint32_t) $status
syscall b (f: uint32_t) $status" "#@ arg: f one a
syscall a (f: uint32_t) $status
#@ arg: f signals
syscall b (f: uint32_t) $status" "changed a: documentation
changed b: documentation"
diff_tells "documentation" 0 "#^ One.
syscall a () $status
#! One.
syscall b () $status
#@ error: ZX_ERR_BAD_STATE one
syscall c () $status" "#^ Two.
syscall a () $status
#! Two.
syscall b () $status
#@ error: ZX_ERR_BAD_STATE two
syscall c () $status" "changed a: documentation
changed b: documentation
changed c: documentation"
diff_tells "where a call runs, and its state" 0 "syscall a () $status
#@ state: refused ZX_ERR_NOT_SUPPORTED so
syscall b () $status" "#@ where: host
#@ state: implemented
syscall a () $status
#@ state: refused ZX_ERR_ACCESS_DENIED so
syscall b () $status" "changed a: where: was core, is host
changed a: state: was missing, is implemented
changed b: state: was refused ZX_ERR_NOT_SUPPORTED, is refused ZX_ERR_ACCESS_DENIED"

diff_tells "eras that were removed" 3 "syscall a () $status" \
	"#@ eras: 2018-10..2018-12, 2020-07
syscall a () $status" "removed a in 2018-07, 2019-01, 2021-01..newest$breaks"
diff_tells "eras that were added" 0 "#@ eras: 2018-07
syscall a () $status" "#@ eras: 2018-07..2018-10
syscall a () $status" "added a in 2018-10"
diff_tells "a form of older eras" 3 "syscall a (b: int) $status" "syscall a (b: int) $status
#@ variant: a
#@ eras: 2018-07..2018-10
syscall a_old () $status" \
	"changed a in 2018-07..2018-10: arguments: were (b: int), are ()$breaks"
diff_tells "what became a form of older eras" 3 "syscall a (b: int) $status
syscall a_old () $status" "syscall a (b: int) $status
#@ variant: a
#@ eras: 2018-07
syscall a_old (b: uint32_t) $status" "changed a in 2018-07: b: was int, is uint32_t$breaks
removed a_old$breaks"
diff_tells "one change of several forms once" 0 "syscall a (b: int) $status
#@ variant: a
#@ eras: 2018-07
syscall a_old () $status" "syscall a blocking (b: int) $status
#@ variant: a
#@ eras: 2018-07
syscall a_2018 blocking () $status" "changed a: attributes: were none, are blocking"

# What the summary counts are calls.
printf '%s\n' "syscall a (b: int, c: int) $status syscall d () $status syscall e () $status" \
	>"$work/old.abigen"
printf '%s\n' "syscall a blocking (b: int[1] IN, c: int[1] IN) $status" "#^ Text." \
	"syscall e () $status syscall f () $status" >"$work/new.abigen"
check_status "--diff sums up" 3 "$abigen" --diff "$work/old.abigen" "$work/new.abigen"
check "... counting calls" sh -c 'test "$(tail -n 1 "$1")" = "$2"' - "$work/out" \
	"1 added, 1 removed, 1 changed, 1 in documentation only; 2 break binaries"
check_status "--diff the other way" 3 "$abigen" --diff "$work/new.abigen" "$work/old.abigen"
printf '%s\n' "syscall g () $status" >>"$work/old.abigen"
cp "$work/old.abigen" "$work/new.abigen"
printf '%s\n' "syscall h () $status" >>"$work/new.abigen"
check_status "--diff sums up what is harmless" 0 \
	"$abigen" --diff "$work/old.abigen" "$work/new.abigen"
check "... and says so" grep -q 'nothing breaks binaries$' "$work/out"

# Folders, standard input, and what goes wrong.
mkdir -p "$work/diff-old" "$work/diff-new"
echo "syscall a () $status" >"$work/diff-old/one.abigen"
echo "syscall b () $status" >"$work/diff-old/two.abigen"
echo "syscall b () $status syscall a () $status" >"$work/diff-new/all.abigen"
check_status "--diff reads folders" 0 "$abigen" --diff "$work/diff-old" "$work/diff-new"
check "... whose files do not matter" test ! -s "$work/out"
check "--diff reads standard input" sh -c '"$1" --diff - "$2" <"$3"' - \
	"$abigen" "$work/diff-old" "$work/diff-new/all.abigen"
check_status "--diff with one input is misuse" 2 "$abigen" --diff "$work/diff-old"
check_status "--diff with three inputs is misuse" 2 \
	"$abigen" --diff "$work/diff-old" "$work/diff-old" "$work/diff-new"
check_status "--diff with an output is misuse" 2 \
	"$abigen" --diff --status - "$work/diff-old" "$work/diff-new"
check_status "--diff of bad definitions is an error" 1 \
	"$abigen" --diff "$work/diff-old" "$here/errors/duplicate.abigen"
check_status "--diff of what is not there is an error" 1 \
	"$abigen" --diff "$work/none.abigen" "$work/diff-new"
if [ -w /dev/full ]; then
	check_status "--diff to a full device is an error" 1 sh -c '"$@" >/dev/full' - \
		"$abigen" --diff "$here/sample.abigen" "$work/diff-new"
fi
