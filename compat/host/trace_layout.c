#include "compat/host/trace_layout.h"

#include <string.h>

/* Structures of an array that are shown. */
#define MAX_RECORDS 8

const struct trace_layout *trace_layout__find(const struct trace_layout *layouts, uint32_t number,
					      uint32_t era)
{
	for (; layouts->members; layouts++)
		if (layouts->number == number && era >= layouts->first && era <= layouts->last)
			return layouts;
	return NULL;
}

size_t trace_layout__reach(const struct trace_layout *layout)
{
	size_t reach = 0;

	for (const struct trace_member *member = layout->members; member->name; member++)
		if (reach < member->offset + (size_t)member->size)
			reach = member->offset + (size_t)member->size;
	return reach;
}

static void add_member(struct trace_view *view, struct trace_line *line,
		       const struct trace_member *member, const char *data, size_t size)
{
	uint64_t value = 0;

	if (member->name[0]) {
		trace_line__add(line, member->name);
		trace_line__add(line, "=");
	}
	if (member->format == ZXABI_FORMAT_TEXT) {
		trace_line__quoted(line, data + member->offset,
				   strnlen(data + member->offset, size), false);
		return;
	}
	memcpy(&value, data + member->offset, member->size);
	trace_view__add_value(view, line, member->format,
			      member->set ? trace_set__find(member->set) : NULL, member->size,
			      value);
}

static bool add_one(struct trace_view *view, struct trace_line *line,
		    const struct trace_layout *layout, uint64_t addr, uint64_t size)
{
	bool named = layout->members[0].name[0];
	size_t reach = trace_layout__reach(layout);
	char data[TRACE_LAYOUT_MAX];

	if (reach > size)
		reach = (size_t)size;
	if (trace_view__fetch(view, data, addr, reach) != reach)
		return false;
	trace_line__add(line, named ? "{" : "");
	for (const struct trace_member *member = layout->members; member->name; member++) {
		size_t there = member->offset < reach ? reach - member->offset : 0;

		if (there > member->size)
			there = member->size;
		/* Names may be shorter than their place. */
		if (!there || (there < member->size && member->format != ZXABI_FORMAT_TEXT))
			break;
		trace_line__add(line, member == layout->members ? "" : ", ");
		add_member(view, line, member, data, there);
	}
	trace_line__add(line, named ? "}" : "");
	return true;
}

static bool add_records(struct trace_view *view, struct trace_line *line,
			const struct trace_layout *layout, uint64_t addr, uint64_t count)
{
	trace_line__add(line, "[");
	for (uint64_t i = 0; i < count; i++) {
		trace_line__add(line, i ? ", " : "");
		if (i == MAX_RECORDS) {
			trace_line__add(line, "...");
			break;
		}
		if (!add_one(view, line, layout, addr + i * layout->record, layout->record))
			return false;
	}
	trace_line__add(line, "]");
	return true;
}

bool trace_layout__add(struct trace_view *view, struct trace_line *line,
		       const struct trace_layout *layout, uint64_t addr, uint64_t size)
{
	struct trace_line before = *line;
	bool added;

	if (!layout->record && size < layout->size)
		return false;
	added = layout->record ? add_records(view, line, layout, addr, size / layout->record) :
				 add_one(view, line, layout, addr, size);
	if (!added)
		*line = before;
	return added;
}
