/*
 * How to show a call and its arguments, from the abi definitions. The rows are in the generated
 * zxabi/trace.inc, which is included where the table is defined, at file scope:
 *
 *	static const struct zxabi_trace calls[ZXCALL_COUNT] = {
 *	#include <zxabi/trace.inc>
 *	};
 */
#ifndef ZXABI_TRACE_H
#define ZXABI_TRACE_H

#include <stdint.h>

#include <zxabi/marshal.h> /* ZXABI_NO_ARG */

/* What a value is, or each element of a buffer. */
enum zxabi_format {
	ZXABI_FORMAT_NONE, /* no value: the result of a call without one */
	ZXABI_FORMAT_UNSIGNED,
	ZXABI_FORMAT_SIGNED,
	ZXABI_FORMAT_BOOL,
	ZXABI_FORMAT_BITS, /* options and masks; their names are those of the argument's set */
	ZXABI_FORMAT_ONE,  /* one of the values that the argument's set names */
	ZXABI_FORMAT_ADDRESS,
	ZXABI_FORMAT_SIZE, /* bytes, also an offset */
	ZXABI_FORMAT_HANDLE,
	ZXABI_FORMAT_STATUS, /* ZX_ERR_X */
	ZXABI_FORMAT_RIGHTS, /* bits ZX_RIGHT_X */
	ZXABI_FORMAT_SIGNALS,
	ZXABI_FORMAT_KOID,
	ZXABI_FORMAT_OBJECT_TYPE, /* ZX_OBJ_TYPE_X */
	ZXABI_FORMAT_CLOCK,	  /* ZX_CLOCK_X */
	ZXABI_FORMAT_TIME,	  /* signed nanoseconds since the start of a clock */
	ZXABI_FORMAT_DURATION,	  /* signed nanoseconds */
	ZXABI_FORMAT_TICKS,	  /* signed */
	ZXABI_FORMAT_VM_OPTION,	  /* bits ZX_VM_X */
	ZXABI_FORMAT_SEEK_ORIGIN, /* ZX_STREAM_SEEK_ORIGIN_X */
	ZXABI_FORMAT_TEXT,	  /* char; not ended by a NUL */
	ZXABI_FORMAT_BYTES,
	ZXABI_FORMAT_STRUCT, /* the C type @type */
};

/* As in struct zxabi_buf, and 0 for what is no pointer. */
enum zxabi_direction {
	ZXABI_VALUE,
	ZXABI_IN,
	ZXABI_OUT,
	ZXABI_INOUT,
};

enum zxabi_trace_arg_flags {
	ZXABI_ARG_OPTIONAL = 1, /* the pointer can be NULL */
	ZXABI_ARG_UNSIZED = 2,	/* the buffer's length does not follow from the arguments */
	ZXABI_ARG_ACQUIRED = 4, /* handles that the call makes */
	ZXABI_ARG_RELEASED = 8, /* handles that the call takes when it succeeds */
	ZXABI_ARG_RELEASED_ALWAYS = 16,
};

/*
 * A buffer has as many elements as the argument @count_arg says, or @count where there is none,
 * times the argument @mul_arg where there is one. A factor that is a pointer itself (its direction
 * tells) lies where it points. An unsized buffer has no factors, and @count 0.
 */
struct zxabi_trace_arg {
	const char *name;
	const char *type;  /* name of the C type for ZXABI_FORMAT_STRUCT, or NULL */
	uint8_t format;	   /* enum zxabi_format */
	uint8_t direction; /* enum zxabi_direction */
	uint8_t flags;	   /* enum zxabi_trace_arg_flags */
	uint8_t count_arg; /* index, or ZXABI_NO_ARG */
	uint8_t mul_arg;   /* index, or ZXABI_NO_ARG */
	uint32_t elem;	   /* bytes of the value or of one element; 0 where only C knows */
	uint32_t count;
	/*
	 * The argument that points to how many elements a buffer got (of two factors: how many of
	 * the first one), or ZXABI_NO_ARG.
	 */
	uint8_t filled_arg;
	const char *set; /* a name for ZXABI_FORMAT_BITS and _ONE, or NULL */
};

enum zxabi_trace_flags {
	ZXABI_TRACE_NORETURN = 1,
	ZXABI_TRACE_BLOCKING = 2,
};

/* A variant has the name that programs call it by. Pointers for results are arguments as well. */
struct zxabi_trace {
	const char *name;    /* "zx_..." */
	uint8_t nargs;
	uint8_t flags;	     /* enum zxabi_trace_flags */
	uint8_t result;	     /* enum zxabi_format */
	uint8_t result_size; /* bytes of it that count */
	const struct zxabi_trace_arg *args;
};

#endif
