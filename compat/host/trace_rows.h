/* How the tables of names are written. */
#ifndef COMPAT_HOST_TRACE_ROWS_H
#define COMPAT_HOST_TRACE_ROWS_H

#include <zircon/eras.h>
#include <zxabi/calls.h>

#include "compat/host/trace_sets.h"

/* A bit or a value that has the same name at all dates. */
#define NAME(name) { #name, (uint64_t)(name), (uint64_t)(name), ZXERA_2018_07, ZXERA_NEWEST }
/* The name of a set without any bit. */
#define ZERO(name) { #name, name, UINT64_MAX, ZXERA_2018_07, ZXERA_NEWEST }
/* A number that the bits of @mask form. */
#define FIELD(name, mask) { #name, name, mask, ZXERA_2018_07, ZXERA_NEWEST }
/* What programs of some dates call @name, and what it was then. */
#define DATED(name, value, mask, first, last) { #name, value, mask, first, last }

#define SET(name) { #name, name, sizeof(name) / sizeof((name)[0]) }

#endif
