# The definitions as JSON, and its schema.

json_schema=$root/docs/abigen.schema.json

json_check()
{
	python3 "$here/json_check.py" "$@"
}

# json_prints FILE COMMAND ARGUMENT: passes when it prints what is in FILE.
json_prints()
{
	json_check "$2" "$3" >"$work/json.got" && diff -u "$1" "$work/json.got"
}

check "writes JSON" "$abigen" --json "$work/sample.json" "$here/sample.abigen"
check_same "sample.json is as expected" "$here/golden/sample.json" "$work/sample.json"
"$abigen" --json "$work/split.json" "$work/split1.abigen" "$work/split2.abigen" \
	"$work/split0.abigen"
check "the order of files does not matter to JSON" cmp "$work/sample.json" "$work/split.json"
check "writes JSON of abi/" "$abigen" --json "$work/abi.json" "$root"/abi/*.abigen
"$abigen" --json "$work/upstream.json" "$here/upstream-style.abigen"
: >"$work/empty.abigen"
"$abigen" --json "$work/empty.json" "$work/empty.abigen"

# Every byte that a line can have, at its place: bytes that are no UTF-8 become U+FFFD, each.
# The last line of the description has: a byte of no character, one form too long, a surrogate, a
# number too large, and characters that are cut off.
{
	printf '#^ quote " backslash \\ slash / tab \t end\n'
	printf '#^\n'
	printf '#^ \001\002\003\004\005\006\007\010 \013\014\015 \016\037\177\n'
	printf '#^ \302\265 \342\202\254 \360\237\222\241 \357\277\277 \364\217\277\277\n'
	printf '#^ \377 \300\257 \355\240\200 \364\220\200\200 \303 \342\202 \360\237\222\n'
	printf '#! right "\\\377"\n'
	printf '#@ error: ZX_ERR_BAD_HANDLE  error "\\\377"\n'
	printf '#@ state: refused ZX_ERR_ACCESS_DENIED reason "\\\377"\n'
	printf 'syscall odd () returns (zx_status_t);\n'
} >"$work/odd.abigen"
{
	printf 'quote " backslash \\ slash / tab \t end\n'
	printf '\n'
	printf '\001\002\003\004\005\006\007\010 \013\014\015 \016\037\177\n'
	printf '\302\265 \342\202\254 \360\237\222\241 \357\277\277 \364\217\277\277\n'
	printf 'X XX XXX XXXX X XX XXX\nright "\\X"\nerror "\\X"\nreason "\\X"\n' |
		sed "s/X/$(printf '\357\277\275')/g"
} >"$work/odd.want"
check "writes JSON of odd texts" "$abigen" --json "$work/odd.json" "$work/odd.abigen"

set -- "$work/sample.json" "$work/abi.json" "$work/upstream.json" "$work/empty.json" \
	"$work/odd.json"
if command -v python3 >/dev/null; then
	check "JSON is well-formed" json_check form "$@"
	check "odd texts come back from JSON" json_prints "$work/odd.want" texts "$work/odd.json"
	check "JSON has every public call, in its eras" json_prints "$work/calls.want" calls \
		"$work/abi.json"
else
	skip "JSON is well-formed" "no python3"
	skip "odd texts come back from JSON" "no python3"
	skip "JSON has every public call, in its eras" "no python3"
fi
if python3 -c 'import jsonschema.validators; jsonschema.Draft202012Validator' 2>/dev/null; then
	check "JSON is as the schema says" json_check valid "$json_schema" "$@"
	check "the schema rejects what is broken" json_check rejects "$json_schema" \
		"$work/sample.json"
else
	skip "JSON is as the schema says" "no jsonschema for python3"
	skip "the schema rejects what is broken" "no jsonschema for python3"
fi
