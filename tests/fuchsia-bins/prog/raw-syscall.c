/*
 * Executes a system call instruction of its own, with the numbers that the arguments give (a Linux
 * kernel's getpid is 39). On Zircon only the vDSO may do that: anyone else gets an exception.
 */
#include "rt.h"

int main(int argc, char **argv)
{
	uint64_t number = 39;
	uint64_t result;
	const char *digit;

	if (argc > 1)
		for (number = 0, digit = argv[1]; *digit; digit++)
			number = number * 10 + (uint64_t)(*digit - '0');
	rt_print("about to make call %llu\n", (unsigned long long)number);
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(0), "S"(0), "d"(0)
			 : "rcx", "r11", "memory");
	rt_print("FAIL: survived with %lld\n", (long long)result);
	return 1;
}
