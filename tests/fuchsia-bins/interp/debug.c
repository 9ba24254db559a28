/* Telling a debugger what has been loaded. */
#include "interp.h"

#include <zircon/errors.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/object.h>

#include "link_map.h"
#include "rt.h"

static struct link_map maps[MODULES_MAX];
static struct link_debug debug;

void debug__publish(const struct module *modules, int count)
{
	uintptr_t wish = 0;
	uintptr_t address = (uintptr_t)&debug;

	for (int i = 0; i < count; i++)
		maps[i] = (struct link_map){
			.bias = modules[i].image.bias,
			.name = modules[i].name,
			.dynamic = modules[i].image.dynamic,
			.next = i + 1 < count ? &maps[i + 1] : NULL,
			.previous = i ? &maps[i - 1] : NULL,
		};
	debug = (struct link_debug){ .version = 1, .map = maps, .state = LINK_CONSISTENT };
	if (zx_object_get_property(rt_boot.process, ZX_PROP_PROCESS_DEBUG_ADDR, &wish,
				   sizeof(wish)) != ZX_OK ||
	    zx_object_set_property(rt_boot.process, ZX_PROP_PROCESS_DEBUG_ADDR, &address,
				   sizeof(address)) != ZX_OK)
		return;
	/* A debugger that came before the linker asks for a stop here. */
	if (wish == ZX_PROCESS_DEBUG_ADDR_BREAK_ON_SET)
		__asm__ volatile("int3");
}
