/*
 * Resources: permissions for hardware and for the system as a whole. A program holds none unless it
 * was started with the root resource (zxrun --root-resource), of which all others are made.
 */
#ifndef COMPAT_CORE_RESOURCE_H
#define COMPAT_CORE_RESOURCE_H

#include <zircon/limits.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/resource.h>

#include "compat/core/object.h"

struct thread;

/* Kinds by names that do not change; each era numbers them in its own way. */
enum resource_kind {
	RESOURCE_MMIO,
	RESOURCE_IRQ,
	RESOURCE_IOPORT,
	RESOURCE_ROOT,
	RESOURCE_SMC,
	RESOURCE_SYSTEM,
	RESOURCE_HYPERVISOR,
	RESOURCE_VMEX,
	RESOURCE_KINDS,
	RESOURCE_UNKNOWN = RESOURCE_KINDS, /* a number without meaning, which 2018-07 let pass */
};

/* The interfaces for resources that there were; era_traits.resource_form says which. */
enum resource_form {
	RESOURCE_FORM_201807,
	RESOURCE_FORM_201810,
	RESOURCE_FORM_201812,
	RESOURCE_FORM_2020,
	RESOURCE_FORM_2021,
	RESOURCE_FORM_NEWEST,
	RESOURCE_FORMS,
};

struct resource {
	struct object object;
	struct list node;  /* in the registry, under its lock */
	uint32_t kind;     /* enum resource_kind */
	uint32_t number;   /* what its maker called the kind */
	uint32_t flags;    /* ZX_RSRC_FLAG_* */
	uint64_t base;
	uint64_t size;     /* 0 for kinds without ranges, and for all of a kind */
	char name[ZX_MAX_NAME_LEN];
};

extern const struct object_ops resource_ops;

/* What a resource is to be. */
struct resource_request {
	uint32_t kind;
	uint32_t number;
	uint32_t flags;
	uint64_t base;
	uint64_t size;
	bool unchecked; /* as in 2018-07: any range, taken or not */
	char name[ZX_MAX_NAME_LEN];
};

/* Fills core_root->resources. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t resource__init(void);
/*
 * Errors: ZX_ERR_INVALID_ARGS (the range is empty, or one for a kind without), ZX_ERR_NOT_FOUND
 * (there is no such range, or it is taken), ZX_ERR_BAD_STATE (the machine has nothing of the
 * kind), ZX_ERR_NO_MEMORY.
 */
zx_status_t resource__create(const struct resource_request *request, struct resource **out);
/*
 * The resource for everything (RESOURCE_ROOT), or for all of one kind, which calls never make.
 * NULL where there is no memory.
 */
struct resource *resource__create_all(uint32_t kind, uint32_t form, const char *name);

/* The kind that @form numbers as @number; RESOURCE_UNKNOWN where it numbers none so. */
uint32_t resource__kind(uint32_t form, uint32_t number);
/* Whether @resource gives all of @kind. */
bool resource__is_all(const struct resource *resource, uint32_t kind);
/*
 * Whether @resource allows [@base, @base + @size) of @kind to a program of @form. Errors:
 * ZX_ERR_WRONG_TYPE (another kind), ZX_ERR_OUT_OF_RANGE; in 2018-07 ZX_ERR_ACCESS_DENIED for both.
 */
zx_status_t resource__covers(const struct resource *resource, uint32_t form, uint32_t kind,
			     uint64_t base, uint64_t size);
void resource__info(const struct resource *resource, uint32_t form, zx_info_resource_t *out);

/* --- for calls that want a resource; errors are those of handle__get() or resource__covers() --- */

/* @handle allows a range of hardware. */
zx_status_t resource__check_range(struct thread *self, zx_handle_t handle, uint32_t kind,
				  uint64_t base, uint64_t size);
/* @handle is of the kind, whatever its range. */
zx_status_t resource__check_kind(struct thread *self, zx_handle_t handle, uint32_t kind);
/*
 * @handle allows the privilege @base (ZX_RSRC_SYSTEM_*). Before these existed, only the root
 * resource did, and for virtual machines and executable memory a kind of its own.
 */
zx_status_t resource__check(struct thread *self, zx_handle_t handle, uint64_t base);

#endif
