/* The errors of zircon/errors.h: their names and values. */
#ifndef ABIGEN_STATUSES_H
#define ABIGEN_STATUSES_H

#include <stdbool.h>
#include <stddef.h>

struct status_info {
	const char *name;	/* "ZX_ERR_..." */
	int value;
};

extern const struct status_info status_infos[];
extern const size_t nstatus_infos;

bool status_known(const char *name);

#endif
