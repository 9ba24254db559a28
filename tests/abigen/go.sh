# The Go output: equal to golden/sample.go, fit for Go's own tools, and a program that uses it. The
# program runs on Linux, with a C library in place of Zircon: it shows the bindings and no more.

go_dir=$work/go
mkdir -p "$go_dir/include/zircon" "$go_dir/lamp" "$go_dir/abi" "$go_dir/broken" \
	"$go_dir/main"

# go_tool FLAGS COMMAND...: the tool, in $go_module or the tests' module, with nothing from outside.
# FLAGS are for C.
go_tool()
(
	cd "${go_module:-$go_dir}" || exit
	CGO_CFLAGS=$1
	shift
	HOME=$work GOPATH=$go_dir/path GOCACHE=$go_dir/cache GOPROXY=off GOFLAGS=-mod=mod
	GO111MODULE=on GOTOOLCHAIN=local CGO_ENABLED=1 CGO_LDFLAGS=-L$go_dir
	export CGO_CFLAGS HOME GOPATH GOCACHE GOPROXY GOFLAGS GO111MODULE GOTOOLCHAIN CGO_ENABLED
	export CGO_LDFLAGS CC
	go "$@"
)

# go_formatted FILE...: gofmt would change nothing.
go_formatted()
{
	gofmt -d "$@" >"$work/gofmt" && cat "$work/gofmt" && [ ! -s "$work/gofmt" ]
}

# go_fails PATTERN COMMAND...: the command fails, and says why.
go_fails()
{
	go_pattern=$1
	shift
	! "$@" >"$work/go-fails" 2>&1 && grep "$go_pattern" "$work/go-fails"
}

# Texts that Go would not take, or gofmt would change, as they are.
cp "$here/go/forms.abigen" "$go_dir/forms.abigen"
{
	printf '#^ A\001b\rb \377\tc \303\251 \357\273\277 \355\240\200.\n'
	printf '#^\n#^\n#^ Headline\n#^\n#^   # 1. x\n#!\n#^ - x\n#@ error: ZX_ERR_NEXT - \377\n'
	echo 'syscall lamp_texts () returns (zx_status_t);'
} >>"$go_dir/forms.abigen"

check "go: writes the sample's" "$abigen" --go "$go_dir/zx.go" "$here/sample.abigen"
check_same "go: ... as expected" "$here/golden/sample.go" "$go_dir/zx.go"
check "go: writes the bindings of every form" "$abigen" --go "$go_dir/lamp/zx.go" \
	"$here/sample.abigen" "$go_dir/forms.abigen"
check "go: writes those of abi/" "$abigen" --go "$go_dir/abi/zx.go" "$root/abi"
# One header for both packages, so that Go has one set of flags and builds its own parts once.
check "go: the header has them all" "$abigen" --c-header "$go_dir/include/zircon/syscalls.h" \
	"$root/abi" "$here/sample.abigen" "$go_dir/forms.abigen"
check "go: internal calls are left out" sh -c '! grep LampInside "$1"' - "$go_dir/lamp/zx.go"
check "go: calls with a successor are marked" grep -A1 '^// Deprecated: ' "$go_dir/lamp/zx.go"
check "go: headers of types are included once" sh -c \
	'[ "$(grep -c "^#include <zircon/syscalls/port.h>" "$1")" -eq 1 ]' - "$go_dir/lamp/zx.go"
check "go: nothing but calls is needed" "$abigen" --go "$go_dir/broken/zx.go" /dev/null

go_flags="-I$go_dir/include -I$root/include -I$here/go"
go_names="go: gofmt changes nothing
go: vet has nothing to say
go: structures of another size do not compile
go: arguments arrive and results come back"
if ! go version >/dev/null 2>&1 || ! gofmt </dev/null >/dev/null 2>&1; then
	echo "$go_names" >"$work/go-names"
	while read -r go_name; do
		skip "$go_name" "no Go"
	done <"$work/go-names"
else
	printf 'module bindings\n\ngo 1.18\n' >"$go_dir/go.mod"
	cp "$here/go/main.go" "$go_dir/main"
	check "go: gofmt changes nothing" go_formatted "$go_dir/lamp/zx.go" "$go_dir/abi/zx.go" \
		"$go_dir/broken/zx.go" "$here/golden/sample.go" "$here/go/main.go"
	check "go: vet has nothing to say" go_tool "$go_flags" vet ./...
	sed '/^\tPending /d' "$go_dir/lamp/zx.go" >"$go_dir/broken/zx.go"
	check "go: structures of another size do not compile" go_fails WaitItem \
		go_tool "$go_flags" vet ./broken
	{
		$CC -Wall -Wextra -Werror $go_flags -c "$here/go/lamps.c" -o "$go_dir/lamps.o" &&
		ar rc "$go_dir/libzircon.a" "$go_dir/lamps.o" &&
		go_tool "$go_flags" build -o "$go_dir/program" ./main
	} >"$work/go-build" 2>&1
	check_status "go: arguments arrive and results come back" 42 sh -c \
		'"$1" || { status=$?; cat "$2"; exit $status; }' - \
		"$go_dir/program" "$work/go-build"
fi

# Kernel sources of other dates, if there are any: their definitions, with their own headers.
go_i=0
for go_tree in $(echo "${ZIRCON_SRC:-}" | tr : ' '); do
	go_i=$((go_i + 1))
	go_date=$go_dir/date$go_i
	mkdir -p "$go_date/include/zircon"
	check "go: writes those of $go_tree" "$abigen" --go "$go_date/zx.go" \
		--c-header "$go_date/include/zircon/syscalls.h" \
		"$go_tree/system/public/zircon/syscalls.abigen"
	if [ ! -f "$go_dir/go.mod" ]; then
		skip "go: gofmt and vet on those of $go_tree" "no Go"
		continue
	fi
	check "go: gofmt changes nothing in those of $go_tree" go_formatted "$go_date/zx.go"
	check "go: vet has nothing to say about those of $go_tree" \
		go_tool "-I$go_date/include -I$go_tree/system/public" vet "./date$go_i"
done
