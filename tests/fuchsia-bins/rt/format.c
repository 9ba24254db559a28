/* Formatting of numbers and strings into a buffer. */
#include "format.h"

#include <stdbool.h>
#include <stdint.h>

#include "string.h"

struct output {
	char *buffer;
	size_t size;
	size_t used;
};

struct conversion {
	bool zeros;
	bool left;
	int width;
	int precision;
	int longs;
};

static void put(struct output *out, char c)
{
	if (out->used + 1 < out->size)
		out->buffer[out->used++] = c;
}

static void put_field(struct output *out, const struct conversion *conv, const char *sign,
		      const char *text, size_t length)
{
	size_t total = strlen(sign) + length;
	size_t pad = conv->width > 0 && (size_t)conv->width > total ? conv->width - total : 0;

	if (!conv->zeros && !conv->left)
		for (; pad; pad--)
			put(out, ' ');
	while (*sign)
		put(out, *sign++);
	if (conv->zeros && !conv->left)
		for (; pad; pad--)
			put(out, '0');
	while (length--)
		put(out, *text++);
	for (; pad; pad--)
		put(out, ' ');
}

static void put_number(struct output *out, const struct conversion *conv, const char *sign,
		       uint64_t value, unsigned int base, const char *digits)
{
	char text[20];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	put_field(out, conv, sign, text + at, sizeof(text) - at);
}

static void put_string(struct output *out, const struct conversion *conv, const char *s)
{
	size_t length = 0;

	if (!s)
		s = "(null)";
	while ((conv->precision < 0 || length < (size_t)conv->precision) && s[length])
		length++;
	put_field(out, conv, "", s, length);
}

static const char *parse_number(const char *format, int *value)
{
	for (*value = 0; *format >= '0' && *format <= '9'; format++)
		*value = *value * 10 + (*format - '0');
	return format;
}

/*
 * Function parameters of type va_list decay to pointers on x86-64, so the helper takes a pointer to
 * a structure that holds the caller's copy.
 */
struct arguments {
	va_list list;
};

static const char *parse_conversion(const char *format, struct conversion *conv,
				    struct arguments *args)
{
	*conv = (struct conversion){ .precision = -1 };
	for (;; format++) {
		if (*format == '0')
			conv->zeros = true;
		else if (*format == '-')
			conv->left = true;
		else
			break;
	}
	if (*format == '*') {
		conv->width = va_arg(args->list, int);
		format++;
	} else {
		format = parse_number(format, &conv->width);
	}
	if (*format == '.') {
		format++;
		if (*format == '*') {
			conv->precision = va_arg(args->list, int);
			format++;
		} else {
			format = parse_number(format, &conv->precision);
		}
	}
	for (; *format == 'l' || *format == 'z' || *format == 'h'; format++)
		if (*format != 'h')
			conv->longs++;
	return format;
}

static int64_t next_signed(const struct conversion *conv, struct arguments *args)
{
	return conv->longs ? va_arg(args->list, int64_t) : va_arg(args->list, int);
}

static uint64_t next_unsigned(const struct conversion *conv, struct arguments *args)
{
	return conv->longs ? va_arg(args->list, uint64_t) : va_arg(args->list, unsigned int);
}

static void convert(struct output *out, char kind, const struct conversion *conv,
		    struct arguments *args)
{
	static const char lower[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";
	int64_t number;
	char c;

	switch (kind) {
	case 'd':
	case 'i':
		number = next_signed(conv, args);
		put_number(out, conv, number < 0 ? "-" : "",
			   number < 0 ? -(uint64_t)number : (uint64_t)number, 10, lower);
		break;
	case 'u':
		put_number(out, conv, "", next_unsigned(conv, args), 10, lower);
		break;
	case 'x':
		put_number(out, conv, "", next_unsigned(conv, args), 16, lower);
		break;
	case 'X':
		put_number(out, conv, "", next_unsigned(conv, args), 16, upper);
		break;
	case 'p':
		put_number(out, conv, "0x", (uintptr_t)va_arg(args->list, void *), 16, lower);
		break;
	case 's':
		put_string(out, conv, va_arg(args->list, const char *));
		break;
	case 'c':
		c = (char)va_arg(args->list, int);
		put_field(out, conv, "", &c, 1);
		break;
	default:
		put(out, kind);
	}
}

size_t rt_vformat(char *buffer, size_t size, const char *format, va_list args)
{
	struct output out = { buffer, size, 0 };
	struct conversion conv;
	struct arguments copy;

	va_copy(copy.list, args);
	while (*format) {
		if (*format != '%') {
			put(&out, *format++);
			continue;
		}
		format = parse_conversion(format + 1, &conv, &copy);
		if (!*format)
			break;
		convert(&out, *format++, &conv, &copy);
	}
	va_end(copy.list);
	if (size)
		buffer[out.used] = '\0';
	return out.used;
}

size_t rt_format(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = rt_vformat(buffer, size, format, args);
	va_end(args);
	return length;
}
