/* libFuzzer target: whatever the bytes, reading them as an ELF image ends well. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "loader/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the rest of the loader relies on. */
static void check_image(const struct elf_image *image, size_t size)
{
	uint64_t end = image->low;

	assert(image->num_segments);
	for (size_t i = 0; i < image->num_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		assert((segment->vaddr & -ELF_PAGE) >= end);
		assert(segment->memsz && segment->filesz <= segment->memsz);
		if (segment->filesz) {
			assert(segment->offset + segment->filesz <= size);
			assert((segment->offset - segment->vaddr) % ELF_PAGE == 0);
		}
		end = segment->vaddr + segment->memsz;
		end = (end + ELF_PAGE - 1) & -ELF_PAGE;
	}
	assert(end == image->low + image->span);
	assert(!image->interp || (image->interp[0] && image->interp[0] != '/'));
	assert(image->build_id_size <= sizeof(image->build_id));
	for (size_t i = 0; i < image->num_imports; i++)
		assert(strlen(image->imports[i]) <= 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_image image;
	struct error error;
	uint64_t needed;
	char *copy = malloc(size ? size : 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	needed = elf__needed(copy, size, size);
	assert(needed <= size);
	if (!elf_image__parse(&image, copy, size, "input", &error)) {
		check_image(&image, size);
		(void)elf_image__check_entry(&image, "input", &error);
		elf_image__free(&image);
	} else {
		assert(error.exit_code == EXIT_NO_EXEC && error.text[0]);
		assert(!strchr(error.text, '\n'));
	}
	free(copy);
	return 0;
}
