# From the bindings of Rust, a program that prints the size of each type, whether it has a sign,
# where its fields are, and the value of each status: in Rust, or with lang=c in C. Both print the
# same when the bindings are right.

function put(format, rust, c)
{
	if (lang == "c")
		print "\tprintf(\"" format "\\n\", (long)(" c "));"
	else
		print "    println!(\"" format "\", " rust ");"
}

# What Rust cannot name as C does.
function c_field(type, field)
{
	sub(/_$/, "", field)
	if (type == "zx_packet_interrupt_t" && field == "reserved")
		return "reserved0"
	if (type == "zx_port_packet_t" && field == "payload")
		return "user"
	return field
}

BEGIN {
	value = lang == "c" ? "%ld" : "{}"
	if (lang == "c") {
		print "#include <stdio.h>"
		print "#include <zircon/types.h>"
		print "#include <zircon/string_view.h>"
		print "#include <zircon/syscalls/types.h>"
		print "#include <zircon/syscalls/port.h>"
		print "int main(void)\n{"
	} else {
		print "use crate::zircon::*;"
		print "use std::mem::{size_of, MaybeUninit};"
		print "use std::ptr::addr_of;"
		print "fn offset<T, F>(field: fn(*const T) -> *const F) -> usize {"
		print "    let value = MaybeUninit::<T>::uninit();"
		print "    field(value.as_ptr()) as usize - value.as_ptr() as usize"
		print "}"
		print "#[allow(unused_comparisons)]"
		print "pub fn print() {"
	}
}

{ sub(/;$/, "") }

$1 == "pub" && $2 == "const" && $3 ~ /^ZX_(OK|ERR_)/ {
	name = substr($3, 1, length($3) - 1)
	put(name " is " value, name ".0", name)
}

$1 == "pub" && $2 ~ /^(struct|union|type)$/ {
	type = $3
	sub(/\(.*/, "", type)
	known = type != "zx_packet_payload_t"
	opaque = 0
	size = type
}

$2 == "type" {
	put(type " has " value " bytes", "size_of::<" type ">()", "sizeof(" type ")")
	if ($5 ~ /^[iu]/)
		put(type " has a sign: " value, "((0 as " type ").wrapping_sub(1) < 0) as u8",
		    "(" type ")-1 < 0")
}

$2 == "struct" && /\(pub/ {
	put(type " has " value " bytes", "size_of::<" type ">()", "sizeof(" type ")")
}

# Only what has fields has a size.
/^        pub [a-z0-9_]+: .*,$/ && known {
	field = substr($2, 1, length($2) - 1)
	if (size)
		put(type " has " value " bytes", "size_of::<" type ">()", "sizeof(" type ")")
	size = ""
	put(type "." field " is at " value,
	    "offset::<" type ", _>(|p| unsafe { addr_of!((*p)." field ") })",
	    "offsetof(" type ", " c_field(type, field) ")")
}

END { print lang == "c" ? "\treturn 0;\n}" : "}" }
