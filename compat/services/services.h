/* What all services have in common: the thread that serves them, and its end. */
#ifndef COMPAT_SERVICES_SERVICES_H
#define COMPAT_SERVICES_SERVICES_H

/*
 * Ends all connections of all services (fuchsia.io, loader service), and the threads behind them;
 * waits for host I/O that is under way. Services start again when the next connection is served.
 * The standard streams are apart: see stdio.h.
 */
void services__stop(void);

#endif
