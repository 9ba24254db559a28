# The bindings for Rust: equal to golden/*, accepted by rustc, and of the layouts that C has.

rustc=${RUSTC:-rustc}
rust=$work/rust
mkdir -p "$rust"

# rust_bindings NAME INPUT...: the bindings of some definitions as $rust/NAME.rs.
rust_bindings()
{
	rust_out=$rust/$1.rs
	shift
	"$abigen" --rust "$rust_out" "$@"
}

# rust_compile FILE [OPTION]...: a library, with every warning an error; only checked.
rust_compile()
{
	rust_file=$1
	shift
	"$rustc" --edition 2021 --crate-type lib --crate-name bindings -D warnings \
		--emit=metadata -o "$rust/bindings.rmeta" "$@" "$rust_file"
}

# rust_forms NAME: a file for each way of using $rust/NAME.rs.
rust_forms()
{
	printf '#![no_std]\n#![deny(warnings)]\ninclude!("%s.rs");\n' "$1" >"$rust/$1_crate.rs"
	printf '#![no_std]\n#![deny(warnings)]\nmod %s;\n' "$1" >"$rust/$1_file.rs"
	printf '#![no_std]\n#![deny(warnings)]\nmod zircon {\n    include!("%s.rs");\n}\n' "$1" \
		>"$rust/$1_module.rs"
}

check "makes bindings for Rust" rust_bindings sample "$here/sample.abigen"
check_same "they are as expected" "$here/golden/sample.rs" "$rust/sample.rs"
check "makes Rust of odd names and of types of every kind" rust_bindings odd "$here/rust/odd.abigen"
check_same "it is as expected" "$here/golden/odd.rs" "$rust/odd.rs"
check "makes Rust of upstream's forms" rust_bindings upstream "$here/upstream-style.abigen"
check "makes Rust of abi/" rust_bindings zircon "$root"/abi/*.abigen
check "makes Rust of unknown types" rust_bindings unknown "$here/rust/unknown.abigen"
awk '/^#@ variant:/ { variant = 1 }
	/^syscall / { if (!variant && !/ internal/) print $2; variant = 0 }' "$root"/abi/*.abigen |
	sort >"$rust/calls.want"
sed -n 's/^        pub fn zx_\([a-z0-9_]*\)(.*/\1/p' "$rust/zircon.rs" >"$rust/calls.got"
check "declares each call of abi/ once, but internal ones" diff -u "$rust/calls.want" \
	"$rust/calls.got"

# What needs a compiler.
rust_tests()
{
	for name in sample odd upstream zircon; do
		rust_forms "$name"
		check "rustc accepts $name.rs as a crate" rust_compile "$rust/$name.rs"
		for form in crate file module; do
			check "... and in no_std ($form)" rust_compile "$rust/${name}_$form.rs"
		done
	done

	for tree in $(echo "${ZIRCON_SRC:-}" | tr : ' '); do
		check "makes Rust of $(basename "$tree")" rust_bindings tree \
			"$tree/system/public/zircon/syscalls.abigen"
		check "... which rustc accepts" rust_compile "$rust/tree.rs"
	done

	printf '#![no_std]\n#![allow(non_camel_case_types)]\nmod unknown;\n' >"$rust/known.rs"
	printf '#[repr(C)]\npub struct %s(pub u32);\n' zx_color_t zx_shape_t zx_pci_bar_t \
		>>"$rust/known.rs"
	check "the module around defines unknown types" rust_compile "$rust/known.rs"
	check_status "nothing is made up when it does not" 1 rust_compile "$rust/unknown.rs"
	check "... and the message names them" grep -q zx_shape_t "$work/err"

	printf '#![no_std]\nmod odd;\npub fn f() -> u32 {\n    unsafe { %s }\n}\n' \
		'odd::zx_odd_names(0, 0, 0 as _, 0 as _, true, 0 as _)' >"$rust/old.rs"
	check_status "using a deprecated call is a warning" 1 rust_compile "$rust/old.rs"
	check "... and nothing else is" rust_compile "$rust/old.rs" -A deprecated

	cp "$here/rust/check.rs" "$rust/check.rs"
	awk -f "$here/rust/layouts.awk" "$rust/zircon.rs" >"$rust/layouts.rs"
	awk -v lang=c -f "$here/rust/layouts.awk" "$rust/zircon.rs" >"$rust/layouts.c"
	# Nothing is called, so any library will do.
	$CC -shared -x c /dev/null -o "$rust/libzircon.so"
	check "handles and statuses behave" sh -c '"$@" && "$0" >"$0.out"' "$rust/check" \
		"$rustc" --edition 2021 "$rust/check.rs" -L "$rust" -o "$rust/check"
	check "C's layouts can be printed" sh -c '"$@" && "$0" >"$0.out"' "$rust/layouts" \
		$CC -std=c11 -Wno-type-limits -I"$root/include" "$rust/layouts.c" -o "$rust/layouts"
	check "Rust's layouts and constants are those of C" diff -u "$rust/layouts.out" \
		"$rust/check.out"
	check "... of all structures" grep -q '^zx_port_packet_t.payload is at 16$' "$rust/check.out"
}

if "$rustc" --version >/dev/null 2>&1; then
	rust_tests
else
	skip "Rust's compiler accepts the bindings" "there is no rustc"
fi
