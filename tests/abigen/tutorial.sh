# The tutorial of docs/abigen.md: its definition and its programs are taken from the text and tried.
# Sourced behind go.sh, for its functions.

tutorial=$work/tutorial
mkdir -p "$tutorial/zircon" "$tutorial/go/zx" "$tutorial/man2"

# tutorial_block LANGUAGE: the first block of that language.
tutorial_block()
{
	awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```/ && on { exit } on' \
		"$root/docs/abigen.md"
}

tutorial_block abigen >"$tutorial/lamp.abigen"
tutorial_block c >"$tutorial/dim.c"
tutorial_block rust >"$tutorial/dim.rs"
tutorial_block go >"$tutorial/go/dim.go"

# The command of the tutorial, in its folder.
tutorial_command()
(
	cd "$tutorial" || exit
	command=$(tutorial_block sh)
	PATH=$build:$PATH sh -c "$command" && mv zx.go go/zx/
)
check "tutorial: the command works" tutorial_command
check "tutorial: there is a page for man" test -s "$tutorial/man2/zx_lamp_set.2"

check "tutorial: the C program compiles" $CC -std=c11 -Wall -Wextra -Werror -I"$tutorial" \
	-I"$root/include" -fsyntax-only "$tutorial/dim.c"
check "tutorial: ... as C++ too" $CXX -std=c++17 -Wall -Wextra -Werror -I"$tutorial" \
	-I"$root/include" -fsyntax-only -x c++ "$tutorial/dim.c"

if "${RUSTC:-rustc}" --version >/dev/null 2>&1; then
	check "tutorial: the Rust program compiles" "${RUSTC:-rustc}" --edition 2021 \
		--crate-type lib -D warnings --emit=metadata -o "$tutorial/dim.rmeta" \
		"$tutorial/dim.rs"
else
	skip "tutorial: the Rust program compiles" "there is no rustc"
fi

if go version >/dev/null 2>&1; then
	printf 'module example\n\ngo 1.18\n' >"$tutorial/go/go.mod"
	go_module=$tutorial/go
	check "tutorial: the Go program compiles" go_tool "-I$tutorial -I$root/include" vet ./...
	go_module=
else
	skip "tutorial: the Go program compiles" "no Go"
fi
