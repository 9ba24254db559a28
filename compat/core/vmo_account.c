#include "compat/core/vmo_account.h"

#include "compat/core/arena.h"
#include "compat/core/vmo.h"

struct vmo_account *vmo_account__create(void)
{
	struct vmo_account *account = arena__alloc(sizeof(*account));

	if (account)
		account->users = 1;
	return account;
}

void vmo_account__put(struct vmo_account *account)
{
	if (account && !__atomic_sub_fetch(&account->users, 1, __ATOMIC_ACQ_REL))
		arena__free(account);
}

void vmo_account__charge(struct vmo_account *account, struct vmo *vmo)
{
	__atomic_fetch_add(&account->users, 1, __ATOMIC_RELAXED);
	vmo->account = account;
}

uint32_t vmo_account__count(const struct vmo *vmo)
{
	return vmo->account ? __atomic_load_n(&vmo->account->users, __ATOMIC_RELAXED) : 0;
}
