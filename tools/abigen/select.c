#include "select.h"

#include <stdlib.h>

static bool in_era(const struct abi_call *call, enum era era)
{
	for (unsigned i = 0; i < call->neras; i++)
		if (call->eras[i].first <= era && era <= call->eras[i].last)
			return true;
	return false;
}

/* The definition that holds for the exported call @base in @era; NULL when it was not public. */
static struct abi_call *form_of(struct abi *abi, const struct abi_call *base, enum era era)
{
	struct abi_call *form = NULL;

	if (!in_era(base, era))
		return NULL;
	for (size_t i = 0; i < abi->ncalls; i++) {
		struct abi_call *call = &abi->calls[i];

		if (call->base == base && in_era(call, era))
			return call;
		if (call == base)
			form = call;
	}
	return form;
}

/* The name and the eras stay those of @base: they are what programs know. */
static void take_place(struct abi_call *form, struct abi_call *base)
{
	char *name = base->name;

	base->name = form->name;
	form->name = name;
	for (unsigned i = 0; i < base->neras; i++)
		form->eras[i] = base->eras[i];
	form->neras = base->neras;
	free(form->variant_of);
	form->variant_of = NULL;
}

void select_era(struct abi *abi, enum era era)
{
	struct abi_call *selected = xcalloc(abi->ncalls + 1, sizeof(*selected));
	bool *taken = xcalloc(abi->ncalls + 1, sizeof(*taken));
	size_t n = 0;

	for (size_t i = 0; i < abi->ncalls; i++) {
		struct abi_call *base = &abi->calls[i];
		struct abi_call *form = base->base ? NULL : form_of(abi, base, era);

		if (!form)
			continue;
		taken[form - abi->calls] = true;
		if (form != base)
			take_place(form, base);
		selected[n++] = *form;
	}
	for (size_t i = 0; i < abi->ncalls; i++)
		if (!taken[i])
			call_free(&abi->calls[i]);
	free(taken);
	free(abi->calls);
	abi->calls = selected;
	abi->ncalls = n;
	abi->nnumbers = 0;
	for (size_t i = 0; i < n; i++) {
		selected[i].base = NULL;
		if (selected[i].number >= 0)
			selected[i].number = (int)abi->nnumbers++;
	}
}
