/* How the tables of structures are written. */
#ifndef COMPAT_HOST_TRACE_LAYOUT_ROWS_H
#define COMPAT_HOST_TRACE_LAYOUT_ROWS_H

#include <zxabi/calls.h>

#include "compat/host/trace_layout.h"

#define MEMBERS(name) static const struct trace_member name##_members[]
#define MEMBER(type, name, format, set) AS(#name, type, name, format, set)
/* One that is called @label. */
#define AS(label, type, name, format, set)                                                         \
	{ label, offsetof(type, name), sizeof(((type *)0)->name), ZXABI_FORMAT_##format, set }
/* All that there is, without a name. */
#define VALUE(size, format, set) { "", 0, size, ZXABI_FORMAT_##format, set }
#define END { 0 }

/* Of a topic at all dates: one structure of at least @size bytes, or several of a size. */
#define ONE(number, size, members)                                                                 \
	{ number, ZXERA_2018_07, ZXERA_NEWEST, size, 0, members##_members }
#define MANY(number, record, members)                                                              \
	{ number, ZXERA_2018_07, ZXERA_NEWEST, 0, record, members##_members }
#define DATED_ONE(number, first, last, size, members)                                              \
	{ number, first, last, size, 0, members##_members }
#define DATED_MANY(number, first, last, record, members)                                           \
	{ number, first, last, 0, record, members##_members }

#endif
