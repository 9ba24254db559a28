/* What a job's policy says about what its processes do; a new job starts with its parent's. */
#include <core/calls.h>
#include <string.h>
#include <zircon/eras.h>
#include <zircon/syscalls/policy.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"

/* Conditions that a job keeps an action for, by their newest numbers. */
#define CONDITIONS (sizeof(((struct job *)0)->policy) / sizeof(((struct job *)0)->policy[0]))

/*
 * In 2018 actions were bits: 1 to deny, 2 to raise an exception, and 4, which was to kill and which
 * no kernel has looked at: 5 denies. Where that bit was set this one is too, so that the numbers
 * differ from those of later dates.
 */
#define ACTION_BITS_2018 8u
#define ACTION_KILL_BIT_2018 4u

/* Entries that zx_job_set_policy takes at most. */
#define ENTRIES_MAX 32u

/* ZX_EXCP_POLICY_CODE_* are the numbers of the conditions until they came apart. */
static void note_exception(struct thread *self, uint32_t condition)
{
	uint32_t code = condition;

	if (condition == ZX_POL_NEW_IOB_NEWEST)
		code = ZX_EXCP_POLICY_CODE_NEW_IOB;
	else if (condition == ZX_POL_NEW_SAMPLER_NEWEST)
		code = ZX_EXCP_POLICY_CODE_NEW_SAMPLER;
	exception__note_policy(self, code, 0);
}

zx_status_t policy__check(struct thread *self, uint32_t condition)
{
	struct process *process = self->process;
	const struct era_traits *era = era__of(process->era);
	uint32_t action;

	/* The supervisor's own threads are under nobody's policy. */
	if (!process->job)
		return ZX_OK;
	/* No lock: a policy changes only while the job has no processes. */
	action = process->job->policy[condition];
	if (action & ACTION_BITS_2018)
		action &= ~(ACTION_BITS_2018 | ACTION_KILL_BIT_2018);
	switch (action) {
	case ZX_POL_ACTION_ALLOW:
		return ZX_OK;
	case ZX_POL_ACTION_DENY:
		return ZX_ERR_ACCESS_DENIED;
	case ZX_POL_ACTION_ALLOW_EXCEPTION:
		note_exception(self, condition);
		return ZX_OK;
	case ZX_POL_ACTION_DENY_EXCEPTION:
		note_exception(self, condition);
		return ZX_ERR_ACCESS_DENIED;
	default:
		process__kill(process, era->retcode_policy);
		return ZX_ERR_ACCESS_DENIED;
	}
}

/* One entry as the caller gave it, in the form of the newest structure. */
struct entry {
	uint32_t condition;
	uint32_t action;
	uint32_t flags;
};

/* Errors in the order of the kernels of 2018. */
static zx_status_t translate_2018(const struct era_traits *era, struct entry *entry)
{
	const uint32_t bits = ZX_POL_ACTION_EXCEPTION_2018 | ZX_POL_ACTION_KILL_2018;

	if (entry->condition >= era->policy_max)
		return ZX_ERR_INVALID_ARGS;
	if (entry->action & ~bits)
		return ZX_ERR_NOT_SUPPORTED;
	if (entry->action & ACTION_KILL_BIT_2018)
		entry->action |= ACTION_BITS_2018;
	return ZX_OK;
}

/* From the caller's numbers to the newest; errors in the order of Zircon's JobPolicy. */
static zx_status_t translate(const struct era_traits *era, struct entry *entry)
{
	if (era->policy_actions_2018)
		return translate_2018(era, entry);
	if (entry->action >= ZX_POL_ACTION_MAX)
		return ZX_ERR_NOT_SUPPORTED;
	/* Those of ZX_POL_NEW_ANY are looked at when all entries are done. */
	if (entry->flags > ZX_POL_OVERRIDE_DENY && entry->condition != ZX_POL_NEW_ANY)
		return ZX_ERR_INVALID_ARGS;
	if (entry->condition >= era->policy_max)
		return ZX_ERR_INVALID_ARGS;
	if (!era->policy_newest && entry->condition == ZX_POL_AMBIENT_MARK_VMO_EXEC)
		entry->condition = ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST;
	return ZX_OK;
}

_Static_assert(CONDITIONS == ZX_POL_MAX_NEWEST, "each condition has its action");

/* A policy in the making: it takes effect whole or not at all. */
struct draft {
	uint32_t action[CONDITIONS];
	bool locked[CONDITIONS];
	bool locked_before[CONDITIONS];
	bool later_wins; /* what this call itself has locked it may still change */
	bool absolute;
};

/* What is locked can only be said once more; a relative policy passes over other wishes. */
static zx_status_t draft__set(struct draft *draft, uint32_t condition, uint32_t action, bool lock)
{
	const bool *locked = draft->later_wins ? draft->locked_before : draft->locked;

	if (!locked[condition]) {
		draft->action[condition] = action;
		draft->locked[condition] = lock;
		return ZX_OK;
	}
	if (draft->action[condition] == action && lock)
		return ZX_OK;
	return draft->absolute ? ZX_ERR_ALREADY_EXISTS : ZX_OK;
}

/* Whether ZX_POL_NEW_ANY stands for @condition too. */
static bool is_any(const struct era_traits *era, uint32_t condition)
{
	if (condition == ZX_POL_NEW_PROCESS)
		return era->policy_any_process;
	return condition > ZX_POL_NEW_ANY && condition != ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST;
}

/*
 * ZX_POL_NEW_ANY leaves its conditions open for the other entries of the call ("nothing but
 * channels"); what its flags say is done at the end, see draft__finish_any().
 */
static zx_status_t draft__set_any(struct draft *draft, const struct era_traits *era,
				  uint32_t action)
{
	for (uint32_t condition = 0; condition < CONDITIONS; condition++) {
		zx_status_t status;

		if (!is_any(era, condition))
			continue;
		status = draft__set(draft, condition, action, draft->later_wins);
		if (status != ZX_OK)
			return status;
	}
	return ZX_OK;
}

/*
 * As in Zircon the flags of ZX_POL_NEW_ANY hold for all its conditions, whatever other entries or
 * jobs above have said: ZX_POL_OVERRIDE_ALLOW opens what was locked, for a later call.
 */
static zx_status_t draft__finish_any(struct draft *draft, const struct era_traits *era,
				     uint32_t flags)
{
	if (flags > ZX_POL_OVERRIDE_DENY)
		return ZX_ERR_INVALID_ARGS;
	for (uint32_t condition = 0; condition < CONDITIONS; condition++) {
		if (is_any(era, condition))
			draft->locked[condition] = flags == ZX_POL_OVERRIDE_DENY;
	}
	return ZX_OK;
}

static zx_status_t draft__add(struct draft *draft, const struct era_traits *era,
			      struct entry *entries, uint32_t count)
{
	const struct entry *any = NULL;

	for (uint32_t i = 0; i < count; i++) {
		struct entry *entry = &entries[i];
		zx_status_t status = translate(era, entry);

		if (status != ZX_OK)
			return status;
		if (entry->condition == ZX_POL_NEW_ANY) {
			any = entry;
			status = draft__set_any(draft, era, entry->action);
		} else {
			status = draft__set(draft, entry->condition, entry->action,
					    entry->flags == ZX_POL_OVERRIDE_DENY);
		}
		if (status != ZX_OK)
			return status;
	}
	/* Until 2019 each entry locked its conditions by itself. */
	return any && !era->policy_actions_2018 ? draft__finish_any(draft, era, any->flags) : ZX_OK;
}

static zx_status_t apply(struct job *job, const struct era_traits *era, bool absolute,
			 struct entry *entries, uint32_t count)
{
	struct draft draft = { .later_wins = era->policy_actions_2018, .absolute = absolute };
	zx_status_t status;

	if (count > era->policy_max)
		return ZX_ERR_OUT_OF_RANGE;
	memcpy(draft.action, job->policy, sizeof(draft.action));
	memcpy(draft.locked, job->policy_locked, sizeof(draft.locked));
	memcpy(draft.locked_before, job->policy_locked, sizeof(draft.locked_before));
	status = draft__add(&draft, era, entries, count);
	if (status != ZX_OK)
		return status;
	memcpy(job->policy, draft.action, sizeof(draft.action));
	memcpy(job->policy_locked, draft.locked, sizeof(draft.locked));
	return ZX_OK;
}

/* Policies are for jobs in which nothing has begun. */
static bool may_change_locked(const struct job *job)
{
	return !job->process_count && !job->job_count;
}

/* Reads entries of either version; those of the first one cannot be overridden. */
static zx_status_t read_entries(struct thread *self, bool v2, user_addr_t policy, uint32_t count,
				struct entry *out)
{
	size_t size = v2 ? sizeof(zx_policy_basic_v2_t) : sizeof(zx_policy_basic_v1_t);
	char raw[ENTRIES_MAX * sizeof(zx_policy_basic_v2_t)];

	if (user__copy_in(self, raw, policy, count * size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	for (uint32_t i = 0; i < count; i++) {
		out[i].flags = ZX_POL_OVERRIDE_DENY;
		memcpy(&out[i], raw + i * size, size);
	}
	return ZX_OK;
}

_Static_assert(sizeof(struct entry) == sizeof(zx_policy_basic_v2_t), "entries are copied whole");

static zx_status_t set_basic(struct thread *self, zx_handle_t handle, uint32_t options, bool v2,
			     user_addr_t policy, uint32_t count)
{
	const struct era_traits *era = era__of(self->process->era);
	struct entry entries[ENTRIES_MAX];
	struct job *job;
	zx_status_t status;

	if (options != ZX_JOB_POL_RELATIVE && options != ZX_JOB_POL_ABSOLUTE)
		return ZX_ERR_INVALID_ARGS;
	if (!policy || !count || (era->policy_newest && count > ENTRIES_MAX))
		return ZX_ERR_INVALID_ARGS;
	/* More than that was out of any policy's range before there was a limit. */
	if (count <= ENTRIES_MAX) {
		status = read_entries(self, v2, policy, count, entries);
		if (status != ZX_OK)
			return status;
	}
	status = handle__get(self, handle, ZX_OBJ_TYPE_JOB, ZX_RIGHT_SET_POLICY, &job);
	if (status != ZX_OK)
		return status;
	object__lock(&job->object);
	if (may_change_locked(job))
		status = apply(job, era, options == ZX_JOB_POL_ABSOLUTE, entries, count);
	else
		status = ZX_ERR_BAD_STATE;
	object__unlock(&job->object);
	object__put(&job->object);
	return status;
}

/*
 * The least slack, which can only be raised. Its mode is for sleeps and waits: these end at their
 * deadline, which every mode allows, so there is nothing to keep of it.
 */
static zx_status_t set_timer_slack(struct thread *self, zx_handle_t handle, uint32_t options,
				   user_addr_t policy, uint32_t count)
{
	zx_policy_timer_slack_t slack;
	struct job *job;
	zx_status_t status;

	if (options != ZX_JOB_POL_RELATIVE || !policy || count != 1)
		return ZX_ERR_INVALID_ARGS;
	if (user__get(self, &slack, policy) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_JOB, ZX_RIGHT_SET_POLICY, &job);
	if (status != ZX_OK)
		return status;
	object__lock(&job->object);
	if (!may_change_locked(job))
		status = ZX_ERR_BAD_STATE;
	else if (slack.min_slack < 0 || slack.default_mode > ZX_TIMER_SLACK_LATE)
		status = ZX_ERR_INVALID_ARGS;
	else if (job->timer_slack < slack.min_slack)
		job->timer_slack = slack.min_slack;
	object__unlock(&job->object);
	object__put(&job->object);
	return status;
}

zx_status_t sys_job_set_policy(struct thread *self, zx_handle_t handle, uint32_t options,
			       uint32_t topic, user_addr_t policy, uint32_t policy_size)
{
	const struct era_traits *era = era__of(self->process->era);

	if (topic == ZX_JOB_POL_BASIC_V1)
		return set_basic(self, handle, options, false, policy, policy_size);
	if (topic == ZX_JOB_POL_BASIC_V2 && !era->policy_actions_2018)
		return set_basic(self, handle, options, true, policy, policy_size);
	if (topic == ZX_JOB_POL_TIMER_SLACK && era->policy_timer_slack)
		return set_timer_slack(self, handle, options, policy, policy_size);
	return ZX_ERR_INVALID_ARGS;
}
