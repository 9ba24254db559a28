/* What things are called in the Go output. */
#ifndef ABIGEN_GO_NAMES_H
#define ABIGEN_GO_NAMES_H

#include <stdbool.h>

/* All of these return memory of the caller's. Different names stay different. */

/* `channel_read` is ChannelRead; names that are not made of small words are kept behind `X_`. */
char *go_name(const char *name);

/* `zx_port_packet_t` is PortPacket; names of another form are kept behind `C_`. */
char *go_type_name(const char *type);

/* An argument keeps its name unless that means something in a Go function: then it ends in `_`. */
char *go_arg_name(const char *name);

/* `ZX_ERR_BAD_HANDLE` is ErrBadHandle. */
char *go_status_name(const char *status);

/* Formatted text in memory of the caller's. */
char *go_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
