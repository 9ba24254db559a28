/*
 * Exceptions that calls raise: they reach the handlers once the call has ended, when the shim knows
 * the registers with which the thread will go on. For a policy's Zircon does the same.
 */
#include <zircon/syscalls/policy.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"

static void note(struct thread *self, uint32_t type, uint32_t code, uint32_t data)
{
	self->noted = type;
	self->noted_code = code;
	self->noted_data = data;
}

void exception__note_policy(struct thread *self, uint32_t code, uint32_t data)
{
	note(self, ZX_EXCP_POLICY_ERROR, code, data);
}

void exception__note_user(struct thread *self, uint32_t code, uint32_t data)
{
	note(self, ZX_EXCP_USER, code, data);
}

static const char *describe(uint32_t code)
{
	switch (code) {
	case ZX_EXCP_POLICY_CODE_CHANNEL_FULL_WRITE:
		return "too many unread messages in a channel";
	case ZX_EXCP_POLICY_CODE_PORT_TOO_MANY_PACKETS:
		return "too many packets in a port";
	case ZX_EXCP_POLICY_CODE_PORT_TOO_MANY_OBSERVERS:
		return "too many asynchronous waits on a port";
	case ZX_EXCP_POLICY_CODE_HANDLE_LEAK:
		return "a new handle was lost: the pointer for it is bad";
	default:
		return "forbidden by the job's policy";
	}
}

void exception__raise_noted(struct thread *self)
{
	zx_exception_report_v2_t report;

	if (!self->noted)
		return;
	exception__init_report(&report, self->noted);
	report.context.synth_code = self->noted_code;
	report.context.synth_data = self->noted_data;
	self->noted = 0;
	if (report.header.type == ZX_EXCP_USER)
		exception__tell_job_debuggers(self, &report);
	else if (exception__raise(self, &report) == EXCEPTION_UNHANDLED)
		process__crash(self, describe(self->noted_code));
}
