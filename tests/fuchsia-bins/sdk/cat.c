/* Copies its input to its output, with plain read and write. */
#include <stdio.h>
#include <unistd.h>

static char buffer[65536];

int main(void)
{
	ssize_t got;

	while ((got = read(0, buffer, sizeof(buffer))) > 0) {
		for (ssize_t done = 0; done < got;) {
			ssize_t put = write(1, buffer + done, (size_t)(got - done));

			if (put < 0) {
				perror("cat: write");
				return 1;
			}
			done += put;
		}
	}
	if (got < 0)
		perror("cat: read");
	return got < 0;
}
