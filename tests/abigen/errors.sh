# Each errors/NAME.abigen holds mistakes; errors/NAME.err is what abigen says about them. It ends
# with status 1.

cd "$here/errors" || exit 2
for input in *.abigen; do
	"$abigen" --names /dev/null "$input" >"$work/out" 2>"$work/err.got"
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
