/* Costs of calls, in nanoseconds: one line each, NAME VALUE. */
#ifndef BENCH_FUCHSIA_MEASURE_H
#define BENCH_FUCHSIA_MEASURE_H

/* Nanoseconds of one call: the median of some rounds of a loop of @calls. */
double measure(void (*call)(void), int calls);
/* Prints it. */
void report(const char *name, void (*call)(void));
/* For what takes long: fewer calls. */
void report_slow(const char *name, void (*call)(void));

#endif
