/* Writing the outputs that were asked for. */
#ifndef ABIGEN_GENERATE_H
#define ABIGEN_GENERATE_H

#include "options.h"

/* Either all files are replaced or none is touched; then false, with a message on stderr. */
bool generate(const struct options *options, const struct abi *abi);

#endif
