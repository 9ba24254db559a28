/* Exceptions that calls raise: they reach the handlers once the call has ended, as on Zircon. */
#include <zircon/syscalls/policy.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"

void exception__note_policy(struct thread *self, uint32_t code, uint32_t data)
{
	self->policy_code = code;
	self->policy_data = data;
	self->policy_noted = true;
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
	default:
		return "forbidden by the job's policy";
	}
}

void exception__raise_policy(struct thread *self)
{
	zx_exception_report_v2_t report;

	if (!self->policy_noted)
		return;
	self->policy_noted = false;
	exception__init_report(&report, ZX_EXCP_POLICY_ERROR);
	report.context.synth_code = self->policy_code;
	report.context.synth_data = self->policy_data;
	if (exception__raise(self, &report) == EXCEPTION_UNHANDLED)
		process__crash(self, describe(self->policy_code));
}
