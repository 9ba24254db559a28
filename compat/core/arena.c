/*
 * Pages come from a buddy allocator, small objects from slabs of one size each, cut from buddy
 * blocks. What describes a page lives apart from it, so that free pages can be given back.
 */
#include "compat/core/arena.h"

#include <stdbool.h>
#include <string.h>

#include "compat/core/arena_check.h"
#include "compat/core/host.h"
#include "compat/core/list.h"
#include "compat/core/mutex.h"

#define PAGE_SHIFT 12
#define PAGE ((size_t)1 << PAGE_SHIFT)
#define PAGES (ARENA_SIZE >> PAGE_SHIFT)
#define MAX_ORDER 18 /* 1 GiB */
#define ORDERS (MAX_ORDER + 1)

#define CLASSES 16
static const uint16_t class_size[CLASSES] = { 32,  48,  64,  96,  128,	192,  256,  320,
					      384, 512, 640, 768, 1024, 1360, 2048, 4080 };
/* A slab's pages: enough for at least four objects of the largest class. */
#define SLAB_ORDER 2
#define SLAB_BYTES (PAGE << SLAB_ORDER)

/* Free blocks of at least this size are given back once more than TRIM_SLACK bytes lie idle. */
#define TRIM_ORDER 4
#define TRIM_SLACK (4u << 20)
/* What may lie idle for long. */
#define IDLE_KEPT (64u << 10)

enum page_state { PAGE_UNUSED, PAGE_FREE, PAGE_BLOCK, PAGE_SLAB };

struct page_info {
	uint32_t next; /* page numbers, 0 for none: page 0 holds the core's root */
	uint32_t prev;
	uint32_t slab; /* first page of the slab or block that this page belongs to */
	uint8_t order;
	uint8_t state;
	uint8_t trimmed;
	uint8_t class;
};

struct slab {
	struct list node; /* in its class's list while it has free objects */
	void *free;
	uint32_t used;
	uint32_t carved; /* objects cut so far; the rest of the slab was never touched */
};

struct slab_class {
	struct mutex lock;
	struct list partial;
};

/* Lies behind the core's root at the start of the arena. */
struct arena {
	struct mutex lock;
	uint32_t top; /* first page that was never handed out */
	uint32_t free_head[2][ORDERS]; /* the second row: trimmed ones */
	uint64_t in_use;
	uint64_t limit; /* of in_use */
	uint64_t idle; /* bytes of free blocks that still have memory */
	bool tidy_asked;
	struct slab_class classes[CLASSES];
};

#define ROOT_PAGES 1u
#define head ((struct arena *)(ARENA_BASE + 2048))
#define infos ((struct page_info *)(ARENA_BASE + (ROOT_PAGES << PAGE_SHIFT)))
#define INFO_PAGES ((PAGES * sizeof(struct page_info)) >> PAGE_SHIFT)

_Static_assert(sizeof(struct page_info) == 16, "page_info is part of the arena's layout");
_Static_assert(sizeof(struct arena) <= 2048, "the arena's head shares page 0 with the root");

static void *page_address(uint32_t page)
{
	return (void *)(ARENA_BASE + ((uint64_t)page << PAGE_SHIFT));
}

static uint32_t page_number(const void *address)
{
	return (uint32_t)(((uint64_t)address - ARENA_BASE) >> PAGE_SHIFT);
}

void arena__init(void)
{
	/* Blocks are aligned to their size, counted from the arena's start. */
	uint32_t first = ROOT_PAGES + (uint32_t)INFO_PAGES;

	head->limit = ARENA_SIZE;
	head->top = (first + (1u << SLAB_ORDER) - 1) & ~((1u << SLAB_ORDER) - 1);
	for (int i = 0; i < CLASSES; i++)
		list__init(&head->classes[i].partial);
}

void arena__limit(uint64_t bytes)
{
	mutex__lock(&head->lock);
	head->limit = bytes;
	mutex__unlock(&head->lock);
}

static void push_free_locked(uint32_t page, unsigned int order, bool trimmed)
{
	struct page_info *info = &infos[page];

	info->state = PAGE_FREE;
	info->order = (uint8_t)order;
	info->trimmed = trimmed;
	info->prev = 0;
	info->next = head->free_head[trimmed][order];
	if (info->next)
		infos[info->next].prev = page;
	head->free_head[trimmed][order] = page;
	if (!trimmed)
		head->idle += PAGE << order;
}

static void take_free_locked(uint32_t page)
{
	struct page_info *info = &infos[page];

	if (info->prev)
		infos[info->prev].next = info->next;
	else
		head->free_head[info->trimmed][info->order] = info->next;
	if (info->next)
		infos[info->next].prev = info->prev;
	info->state = PAGE_UNUSED;
	if (!info->trimmed)
		head->idle -= PAGE << info->order;
}

/* Cuts a fresh block off the untouched rest; what alignment skips becomes free blocks. */
static uint32_t grow_locked(unsigned int order)
{
	uint32_t size = 1u << order;

	if (head->top + 2ull * size > PAGES)
		return 0;
	while (head->top & (size - 1)) {
		unsigned int low = (unsigned int)__builtin_ctz(head->top);

		push_free_locked(head->top, low, true);
		head->top += 1u << low;
	}
	head->top += size;
	return head->top - size;
}

/* The first order from @order on that has a free block; above MAX_ORDER where none has. */
static unsigned int find_order_locked(unsigned int order, bool trimmed)
{
	while (order <= MAX_ORDER && !head->free_head[trimmed][order])
		order++;
	return order;
}

static uint32_t block_alloc_locked(unsigned int order, bool *trimmed)
{
	unsigned int have = find_order_locked(order, false);
	uint32_t page;

	if (head->in_use + (PAGE << order) > head->limit)
		return 0;
	/* What still has memory first: giving it back just to ask for it again is dear. */
	*trimmed = have > MAX_ORDER;
	if (*trimmed)
		have = find_order_locked(order, true);
	if (have > MAX_ORDER) {
		page = grow_locked(order);
		if (!page)
			return 0;
	} else {
		page = head->free_head[*trimmed][have];
		take_free_locked(page);
		while (have > order) {
			have--;
			push_free_locked(page + (1u << have), have, *trimmed);
		}
	}
	infos[page].state = PAGE_BLOCK;
	infos[page].order = (uint8_t)order;
	infos[page].slab = page;
	head->in_use += PAGE << order;
	return page;
}

static uint32_t block_alloc(unsigned int order, bool *zero)
{
	uint32_t page;

	mutex__lock(&head->lock);
	page = block_alloc_locked(order, zero);
	mutex__unlock(&head->lock);
	return page;
}

/*
 * Joins the block of *page with its buddy where that is free, and has memory or has none as the
 * block itself. Small blocks with memory are joined with any, or they would hardly ever be.
 */
static bool take_buddy_locked(uint32_t *page, unsigned int order, bool trimmed)
{
	uint32_t buddy = *page ^ (1u << order);

	if (buddy >= head->top ||
	    __atomic_load_n(&infos[buddy].state, __ATOMIC_RELAXED) != PAGE_FREE ||
	    infos[buddy].order != order)
		return false;
	if ((trimmed || order >= TRIM_ORDER) && infos[buddy].trimmed != trimmed)
		return false;
	take_free_locked(buddy);
	if (buddy < *page)
		*page = buddy;
	return true;
}

static void block_free(uint32_t page)
{
	unsigned int order = infos[page].order;
	bool trimmed = false;

	mutex__lock(&head->lock);
	head->in_use -= PAGE << order;
	infos[page].state = PAGE_UNUSED;
	while (order < TRIM_ORDER && take_buddy_locked(&page, order, false))
		order++;
	if (order >= TRIM_ORDER && head->idle > TRIM_SLACK) {
		arena_check__allow(page_address(page), PAGE << order);
		core_host.arena_trim(page_address(page), PAGE << order);
		trimmed = true;
	}
	arena_check__forbid(page_address(page), PAGE << order);
	while (order >= TRIM_ORDER && order < MAX_ORDER &&
	       take_buddy_locked(&page, order, trimmed))
		order++;
	push_free_locked(page, order, trimmed);
	if (head->idle > IDLE_KEPT && !head->tidy_asked) {
		head->tidy_asked = true;
		core_host.arena_excess();
	}
	mutex__unlock(&head->lock);
}

/* Gives the memory of one free block back; false where none has any. */
static bool tidy_one_locked(void)
{
	unsigned int order = find_order_locked(0, false);
	uint32_t page;

	if (order > MAX_ORDER)
		return false;
	page = head->free_head[false][order];
	take_free_locked(page);
	arena_check__allow(page_address(page), PAGE << order);
	core_host.arena_trim(page_address(page), PAGE << order);
	arena_check__forbid(page_address(page), PAGE << order);
	while (order < MAX_ORDER && take_buddy_locked(&page, order, true))
		order++;
	push_free_locked(page, order, true);
	return true;
}

void arena__tidy(void)
{
	bool more = true;

	while (more) {
		/* One at a time: others need not wait for all. */
		mutex__lock(&head->lock);
		more = head->idle > IDLE_KEPT && tidy_one_locked();
		if (!more)
			head->tidy_asked = false;
		mutex__unlock(&head->lock);
	}
}

static uint32_t slab_capacity(unsigned int class)
{
	return (uint32_t)((SLAB_BYTES - sizeof(struct slab)) / class_size[class]);
}

static struct slab *slab_create(unsigned int class)
{
	bool zero;
	uint32_t page = block_alloc(SLAB_ORDER, &zero);
	struct slab *slab;

	if (!page)
		return NULL;
	for (uint32_t i = 0; i < 1u << SLAB_ORDER; i++) {
		/* Who frees the block beside it may look, and cares for free ones alone. */
		__atomic_store_n(&infos[page + i].state, PAGE_SLAB, __ATOMIC_RELAXED);
		infos[page + i].slab = page;
		infos[page + i].class = (uint8_t)class;
	}
	slab = page_address(page);
	arena_check__forbid(slab, SLAB_BYTES);
	arena_check__allow(slab, sizeof(*slab));
	slab->free = NULL;
	slab->used = 0;
	slab->carved = 0;
	return slab;
}

static void *slab_alloc(unsigned int class)
{
	struct slab_class *c = &head->classes[class];
	struct slab *slab;
	void *object;

	mutex__lock(&c->lock);
	if (list__empty(&c->partial)) {
		slab = slab_create(class);
		if (!slab) {
			mutex__unlock(&c->lock);
			return NULL;
		}
		list__add_head(&c->partial, &slab->node);
	}
	slab = list_first(&c->partial, struct slab, node);
	if (slab->free) {
		object = slab->free;
		arena_check__allow(object, sizeof(void *));
		memcpy(&slab->free, object, sizeof(void *));
	} else {
		object = (char *)slab + sizeof(*slab) + (size_t)slab->carved * class_size[class];
		slab->carved++;
	}
	if (++slab->used == slab_capacity(class))
		list__remove(&slab->node);
	mutex__unlock(&c->lock);
	return object;
}

static void slab_free(uint32_t page, void *object)
{
	unsigned int class = infos[page].class;
	struct slab_class *c = &head->classes[class];
	struct slab *slab = page_address(infos[page].slab);
	bool release = false;

	mutex__lock(&c->lock);
	arena_check__allow(object, sizeof(void *));
	memcpy(object, &slab->free, sizeof(void *));
	slab->free = object;
	arena_check__forbid(object, class_size[class]);
	if (slab->used-- == slab_capacity(class))
		list__add_head(&c->partial, &slab->node);
	/* Keep one empty slab a class, so that a single object coming and going costs no pages. */
	if (!slab->used && c->partial.next->next != &c->partial) {
		list__remove(&slab->node);
		release = true;
	}
	mutex__unlock(&c->lock);
	if (release)
		block_free(page_number(slab));
}

static void *alloc(size_t size, bool want_zero)
{
	unsigned int class = 0;
	unsigned int order = 0;
	bool zero = false;
	uint32_t page;
	void *memory;

	if (size <= class_size[CLASSES - 1]) {
		while (class_size[class] < size)
			class++;
		memory = slab_alloc(class);
		if (!memory)
			return NULL;
		arena_check__allow(memory, size);
		if (want_zero)
			memset(memory, 0, size);
		return memory;
	}
	while (order <= MAX_ORDER && (PAGE << order) < size)
		order++;
	if (order > MAX_ORDER)
		return NULL;
	page = block_alloc(order, &zero);
	if (!page)
		return NULL;
	memory = page_address(page);
	arena_check__allow(memory, size);
	if (want_zero && !zero)
		memset(memory, 0, size);
	return memory;
}

void *arena__alloc(size_t size)
{
	return alloc(size, true);
}

void *arena__alloc_raw(size_t size)
{
	return alloc(size, false);
}

void arena__free(void *memory)
{
	uint32_t page;

	if (!memory)
		return;
	page = page_number(memory);
	if (infos[page].state == PAGE_SLAB)
		slab_free(page, memory);
	else
		block_free(page);
}

uint64_t arena__in_use(void)
{
	uint64_t bytes;

	mutex__lock(&head->lock);
	bytes = head->in_use;
	mutex__unlock(&head->lock);
	return bytes;
}
