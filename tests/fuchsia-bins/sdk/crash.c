/* Crashes in a function that the C library calls: the way there leads through a module of the SDK. */
#include <stdio.h>
#include <stdlib.h>

static const int *volatile nothing;

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b + *nothing;
}

static __attribute__((noinline)) void sort(int *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	printf("sorted: %d\n", values[0]);
}

int main(void)
{
	int values[] = { 3, 1, 2 };

	printf("about to crash\n");
	fflush(stdout);
	sort(values, 3);
	return 0;
}
