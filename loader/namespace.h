/* The directories that a program finds, and the services behind them. */
#ifndef LOADER_NAMESPACE_H
#define LOADER_NAMESPACE_H

#include "loader/bootstrap.h"
#include "loader/error.h"
#include "loader/options.h"

/*
 * Adds to @bootstrap: /pkg where there is a package, /tmp in memory and /svc unless
 * something is mapped there, what --map asks for, and what a program of @era asks for the resource for
 * guests, with --hypervisor. Errors: EXIT_ZXRUN.
 */
int namespace__add(const struct options *options, uint32_t era, struct bootstrap *bootstrap,
		   struct error *error);

#endif
