# TAP for shell scripts, and the few checks that the tests share.

tap_n=0
tap_failed=0

# tap_report STATUS NAME: a test has passed (0) or failed. Shows $work/log when it failed.
tap_report()
{
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
		return
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $2"
	sed 's/^/# /' "$work/log"
}

# check NAME COMMAND...: passes when the command succeeds.
check()
{
	check_name=$1
	shift
	"$@" >"$work/log" 2>&1
	tap_report $? "$check_name"
}

# check_status NAME STATUS COMMAND...: passes when the command ends with that status.
# What it wrote is left in $work/out and $work/err.
check_status()
{
	check_name=$1
	check_want=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	check_got=$?
	{
		echo "expected status $check_want, got $check_got"
		cat "$work/out" "$work/err"
	} >"$work/log"
	[ "$check_got" -eq "$check_want" ]
	tap_report $? "$check_name"
}

# check_same NAME EXPECTED FILE: passes when both are alike; UPDATE=1 makes them so.
check_same()
{
	if [ -n "${UPDATE:-}" ]; then
		cp "$3" "$2"
	fi
	check "$1" diff -u "$2" "$3"
}

# skip NAME REASON: a test that cannot run here.
skip()
{
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

tap_end()
{
	echo "1..$tap_n"
	[ "$tap_failed" -eq 0 ]
	exit
}
