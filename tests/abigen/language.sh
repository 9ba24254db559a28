# What the language accepts. What it rejects is in errors/.

# accept NAME TEXT: the text alone is a correct input.
accept()
{
	printf '%s\n' "$2" >"$work/accept.abigen"
	check "accepts $1" "$abigen" "$work/accept.abigen"
}

# declares NAME TEXT PATTERN: the C header made from the text has a line like that.
declares()
{
	printf '%s\n' "$2" >"$work/decl.abigen"
	"$abigen" --c-header "$work/decl.h" "$work/decl.abigen" >"$work/log" 2>&1 &&
		tr -s '\n\t' '  ' <"$work/decl.h" >"$work/decl.line" &&
		grep -qF -e "$3" "$work/decl.line"
	declares_status=$?
	cat "$work/decl.h" >>"$work/log" 2>/dev/null
	tap_report $declares_status "declares $1"
}

status='returns (zx_status_t);'

accept "an empty file" ""
accept "comments only" "# nothing here"
accept "a missing newline at the end" "$(printf 'syscall a () %s' "$status")"
accept "lines that end in CR LF" "$(printf 'syscall a ()\r\n %s\r' "$status")"
accept "definitions without blanks" "syscall a(b:int,c:int)returns(zx_status_t,d:int);"
accept "a comment inside a definition" "syscall a ( # one
	b: int) $status"
accept "categories of any name" "syscall a test_category1 private () $status"
accept "arguments with attributes of any name" "syscall a (b: zx_handle_t pager) $status"
accept "eight arguments" \
	"syscall a (b:int, c:int, d:int, e:int, f:int, g:int, h:int, i:int) $status"
for word in vdsocall blocking internal deprecated; do
	accept "the attribute $word" "syscall a $word () $status"
done
accept "the attribute const" "syscall a const () returns (uint32_t);"
accept "the attribute noreturn" "syscall a noreturn (b: int64_t);"
for word in handle_acquire optional; do
	accept "the argument attribute $word" \
		"syscall a () returns (zx_status_t, b: zx_handle_t $word);"
done
for word in handle_release handle_release_always; do
	accept "the argument attribute $word" "syscall a (b: zx_handle_t $word) $status"
done
accept "the argument attribute features" \
	"syscall a () returns (zx_status_t, b: uint32_t features);"
accept "the argument attribute unsized" "syscall a (b: any[c] unsized IN, c: uint64_t) $status"
accept "a product of several arguments" \
	"syscall a (b: any[c * d * e] IN, c:int, d:int, e:int) $status"
accept "names of 63 characters" \
	"syscall a23456789012345678901234567890123456789012345678901234567890123 () $status"
accept "words of C as names of calls" "syscall int () $status syscall class () $status"
accept "names that begin with _" "syscall _a (_b: int, _: int) $status"
accept "every documentation line" "#^ Text.
#! Text.
#@ where: core
#@ eras: 2018-07, 2018-12..2019-01, 2021-01..newest
#@ error: ZX_ERR_BAD_STATE in some case
#@ error: ZX_ERR_BAD_STATE in another
#@ state: refused ZX_ERR_NOT_SUPPORTED because
syscall a () $status"
accept "a variant" "#@ eras: 2018-07..2018-12
syscall a () $status
#@ variant: a
#@ eras: 2018-07
syscall a_old (b: int) $status"

declares "a call without arguments" "syscall a () $status" "zx_status_t zx_a(void);"
declares "the second name of a call" "syscall a () $status" "zx_status_t _zx_a(void);"
declares "no result" "syscall a () returns ();" "void zx_a(void);"
declares "a string" "#@ where: vdso
syscall a (b: int) returns (string);" "const char *zx_a(int b);"
declares "an array that is read" "syscall a (b: any[c] IN, c: size_t) $status" \
	"zx_a(const void *b, size_t c);"
declares "an array that is written" "syscall a (b: char[4] OUT) $status" "zx_a(char *b);"
declares "an array that is both" "syscall a (b: int[1] INOUT) $status" "zx_a(int *b);"
declares "values returned behind the arguments" \
	"syscall a (b: int) returns (zx_status_t, c: zx_handle_t handle_acquire, d: size_t OUT);" \
	"zx_a(int b, ZX_HANDLE_ANNO(acquire) zx_handle_t *c, size_t *d);"
declares "noreturn" "syscall a noreturn ();" "__attribute__((__noreturn__)) void zx_a(void);"
declares "const" "syscall a const () returns (uint32_t);" \
	"__attribute__((__const__)) uint32_t zx_a(void);"
declares "the description as a comment" "#^ Does it.
syscall a () $status" "/* Does it. */ zx_status_t zx_a(void);"

# A file in the style of upstream's, without our additions.
check "accepts definitions as upstream writes them" "$abigen" "$here/upstream-style.abigen"

# The table of buffers has room for products of two.
printf '%s\n' "#@ state: implemented" "syscall a (b: any[c * d] IN, c: int, d: int) $status" \
	"#@ state: implemented" "syscall b (b: any[c * d * d] IN, c: int, d: int) $status" \
	>"$work/factors.abigen"
check_status "a longer product is fetched by whoever serves the call" 0 \
	"$abigen" --marshal - "$work/factors.abigen"
check "... and a shorter one carried with it" sh -c '
	grep -q "^.ZXCALL_a. = { 3, 1, " "$1" && grep -q "^.ZXCALL_b. = { 3, 0, " "$1"' - \
	"$work/out"

# A refused call can have a handler that looks at its arguments.
printf '%s\n' "#@ state: refused ZX_ERR_BAD_STATE it never is" "#@ checks: own" \
	"syscall a (b: any[c] IN, c: int) $status" >"$work/checks.abigen"
check_status "a refused call with checks of its own has a handler" 0 \
	"$abigen" --core-dispatch - "$work/checks.abigen"
check "... which is called" grep -q "return (int64_t)sys_a(self," "$work/out"
check_status "... and declared" 0 "$abigen" --core-protos - "$work/checks.abigen"
check "... with its arguments" grep -q "^zx_status_t sys_a(.*, user_addr_t b, int c);" "$work/out"
check_status "... and gets its buffers" 0 "$abigen" --marshal - "$work/checks.abigen"
check "... with the call" grep -q "^.ZXCALL_a. = { 2, 1, " "$work/out"
