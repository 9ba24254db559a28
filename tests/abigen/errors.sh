# Each errors/NAME.abigen holds mistakes; errors/NAME.err is what abigen says about them. It ends
# with status 1.

cd "$here/errors" || exit 2
for input in *.abigen; do
	"$abigen" --trace /dev/null "$input" >"$work/out" 2>"$work/err.got"
	errors_status=$?
	if [ "$errors_status" -ne 1 ]; then
		echo "status $errors_status" >>"$work/err.got"
	fi
	check_same "reports $(basename "$input" .abigen)" "$here/errors/${input%.abigen}.err" \
		"$work/err.got"
done
cd "$root" || exit 2

# Carets stand below the column named, with tabs kept.
printf 'syscall a (b: int,\n\t\tb: int) returns (zx_status_t);\n' >"$work/tab.abigen"
printf '%s:2:3: argument %sb%s given twice\n\t\tb: int) returns (zx_status_t);\n\t\t^\n' \
	"$work/tab.abigen" "'" "'" >"$work/tab.want"
"$abigen" "$work/tab.abigen" 2>"$work/tab.got"
check "carets keep tabs" diff -u "$work/tab.want" "$work/tab.got"

# Files of several inputs are told apart, and a definition may not be repeated among them.
echo 'syscall a () returns ();' >"$work/first.abigen"
printf '\nsyscall a () returns ();\n' >"$work/second.abigen"
check_status "a call in two files is an error" 1 \
	"$abigen" "$work/first.abigen" "$work/second.abigen"
check "... told where both are" grep -qxF \
	"$work/second.abigen:2:9: 'a' is defined already at $work/first.abigen:1:9" "$work/err"

# Not more than 20 errors are shown.
i=0
while [ $i -lt 30 ]; do
	echo "syscall a$i (b: any) returns ();"
	i=$((i + 1))
done >"$work/many.abigen"
check_status "many errors are still errors" 1 "$abigen" "$work/many.abigen"
check "... of which 20 are shown" test "$(grep -c 'many.abigen:' "$work/err")" -eq 20
check "... and the rest is mentioned" grep -qx 'more errors are not shown' "$work/err"

# Bytes that no text has do not upset it.
head -c 4096 /dev/urandom >"$work/noise.abigen"
printf '!' >>"$work/noise.abigen"
check_status "noise is an error" 1 "$abigen" "$work/noise.abigen"
printf 'syscall a () returns ();\000\n' >"$work/nul.abigen"
check_status "a NUL byte is an error" 1 "$abigen" "$work/nul.abigen"
check "... with its place" grep -q 'nul.abigen:1:25: unexpected byte 0x00' "$work/err"
printf '#^ One\000 two.\nsyscall a () returns ();\n' >"$work/nul.abigen"
check_status "a NUL byte in documentation is an error" 1 "$abigen" "$work/nul.abigen"
check "... with its place too" grep -q 'nul.abigen:1:7: unexpected byte 0x00' "$work/err"
printf '#^ \377\376 \303\274\nsyscall a () returns ();\n' >"$work/utf8.abigen"
check "documentation can be in any encoding" "$abigen" "$work/utf8.abigen"

# What a terminal would obey is not shown, and carets stand below characters, not bytes.
printf '#@ where: \303\274\033[1m\007 core\nsyscall a () returns ();\n' >"$work/esc.abigen"
"$abigen" "$work/esc.abigen" 2>"$work/esc.got"
check "control characters are not shown" sh -c '! tr -d "\n\t" <"$1" | grep "[[:cntrl:]]"' - \
	"$work/esc.got"
printf '#@ where: \303\274\nsyscall a () returns ();\n#@ where: core \303\274 \303\274\n' \
	>"$work/caret.abigen"
printf 'syscall \303\274 () returns ();\n' >>"$work/caret.abigen"
"$abigen" "$work/caret.abigen" 2>"$work/caret.got"
check "carets stand below characters" sh -c '
	printf "          ^\n        ^\n         ^\n" >"$2.want"
	grep "^ *^\$" "$1" | head -n 3 >"$2" && diff -u "$2.want" "$2"' - \
	"$work/caret.got" "$work/caret.carets"

# Inputs of any size and shape end in a message of a size that can be read.
: >"$work/empty.abigen"
check_status "an empty file is a correct one" 0 "$abigen" "$work/empty.abigen"
head -c 10000000 /dev/zero | tr '\000' a >"$work/word.abigen"
check_status "a word of 10 MB is an error" 1 "$abigen" "$work/word.abigen"
check "... of few words" test "$(wc -c <"$work/err")" -lt 1000
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "syscall x " }' >"$work/line.abigen"
check_status "a line of 10 MB is an error" 1 "$abigen" "$work/line.abigen"
check "... that is not repeated whole" test "$(wc -c <"$work/err")" -lt 20000
awk 'BEGIN {
	printf "syscall a"
	for (i = 0; i < 1000000; i++)
		printf " test"
	print " () returns ();"
}' >"$work/words.abigen"
check_status "a call can have many categories" 0 "$abigen" "$work/words.abigen"
awk 'BEGIN {
	for (i = 0; i < 100000; i++)
		printf "#^ Text %d.\nsyscall a%d (b: any[c] IN, c: size_t) returns ();\n", i, i
}' >"$work/calls.abigen"
check "100000 calls are correct" timeout 20 "$abigen" "$work/calls.abigen"
awk 'BEGIN {
	print "syscall b () returns ();"
	for (i = 0; i < 100000; i++)
		printf "#@ variant: b\n#@ eras: newest\nsyscall a%d () returns ();\n", i
}' >"$work/calls.abigen"
check_status "100000 variants of one call are an error" 1 timeout 20 "$abigen" "$work/calls.abigen"

# Words of C and C++ cannot be arguments, as the header could not be read then.
for word in alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t \
	char32_t class compl const const_cast constexpr continue decltype default delete do \
	double dynamic_cast else enum explicit export extern false float for friend goto if inline \
	int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private \
	protected public register reinterpret_cast restrict return short signed sizeof static \
	static_assert static_cast struct switch template this thread_local throw true try typedef \
	typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq; do
	echo "syscall a ($word: int) returns ();" | "$abigen" - 2>"$work/err"
	grep -q "'$word' is a keyword" "$work/err" || echo "$word"
done >"$work/keywords"
check "keywords of C and C++ are no names of arguments" test ! -s "$work/keywords"
