/* The heap under stress, on several threads, and mmap(). */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define BLOCKS 500
#define PAGE 4096

/* Each block is filled with what its index says, and checked before it is freed. */
static void *churn(void *arg)
{
	unsigned char *blocks[BLOCKS] = { 0 };
	size_t sizes[BLOCKS];
	uint32_t seed = (uint32_t)(uintptr_t)arg;
	int round;

	for (round = 0; round < 20000; round++) {
		size_t i, j;

		seed = seed * 1664525 + 1013904223;
		i = seed / 65536 % BLOCKS;
		if (blocks[i]) {
			for (j = 0; j < sizes[i]; j += 97)
				if (blocks[i][j] != (unsigned char)i) {
					CHECK_EQ(blocks[i][j], (unsigned char)i);
					return NULL;
				}
			free(blocks[i]);
			blocks[i] = NULL;
			continue;
		}
		/* Mostly small, some of hundreds of kilobytes. */
		sizes[i] = seed % 512 + (seed % 101 ? 0 : 300000);
		blocks[i] = malloc(sizes[i]);
		if (!CHECK(blocks[i]))
			return NULL;
		memset(blocks[i], (int)i, sizes[i]);
	}
	for (round = 0; round < BLOCKS; round++)
		free(blocks[round]);
	return NULL;
}

static void heap(void)
{
	pthread_t threads[3];
	uintptr_t i;

	for (i = 0; i < 3; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, churn, (void *)(i + 1)), 0);
	for (i = 0; i < 3; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

static void heap_functions(void)
{
	char *text = malloc(10);
	void *aligned = NULL;
	int *zeros;

	strcpy(text, "grow");
	text = realloc(text, 1000000);
	CHECK_STR(text, "grow");
	text = realloc(text, 5);
	CHECK_STR(text, "grow");
	free(text);
	zeros = calloc(1000, sizeof(*zeros));
	CHECK_EQ(zeros[999], 0);
	free(zeros);
	CHECK_EQ(posix_memalign(&aligned, 65536, 100), 0);
	CHECK_EQ((uintptr_t)aligned % 65536, 0);
	free(aligned);
}

static void anonymous(void)
{
	char *map = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);

	if (!CHECK(map != MAP_FAILED))
		return;
	CHECK_EQ(map[15 * PAGE], 0);
	map[15 * PAGE] = 7;
	CHECK_EQ(mprotect(map, PAGE, PROT_READ), 0);
	CHECK_EQ(map[0], 0);
	CHECK_EQ(munmap(map + 4 * PAGE, 4 * PAGE), 0);
	CHECK_EQ(map[15 * PAGE], 7);
	CHECK_EQ(munmap(map, 4 * PAGE), 0);
	CHECK_EQ(munmap(map + 8 * PAGE, 8 * PAGE), 0);
	CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
}

static void of_a_file(void)
{
	char *map;
	int fd = open("/tmp/mapped", O_RDWR | O_CREAT, 0644);

	CHECK_EQ(write(fd, "contents of the file", 20), 20);
	map = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	if (CHECK(map != MAP_FAILED)) {
		CHECK(!memcmp(map, "contents of the file", 20));
		CHECK_EQ(map[20], 0);
		CHECK_EQ(munmap(map, PAGE), 0);
	}
	/* A private copy: what is written to it never reaches the file. */
	map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (CHECK(map != MAP_FAILED)) {
		char first = 0;

		map[0] = 'C';
		CHECK_EQ(pread(fd, &first, 1, 0), 1);
		CHECK_EQ(first, 'c');
		CHECK_EQ(munmap(map, PAGE), 0);
	}
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/tmp/mapped"), 0);
}

int main(void)
{
	RUN(heap);
	RUN(heap_functions);
	RUN(anonymous);
	RUN(of_a_file);
	return check_result();
}
