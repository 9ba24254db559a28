/* Crashes in functions of C++, whose names a report shows as they are written. */
extern "C" {
#include "rt.h"
}

namespace shop {

class Till {
public:
	[[gnu::noinline]] int open(int amount, const char *why);

private:
	volatile int *drawer = nullptr;
};

int Till::open(int amount, const char *why)
{
	*drawer = amount + *why;
	return *drawer;
}

template <typename T> [[gnu::noinline]] void serve(T &till)
{
	rt_print("opened: %d\n", till.open(5, "sale"));
}

template <typename A, typename B> struct Both {
};

/* Its name is longer than a line. */
template <typename T> [[gnu::noinline]] void serve_all(Till &till)
{
	serve(till);
	rt_print("all are served\n");
}

using Two = Both<Till, Till>;
using Four = Both<Two, Two>;
using Eight = Both<Four, Four>;
using Many = Both<Both<Eight, Eight>, Both<Eight, Eight>>;

} // namespace shop

extern "C" int main(void)
{
	shop::Till till;

	shop::serve_all<shop::Many>(till);
	rt_print("FAIL: survived\n");
	return 1;
}
