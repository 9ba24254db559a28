/* Doubly linked lists whose heads and links live inside the objects that they join. */
#ifndef COMPAT_CORE_LIST_H
#define COMPAT_CORE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *prev;
	struct list *next;
};

#define list_entry(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

#define list_for_each(pos, head, member)                                                           \
	for (pos = list_entry((head)->next, __typeof__(*pos), member); &pos->member != (head);     \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

/* As list_for_each, but @pos may be taken off the list (and freed) in the body. */
#define list_for_each_safe(pos, tmp, head, member)                                                 \
	for (pos = list_entry((head)->next, __typeof__(*pos), member),                             \
	    tmp = list_entry(pos->member.next, __typeof__(*pos), member);                          \
	     &pos->member != (head);                                                               \
	     pos = tmp, tmp = list_entry(tmp->member.next, __typeof__(*tmp), member))

#define list_first(head, type, member) list_entry((head)->next, type, member)
#define list_last(head, type, member) list_entry((head)->prev, type, member)

static inline void list__init(struct list *head)
{
	head->prev = head;
	head->next = head;
}

static inline bool list__empty(const struct list *head)
{
	return head->next == head;
}

static inline void list__insert_before(struct list *at, struct list *node)
{
	node->prev = at->prev;
	node->next = at;
	at->prev->next = node;
	at->prev = node;
}

static inline void list__add_tail(struct list *head, struct list *node)
{
	list__insert_before(head, node);
}

static inline void list__add_head(struct list *head, struct list *node)
{
	list__insert_before(head->next, node);
}

/*
 * Takes @node off its list and leaves it as a list of its own, so that a second removal is
 * harmless.
 */
static inline void list__remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list__init(node);
}

/* True while @node (once initialised) is a member of some list. */
static inline bool list__linked(const struct list *node)
{
	return node->next != node;
}

#endif
