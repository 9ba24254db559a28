/* What the test libraries export. */
#ifndef TESTLIBS_H
#define TESTLIBS_H

#include <zircon/types.h>

/* libcount.so */
extern int count_value;
extern int count_constructed;
int count_next(void);

/* libgreet.so */
extern int *const greet_counter;
extern int (*const greet_function)(void);
const char *greet_origin(void);
const char *greet_origin_seen(void);
const char *greet_word(unsigned int index);
zx_time_t greet_time(void);

#endif
