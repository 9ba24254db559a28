# The command line: options, exit status, and files that are written or left alone.

cli_ok='syscall one () returns (zx_status_t);'
cli_bad='syscall one () returns zx_status_t;'
echo "$cli_ok" >"$work/ok.abigen"
echo "$cli_bad" >"$work/bad.abigen"

check_status "--help succeeds" 0 "$abigen" --help
check "--help names every output" sh -c '
	for o in c-header numbers core-protos core-dispatch marshal vdso-asm trace status json; do
		grep -q -e "--$o " "$1" || exit 1
	done' - "$work/out"
check_status "--version succeeds" 0 "$abigen" --version
check "--version prints a version" grep -q '^abigen [0-9]' "$work/out"

check_status "no input is misuse" 2 "$abigen" --trace -
check "misuse points to --help" grep -q -e '--help' "$work/err"
check_status "an unknown option is misuse" 2 "$abigen" --frobnicate "$work/ok.abigen"
check_status "an output without a file is misuse" 2 "$abigen" "$work/ok.abigen" --trace
check_status "an empty file name is misuse" 2 "$abigen" --trace= "$work/ok.abigen"
check_status "two outputs to one file are misuse" 2 \
	"$abigen" --trace "$work/x" --numbers "$work/x" "$work/ok.abigen"
check_status "an input that is not there is an error" 1 "$abigen" "$work/none.abigen"
check_status "an input that is a folder is an error" 1 "$abigen" "$work"

check_status "good input without outputs is accepted" 0 "$abigen" "$work/ok.abigen"
check "... in silence" test ! -s "$work/out" -a ! -s "$work/err"
check_status "bad input is an error" 1 "$abigen" "$work/bad.abigen"

check_status "- is standard output, for several outputs too" 0 \
	"$abigen" --trace - --vdso-asm - "$work/ok.abigen"
check "... in the order of the options" sh -c '
	line() { grep -n "$1" "$2" | cut -d: -f1; }
	test "$(line ZXCALL_one "$1")" -lt "$(line ZXCALL_ENTRY "$1")"
' - "$work/out"
check "- is standard input" sh -c 'echo "$3" | "$1" --trace "$2" -' - \
	"$abigen" "$work/stdin.out" "$cli_ok"
check "... and is read" grep -q zx_one "$work/stdin.out"

mkdir "$work/part"
echo before >"$work/part/trace"
check_status "an error in the input leaves outputs alone" 1 \
	"$abigen" --trace "$work/part/trace" --status "$work/part/status" "$work/bad.abigen"
check "... the old one is as it was" grep -qx before "$work/part/trace"
check "... and there is nothing new" sh -c 'test "$(ls "$1")" = trace' - "$work/part"
check_status "an output that cannot be written is an error" 1 \
	"$abigen" --trace "$work/part/trace" --status "$work/no/such/folder" "$work/ok.abigen"
check "... the others are as they were" grep -qx before "$work/part/trace"
check "... and nothing is left behind" sh -c 'test "$(ls "$1")" = trace' - "$work/part"
check_status "an output replaces the old file" 0 \
	"$abigen" --trace "$work/part/trace" "$work/ok.abigen"
check "... by the new text" grep -q zx_one "$work/part/trace"
check_status "a device can be an output" 0 "$abigen" --trace /dev/null "$work/ok.abigen"
check "... and stays a device" test -c /dev/null
if [ -w /dev/full ]; then
	check_status "a full device is an error" 1 "$abigen" --trace /dev/full "$work/ok.abigen"
fi

# Inputs that are folders stand for the definitions in them.
mkdir -p "$work/in" "$work/in-none" "$work/in-broken" "$work/in-locked"
echo 'syscall b () returns (zx_status_t);' >"$work/in/b.abigen"
echo 'syscall a () returns (zx_status_t);' >"$work/in/a.abigen"
for name in notes.txt .hidden.abigen .abigen a.abigen~ a.abigen.bak; do
	echo 'this is no definition' >"$work/in/$name"
done
check_status "a folder is read" 0 "$abigen" --c-header "$work/in.h" "$work/in"
check "... with each file of definitions in it" sh -c '
	grep -q " zx_a(" "$1" && grep -q " zx_b(" "$1"' - "$work/in.h"
check_status "a folder can end in a slash, and stand beside files" 0 \
	"$abigen" --c-header "$work/in2.h" "$work/in/" "$work/ok.abigen"
check "... which are read too" grep -q ' zx_one(' "$work/in2.h"
check_status "a call in two files of a folder is an error" 1 sh -c \
	'cp "$2/b.abigen" "$2/c.abigen" && "$1" "$2"' - "$abigen" "$work/in"
check "... told with the names of both" grep -qxF \
	"$work/in/c.abigen:1:9: 'b' is defined already at $work/in/b.abigen:1:9" "$work/err"
check_status "a folder without definitions is an error" 1 "$abigen" "$work/in-none"
check "... that says so" grep -qF "$work/in-none: no file in this folder ends in .abigen" \
	"$work/err"
echo oops >"$work/in-broken/1.abigen"
echo oops >"$work/in-broken/2.abigen"
check_status "errors in several files are errors" 1 "$abigen" "$work/in-broken"
check "... told in the order of the names" sh -c '
	grep -o "[12].abigen:1:1" "$1" | tr "\n" " " | grep -qx "1.abigen:1:1 2.abigen:1:1 "' - \
	"$work/err"
ln -s nowhere "$work/in-none/lost.abigen"
check_status "a file of a folder that cannot be read is an error" 1 "$abigen" "$work/in-none"
check "... with its name" grep -q "in-none/lost.abigen: " "$work/err"
mkdir "$work/in-locked/x.abigen"
check_status "a folder named like a file is an error" 1 "$abigen" "$work/in-locked"
check_status "an empty name of an input is an error" 1 "$abigen" ""

# A file that has the right text already is not made anew, but becomes newer, for make.
mkdir "$work/again-same"
"$abigen" --c-header "$work/again-same/h" --man "$work/again-same/man/" "$work/ok.abigen"
touch -d 2018-07-24 "$work/again-same/h" "$work/again-same/man/zx_one.2"
chmod 600 "$work/again-same/h"
ls -i "$work/again-same/h" "$work/again-same/man/zx_one.2" >"$work/inodes.want"
check_status "outputs can be made again" 0 "$abigen" --c-header "$work/again-same/h" \
	--man "$work/again-same/man" "$work/ok.abigen"
ls -i "$work/again-same/h" "$work/again-same/man/zx_one.2" >"$work/inodes.got"
check "... in the same files" cmp "$work/inodes.want" "$work/inodes.got"
touch -d 2019-01-01 "$work/again-same/date"
check "... which are newer then" sh -c '
	test "$1/h" -nt "$1/date" && test "$1/man/zx_one.2" -nt "$1/date"' - "$work/again-same"
echo 'syscall two () returns (zx_status_t);' >"$work/other.abigen"
check_status "an output of the same length with another text is replaced" 0 \
	"$abigen" --c-header "$work/again-same/h" "$work/other.abigen"
check "... by it" grep -q ' zx_two(' "$work/again-same/h"
