/*
 * The state of a clock that can be mapped, as the core writes it and libzircon.so reads it. It is
 * private to the two: a program only passes its address on.
 */
#ifndef ZXABI_CLOCK_H
#define ZXABI_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <zircon/syscalls/clock.h>
#include <zircon/time.h>

/* What is mapped: one page. */
#define ZXABI_CLOCK_SIZE 4096u

struct zxabi_clock {
	uint32_t sequence; /* odd while the rest is being written; half of it is the generation */
	uint32_t padding;
	uint64_t options;
	zx_time_t backstop;
	zx_clock_transformation_t line; /* over nanoseconds of the clock that it follows */
	uint64_t error_bound;
	zx_ticks_t last_value_update;
	zx_ticks_t last_rate_update;
	zx_ticks_t last_error_update;
};

#define ZXABI_CLOCK_WORDS (sizeof(struct zxabi_clock) / sizeof(uint64_t))
_Static_assert(sizeof(struct zxabi_clock) % sizeof(uint64_t) == 0, "it is moved by words");

typedef uint64_t __attribute__((may_alias)) zxabi_clock_word;

/* Words 1 and up; the first holds the sequence. Each word is whole, the rest the sequence tells. */
static inline void zxabi_clock__copy(struct zxabi_clock *to, const struct zxabi_clock *from)
{
	for (size_t i = 1; i < ZXABI_CLOCK_WORDS; i++)
		__atomic_store_n((zxabi_clock_word *)to + i,
				 __atomic_load_n((const zxabi_clock_word *)from + i,
						 __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
}

static inline int64_t zxabi_clock__multiply(int64_t a, uint32_t b)
{
	int64_t product;

	if (!__builtin_mul_overflow(a, (int64_t)b, &product))
		return product;
	return a < 0 ? INT64_MIN : INT64_MAX;
}

/*
 * What @line shows at @reference, rounded down. In two steps, since the product of a time and a
 * rate does not fit 64 bits.
 */
static inline int64_t zxabi_clock__apply(const zx_clock_transformation_t *line, int64_t reference)
{
	int64_t distance = zx_time_sub_time(reference, line->reference_offset);
	int64_t divisor = line->rate.reference_ticks;
	int64_t quotient = distance / divisor;
	int64_t rest = distance % divisor;

	if (rest < 0) {
		rest += divisor;
		quotient--;
	}
	rest = rest * line->rate.synthetic_ticks / divisor;
	quotient = zxabi_clock__multiply(quotient, line->rate.synthetic_ticks);
	return zx_time_add_duration(zx_time_add_duration(quotient, rest), line->synthetic_offset);
}

#endif
