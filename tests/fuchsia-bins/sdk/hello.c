/* Arguments, environment, standard output and error, and what exit() does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static void at_exit_first(void)
{
	printf("atexit 1\n");
}

static void at_exit_second(void)
{
	printf("atexit 2\n");
}

__attribute__((constructor)) static void constructor(void)
{
	setenv("FROM_CONSTRUCTOR", "yes", 1);
}

int main(int argc, char **argv)
{
	char **variable;
	int i;

	printf("Hello from a Fuchsia program with a C library.\n");
	for (i = 0; i < argc; i++)
		printf("argument %d [%s]\n", i, argv[i]);
	for (variable = environ; *variable; variable++)
		printf("environment [%s]\n", *variable);
	printf("numbers %d %5.2f %#llx %s\n", -42, 3.14159, 0x123456789abcdefULL,
	       getenv("FROM_CONSTRUCTOR"));
	fprintf(stderr, "this goes to standard error\n");
	atexit(at_exit_first);
	atexit(at_exit_second);
	if (argc > 2 && !strcmp(argv[1], "--exit"))
		exit(atoi(argv[2]));
	if (argc > 2 && !strcmp(argv[1], "--_exit"))
		_exit(atoi(argv[2]));
	/* No newline at the end: it must come out all the same. */
	printf("end");
	return 0;
}
