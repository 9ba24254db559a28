/* Reads standard input by lines and says what it read. */
#include <ctype.h>
#include <stdio.h>

int main(void)
{
	char line[256];
	int count = 0;
	char *c;

	while (fgets(line, sizeof(line), stdin)) {
		for (c = line; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		fputs(line, stdout);
		count++;
	}
	printf("%d lines, eof %d, error %d\n", count, !!feof(stdin), !!ferror(stdin));
	return 0;
}
