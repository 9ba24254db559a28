/*
 * Names of numbers, for traces: of bits and of single values. The `arg:` lines of the definitions in
 * abi/ name the sets.
 */
#ifndef COMPAT_HOST_TRACE_SETS_H
#define COMPAT_HOST_TRACE_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_line;

struct trace_name {
	const char *name;
	uint64_t value;
	uint64_t mask; /* among bits: these have @value */
	uint8_t first; /* enum zxabi_era: of programs of these dates */
	uint8_t last;
};

struct trace_set {
	const char *name;
	const struct trace_name *names;
	size_t count;
};

/* They end with a row without a name. */
extern const struct trace_set trace_bit_sets[];
extern const struct trace_set trace_value_sets[];

/* NULL where there is none. */
const struct trace_set *trace_set__find(const char *name);
/* Names of the signals that objects of @type (zx_obj_type_t) have. */
const struct trace_set *trace_set__signals(uint32_t type);
/* The name of @value, or NULL. */
const char *trace_set__name(const struct trace_set *set, uint64_t value, uint32_t era);
/* Both take a @set that is NULL: then there are no names. */
void trace_set__add_one(struct trace_line *line, const struct trace_set *set, uint64_t value,
			uint32_t era);
void trace_set__add_bits(struct trace_line *line, const struct trace_set *set, uint64_t bits,
			 uint32_t era);
void trace_set__add_signals(struct trace_line *line, uint32_t type, uint64_t bits, uint32_t era);

#endif
