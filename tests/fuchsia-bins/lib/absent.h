/* A function that isn't found when the program runs. */
#ifndef ABSENT_H
#define ABSENT_H

int absent_function(void);

#endif
