/* What the last call of lamps.c was, and what it was given. */
#ifndef LAMPS_H
#define LAMPS_H

const char *lamps_noted(void);

#endif
