# --era DATE: the interface of one date.

eras="2018-07 2018-10 2018-12 2019-01 2020-07 2021-01 newest"

# era_prototypes DATE: the prototypes that differ by date in sample.abigen, one a line.
era_prototypes()
{
	echo "$1"
	"$abigen" --era "$1" --c-header - "$here/sample.abigen" |
		sed -n '/ \**zx_lamp_\(light\|get\)/ { :a; /;$/! { N; b a; }; s/\n\t/ /g; p; }'
}

for date in $eras; do
	era_prototypes "$date"
done >"$work/eras.txt"
check_same "each date has its calls, in their forms" "$here/golden/eras.txt" "$work/eras.txt"

# What is selected stands for itself: no variants, and numbers without gaps.
mkdir -p "$work/era/zxabi" "$work/era/core"
check "other outputs follow" "$abigen" --era 2018-07 --numbers "$work/era/zxabi/calls.h" \
	--core-dispatch "$work/era/dispatch.c" --core-protos "$work/era/core/calls.h" \
	"$here/sample.abigen"
check "... variants are calls" sh -c '
	grep -q "sys_lamp_light(struct thread \*self, zx_handle_t handle)" "$1/core/calls.h" &&
	! grep lamp_light_20 "$1/core/calls.h" "$1/dispatch.c" "$1/zxabi/calls.h"' - "$work/era"
check "... numbers have no gaps" sh -c '
	sed -n "s/.*ZXCALL_lamp_[a-z_]*[ =]*\([0-9]*\).*/\1/p" "$1" >"$2" && seq 0 10 |
		diff -u - "$2"' - "$work/era/zxabi/calls.h" "$work/era/numbers"
check_status "no definitions are no error" 0 "$abigen" --era newest --c-header - /dev/null

check_status "a date that is no era is misuse" 2 "$abigen" --era 2017-01 "$here/sample.abigen"
check "... and told" grep -q "no such era: 2017-01" "$work/err"
check_status "two eras are misuse" 2 "$abigen" --era newest --era newest "$here/sample.abigen"
check "--help names the eras" sh -c '"$1" --help | grep -q " $2\$"' - "$abigen" "$eras"
