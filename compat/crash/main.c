/*
 * zxrun-crash: the helper that makes the backtrace of a crash report. zxrun starts it (see
 * compat/host/crash_helper.c); nobody else does.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/crash/crash.h"

/* Reads what zxrun wrote: that much is to be trusted. */
static void *read_input(size_t size)
{
	char *data = malloc(size + 1);
	size_t got = 0;

	if (!data)
		_exit(1);
	while (got < size) {
		ssize_t more = read(CRASH_FD_INPUT, data + got, size - got);

		if (more <= 0)
			_exit(1);
		got += (size_t)more;
	}
	data[size] = 0;
	return data;
}

static char *read_rest(void)
{
	off_t now = lseek(CRASH_FD_INPUT, 0, SEEK_CUR);
	off_t end = lseek(CRASH_FD_INPUT, 0, SEEK_END);

	if (now < 0 || end < now || lseek(CRASH_FD_INPUT, now, SEEK_SET) != now)
		_exit(1);
	return read_input((size_t)(end - now));
}

static char *take_dirs(char *text, const char **dirs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		dirs[i] = text;
		text += strlen(text) + 1;
	}
	return text;
}

static void read_scene(struct scene *scene)
{
	struct crash_input *input;
	char *text;

	/* It is as zxrun has left it. */
	if (lseek(CRASH_FD_INPUT, 0, SEEK_SET))
		_exit(1);
	input = read_input(sizeof(*input));
	scene->input = *input;
	free(input);
	scene->maps = read_input(scene->input.maps * sizeof(*scene->maps));
	scene->infos = read_input(scene->input.modules * sizeof(*scene->infos));
	scene->modules = calloc(scene->input.modules + 1, sizeof(*scene->modules));
	if (!scene->modules)
		_exit(1);
	text = take_dirs(read_rest(), scene->lib_dirs, scene->input.lib_dirs);
	take_dirs(text, scene->debug_dirs, scene->input.debug_dirs);
	for (uint32_t i = 0; i < scene->input.modules; i++) {
		scene->modules[i].info = &scene->infos[i];
		scene->modules[i].debug_fd = -1;
		files__open(scene, &scene->modules[i]);
	}
}

/* Modules come with their file: there is nothing to find. */
static int find_elf(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
		    char **path, Elf **elf)
{
	(void)mod;
	(void)userdata;
	(void)name;
	(void)base;
	(void)path;
	(void)elf;
	return -1;
}

int main(void)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = find_elf,
		.find_debuginfo = files__find_debuginfo,
	};
	static struct scene scene;
	Dwfl *dwfl;

	sandbox__limit();
	read_scene(&scene);
	elf_version(EV_CURRENT);
	if (!sandbox__close())
		_exit(1);
	dwfl = dwfl_begin(&callbacks);
	if (!dwfl)
		_exit(1);
	dwfl_report_begin(dwfl);
	files__report(&scene, dwfl);
	dwfl_report_end(dwfl, NULL, NULL);
	unwind__print(&scene, dwfl);
	client__done();
	/* Not even libdw's end is needed: what is left goes with the process. */
	_exit(0);
}
