/*
 * How many VMOs a process has made that live, also after its own end: where memory's open files run
 * short, those who have many get no more.
 */
#ifndef COMPAT_CORE_VMO_ACCOUNT_H
#define COMPAT_CORE_VMO_ACCOUNT_H

#include <stdint.h>

struct vmo;

struct vmo_account {
	uint32_t users; /* the process, and its VMOs; atomic */
};

/* For a new process. NULL: no room. */
struct vmo_account *vmo_account__create(void);
/* Where the process, or one of its VMOs, goes; NULL is nothing. */
void vmo_account__put(struct vmo_account *account);
/* @vmo, a new one, was made by that process. */
void vmo_account__charge(struct vmo_account *account, struct vmo *vmo);
/* How many VMOs there are with @vmo, which may be nobody's. */
uint32_t vmo_account__count(const struct vmo *vmo);

#endif
