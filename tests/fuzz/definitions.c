#include "tests/fuzz/definitions.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* As in abigen's main(). */
#define MAX_ERRORS	20

const char definitions_fixed[] =
	"#^ Light a lamp. It burns until it is put out.\n"
	"#! handle must have ZX_RIGHT_WRITE.\n"
	"#@ eras: 2018-10..2019-01, newest\n"
	"#@ error: ZX_ERR_BAD_HANDLE handle is no valid handle\n"
	"#@ state: implemented\n"
	"syscall light blocking (handle: zx_handle_t, packet: zx_port_packet_t[1] IN)\n"
	"	returns (zx_status_t, out: zx_handle_t handle_acquire);\n"
	"#@ variant: light\n"
	"#@ eras: 2018-10\n"
	"syscall light_2018 (bytes: any[n * m] INOUT, n: size_t, m: uint32_t)\n"
	"	returns (zx_status_t);\n"
	"#@ state: refused ZX_ERR_ACCESS_DENIED it is not ours\n"
	"syscall a (b: uint32_t) returns (zx_status_t);\n"
	"syscall stop noreturn (code: int64_t);\n"
	"#@ where: vdso\n"
	"syscall text vdsocall const () returns (string);\n";

bool definitions_read(struct definitions *defs, const char *text, size_t len)
{
	static FILE *null;
	struct diag diag = { .limit = MAX_ERRORS };

	if (!null)
		null = fopen("/dev/null", "w");
	assert(null);
	diag.out = null;
	*defs = (struct definitions){ .src = { .path = (char *)"input", .len = len } };
	defs->src.text = malloc(len + 1);
	assert(defs->src.text);
	memcpy(defs->src.text, text, len);
	defs->src.text[len] = '\0';
	parse_source(&diag, &defs->src, &defs->abi);
	check_abi(&diag, &defs->abi);
	return !diag.errors;
}

void definitions_free(struct definitions *defs)
{
	abi_free(&defs->abi);
	free(defs->src.text);
}
