/* Prints what the bootstrap message brought: arguments, environment, names and handle types. */
#include "rt.h"

int main(int argc, char **argv)
{
	uint32_t j;
	int i;

	for (i = 0; i < argc; i++)
		rt_print("argument %d [%s]\n", i, argv[i]);
	if (argv[argc])
		rt_print("FAIL: the argument list is not ended by NULL\n");
	for (i = 0; i < rt_boot.envc; i++)
		rt_print("environment [%s]\n", rt_boot.envp[i]);
	for (i = 0; i < rt_boot.namec; i++)
		rt_print("name %d [%s]\n", i, rt_boot.names[i]);
	for (j = 0; j < rt_boot.handle_count; j++)
		rt_print("handle type 0x%02x argument %u\n", PA_HND_TYPE(rt_boot.infos[j]),
			 PA_HND_ARG(rt_boot.infos[j]));
	return 0;
}
