# The command line: options, exit status, and files that are written or left alone.

cli_ok='syscall one () returns (zx_status_t);'
cli_bad='syscall one () returns zx_status_t;'
echo "$cli_ok" >"$work/ok.abigen"
echo "$cli_bad" >"$work/bad.abigen"

check_status "--help succeeds" 0 "$abigen" --help
check "--help names every output" sh -c '
	for o in c-header numbers core-protos core-dispatch marshal vdso-asm names status; do
		grep -q -e "--$o " "$1" || exit 1
	done' - "$work/out"
check_status "--version succeeds" 0 "$abigen" --version
check "--version prints a version" grep -q '^abigen [0-9]' "$work/out"

check_status "no input is misuse" 2 "$abigen" --names -
check "misuse points to --help" grep -q -e '--help' "$work/err"
check_status "an unknown option is misuse" 2 "$abigen" --frobnicate "$work/ok.abigen"
check_status "an output without a file is misuse" 2 "$abigen" "$work/ok.abigen" --names
check_status "an empty file name is misuse" 2 "$abigen" --names= "$work/ok.abigen"
check_status "two outputs to one file are misuse" 2 \
	"$abigen" --names "$work/x" --numbers "$work/x" "$work/ok.abigen"
check_status "an input that is not there is an error" 1 "$abigen" "$work/none.abigen"
check_status "an input that is a folder is an error" 1 "$abigen" "$work"

check_status "good input without outputs is accepted" 0 "$abigen" "$work/ok.abigen"
check "... in silence" test ! -s "$work/out" -a ! -s "$work/err"
check_status "bad input is an error" 1 "$abigen" "$work/bad.abigen"

check_status "- is standard output, for several outputs too" 0 \
	"$abigen" --names - --vdso-asm - "$work/ok.abigen"
check "... in the order of the options" sh -c '
	line() { grep -n "$1" "$2" | cut -d: -f1; }
	test "$(line ZXCALL_one "$1")" -lt "$(line ZXCALL_ENTRY "$1")"
' - "$work/out"
check "- is standard input" sh -c 'echo "$3" | "$1" --names "$2" -' - \
	"$abigen" "$work/stdin.out" "$cli_ok"
check "... and is read" grep -q zx_one "$work/stdin.out"

mkdir "$work/part"
echo before >"$work/part/names"
check_status "an error in the input leaves outputs alone" 1 \
	"$abigen" --names "$work/part/names" --status "$work/part/status" "$work/bad.abigen"
check "... the old one is as it was" grep -qx before "$work/part/names"
check "... and there is nothing new" sh -c 'test "$(ls "$1")" = names' - "$work/part"
check_status "an output that cannot be written is an error" 1 \
	"$abigen" --names "$work/part/names" --status "$work/no/such/folder" "$work/ok.abigen"
check "... the others are as they were" grep -qx before "$work/part/names"
check "... and nothing is left behind" sh -c 'test "$(ls "$1")" = names' - "$work/part"
check_status "an output replaces the old file" 0 \
	"$abigen" --names "$work/part/names" "$work/ok.abigen"
check "... by the new text" grep -q zx_one "$work/part/names"
check_status "a device can be an output" 0 "$abigen" --names /dev/null "$work/ok.abigen"
check "... and stays a device" test -c /dev/null
if [ -w /dev/full ]; then
	check_status "a full device is an error" 1 "$abigen" --names /dev/full "$work/ok.abigen"
fi
