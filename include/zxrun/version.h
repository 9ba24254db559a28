#ifndef ZXRUN_VERSION_H
#define ZXRUN_VERSION_H

/* Overridden by the build where it knows better. */
#ifndef ZXRUN_VERSION
#define ZXRUN_VERSION "0.1"
#endif

#endif
