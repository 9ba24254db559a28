/* From numbers to names, by the sets of trace_sets.c. */
#include <string.h>

#include "compat/host/trace_line.h"
#include "compat/host/trace_sets.h"

static const struct trace_set *find(const struct trace_set *sets, const char *name)
{
	for (; sets->name; sets++)
		if (!strcmp(sets->name, name))
			return sets;
	return NULL;
}

const struct trace_set *trace_set__find(const char *name)
{
	const struct trace_set *set = find(trace_bit_sets, name);

	return set ? set : find(trace_value_sets, name);
}

static bool holds(const struct trace_name *name, uint32_t era)
{
	return era >= name->first && era <= name->last;
}

const char *trace_set__name(const struct trace_set *set, uint64_t value, uint32_t era)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->names[i].value == value && holds(&set->names[i], era))
			return set->names[i].name;
	return NULL;
}

void trace_set__add_one(struct trace_line *line, const struct trace_set *set, uint64_t value,
			uint32_t era)
{
	const char *name = set ? trace_set__name(set, value, era) : NULL;

	if (name)
		trace_line__add(line, name);
	else
		trace_line__hex(line, value);
}

void trace_set__add_bits(struct trace_line *line, const struct trace_set *set, uint64_t bits,
			 uint32_t era)
{
	uint64_t left = bits;
	size_t begin = line->used;

	for (size_t i = 0; set && i < set->count; i++) {
		const struct trace_name *name = &set->names[i];

		if ((bits & name->mask) != name->value || !holds(name, era) ||
		    (name->value && (left & name->value) != name->value))
			continue;
		trace_line__add(line, line->used == begin ? "" : "|");
		trace_line__add(line, name->name);
		left &= ~name->mask;
	}
	if (left || line->used == begin) {
		trace_line__add(line, line->used == begin ? "" : "|");
		trace_line__hex(line, left);
	}
}
