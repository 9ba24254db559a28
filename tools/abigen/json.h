/* Writing JSON: members stand in the order in which they are written, two blanks a level. */
#ifndef ABIGEN_JSON_H
#define ABIGEN_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	unsigned depth;
	bool filled;	/* the innermost object or array has something in it */
};

/* @key is the member's name in an object, and NULL for an array's element. */
void json_open(struct json *js, const char *key, char bracket);
void json_close(struct json *js, char bracket);
void json_bool(struct json *js, const char *key, bool value);
void json_number(struct json *js, const char *key, uint32_t value);
void json_string(struct json *js, const char *key, const char *text);

/* A string of several lines. */
void json_lines(struct json *js, const char *key, char *const *lines, size_t n);

#endif
