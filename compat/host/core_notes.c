/* The notes of a core file: threads with their registers, what the process was, and its files. */
#include <elf.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/procfs.h>

#include "compat/core/process.h"
#include "compat/host/core_file.h"
#include "compat/host/host.h"

/* In the place of the number of a Linux system call that the thread would be in. */
#define NO_CALL UINT64_MAX
#define PAGE 4096ull
#define MAX_THREADS ZXABI_THREADS
/* Where debuggers look in an XSAVE area for the parts that it has. */
#define XSAVE_MASK_OFFSET 464
/* Parts of a state, and how large an area has to be that holds them: x87 and SSE, AVX, AVX-512. */
#define MASK_SSE 0x3u
#define MASK_AVX 0x7u
#define MASK_AVX512 0xe7u
#define SIZE_AVX 832u
#define SIZE_AVX512 2688u
#define SIZE_FXSAVE 512u
#define SIZE_SSE 576u

static size_t aligned(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* Room for @size zero bytes at the end, or NULL. */
static void *append(struct core_notes *notes, size_t size)
{
	char *bigger;

	if (notes->failed)
		return NULL;
	if (notes->size + size > notes->room) {
		notes->room = (notes->size + size) * 2;
		bigger = realloc(notes->data, notes->room);
		notes->failed = !bigger;
		if (!bigger)
			return NULL;
		notes->data = bigger;
	}
	memset(notes->data + notes->size, 0, size);
	notes->size += size;
	return notes->data + notes->size - size;
}

/* Room for @size bytes of a note, zero so far, at any address; NULL where there is none. */
static char *add_room(struct core_notes *notes, const char *owner, uint32_t type, size_t size)
{
	const Elf64_Nhdr header = {
		.n_namesz = (uint32_t)strlen(owner) + 1,
		.n_descsz = (uint32_t)size,
		.n_type = type,
	};
	size_t name_size = aligned(header.n_namesz);
	char *at = append(notes, sizeof(header) + name_size + aligned(size));

	if (!at)
		return NULL;
	memcpy(at, &header, sizeof(header));
	memcpy(at + sizeof(header), owner, header.n_namesz);
	return at + sizeof(header) + name_size;
}

static void add_note(struct core_notes *notes, const char *owner, uint32_t type, const void *data,
		     size_t size)
{
	char *out = add_room(notes, owner, type, size);

	if (out)
		memcpy(out, data, size);
}

/* In the order of Linux's struct user_regs_struct. */
static void put_registers(elf_gregset_t out, const struct zxabi_registers *r)
{
	const uint64_t values[] = {
		r->r15, r->r14, r->r13, r->r12, r->rbp, r->rbx, r->r11, r->r10, r->r9,
		r->r8,	r->rax, r->rcx, r->rdx, r->rsi, r->rdi, NO_CALL, r->rip, 0x33,
		r->rflags, r->rsp, 0x2b, r->fs_base, r->gs_base, 0, 0, 0, 0,
	};

	_Static_assert(sizeof(values) == sizeof(elf_gregset_t), "all registers");
	memcpy(out, values, sizeof(values));
}

static void add_status(struct core_notes *notes, zx_koid_t koid, int number,
		       const struct zxabi_registers *regs)
{
	struct elf_prstatus status = {
		.pr_info.si_signo = number,
		.pr_cursig = (short)number,
		.pr_pid = (pid_t)koid,
		.pr_fpvalid = 1,
	};

	put_registers(status.pr_reg, regs);
	add_note(notes, "CORE", NT_PRSTATUS, &status, sizeof(status));
}

/* The parts of the machine's state that the system uses. */
static uint64_t machine_mask(void)
{
	uint32_t low;
	uint32_t high;

	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t)high << 32 | low;
}

/* Debuggers know areas that end with certain parts: what lies behind these is left out. */
static void add_xstate(struct core_notes *notes, const struct thread_context *context)
{
	uint64_t mask = machine_mask();
	uint32_t size = SIZE_SSE;
	char *out;

	if (context->xstate_size < SIZE_SSE)
		return;
	if (context->xstate_size >= SIZE_AVX512 && (mask & MASK_AVX512) == MASK_AVX512)
		size = SIZE_AVX512;
	else if (context->xstate_size >= SIZE_AVX && (mask & MASK_AVX) == MASK_AVX)
		size = SIZE_AVX;
	mask &= size == SIZE_AVX512 ? MASK_AVX512 : size == SIZE_AVX ? MASK_AVX : MASK_SSE;
	add_note(notes, "CORE", NT_FPREGSET, context->xstate, SIZE_FXSAVE);
	out = add_room(notes, "LINUX", NT_X86_XSTATE, size);
	if (!out)
		return;
	memcpy(out, context->xstate, size);
	memcpy(out + XSAVE_MASK_OFFSET, &mask, sizeof(mask));
}

static void add_process(struct core_notes *notes, const struct crash_scene *scene)
{
	const struct process *process = scene->thread->process;
	struct elf_prpsinfo info = {
		.pr_sname = 'R',
		.pr_pid = (pid_t)process->object.koid,
	};

	memcpy(info.pr_fname, process->name, sizeof(info.pr_fname) - 1);
	memcpy(info.pr_psargs, process->name, strnlen(process->name, sizeof(process->name)));
	add_note(notes, "CORE", NT_PRPSINFO, &info, sizeof(info));
}

static void add_signal(struct core_notes *notes, const struct crash_scene *scene)
{
	siginfo_t info = {
		.si_signo = (int)scene->exception.signal,
		.si_code = (int)scene->exception.code,
	};

	info.si_addr = (void *)scene->exception.address;
	add_note(notes, "CORE", NT_SIGINFO, &info, sizeof(info));
}

/* The one that a debugger takes for the program, or NULL. */
static const struct crash_module *find_program(const struct crash_scene *scene)
{
	const struct crash_module *found = NULL;

	for (size_t i = 0; i < scene->num_modules; i++) {
		const struct crash_module *module = &scene->modules[i];

		if (module->is_program)
			return module;
		/* A static one is only told by its name. */
		if (!found && !strcmp(module->file_name, scene->thread->process->name))
			found = module;
	}
	return found;
}

/* By this a debugger finds out where the program was loaded. */
static void add_auxv(struct core_notes *notes, const struct crash_scene *scene)
{
	const struct crash_module *program = find_program(scene);
	const Elf64_auxv_t values[] = {
		{ AT_PHDR, { program ? program->headers : 0 } },
		{ AT_PHENT, { sizeof(Elf64_Phdr) } },
		{ AT_PHNUM, { program ? program->num_headers : 0 } },
		{ AT_ENTRY, { program ? program->entry : 0 } },
		{ AT_PAGESZ, { PAGE } },
		{ AT_NULL, { 0 } },
	};

	if (program)
		add_note(notes, "CORE", NT_AUXV, values, sizeof(values));
}

/* The module whose file @map shows, if it is known where that is; or -1. */
static ssize_t module_of(const struct crash_scene *scene, const struct host_map *map)
{
	for (size_t i = 0; i < scene->num_modules; i++) {
		if (scene->maps.list[scene->first[i]].vmo == map->vmo && scene->paths[i][0] &&
		    map->base >= scene->modules[i].base && map->base < scene->modules[i].end)
			return (ssize_t)i;
	}
	return -1;
}

/* Counts what the note has to hold, and with @out also puts it there. */
static size_t put_files(const struct crash_scene *scene, char *out, size_t *count, size_t names)
{
	size_t text = 0;

	*count = 0;
	for (size_t i = 0; i < scene->maps.count; i++) {
		const struct host_map *map = &scene->maps.list[i];
		const uint64_t row[] = { map->base, map->base + map->size, map->offset / PAGE };
		ssize_t module = module_of(scene, map);
		size_t size;

		if (module < 0)
			continue;
		size = strlen(scene->paths[module]) + 1;
		if (out) {
			memcpy(out + 2 * sizeof(uint64_t) + *count * sizeof(row), row, sizeof(row));
			memcpy(out + names + text, scene->paths[module], size);
		}
		text += size;
		(*count)++;
	}
	return text;
}

static void add_files(struct core_notes *notes, const struct crash_scene *scene)
{
	size_t count;
	size_t text = put_files(scene, NULL, &count, 0);
	size_t names = (2 + 3 * count) * sizeof(uint64_t);
	const uint64_t head[] = { count, PAGE };
	char *out = add_room(notes, "CORE", NT_FILE, names + text);

	if (!out)
		return;
	memcpy(out, head, sizeof(head));
	put_files(scene, out, &count, names);
}

/* References to the threads of @process but @but; their number. */
static size_t collect_threads(struct process *process, const struct thread *but,
			      struct thread **threads)
{
	struct thread *thread;
	size_t count = 0;

	object__lock(&process->object);
	list_for_each (thread, &process->threads, process_node) {
		if (thread == but || count == MAX_THREADS)
			continue;
		object__get(&thread->object);
		threads[count++] = thread;
	}
	object__unlock(&process->object);
	return count;
}

/* What of another thread is known: one that is not stopped has no registers to show. */
static void add_thread(struct core_notes *notes, struct thread *thread)
{
	struct thread_context context;
	bool known;

	object__lock(&thread->object);
	known = thread->context && !thread->context->no_registers;
	if (known)
		context = *thread->context;
	object__unlock(&thread->object);
	if (!known)
		return;
	add_status(notes, thread->object.koid, 0, &context.regs);
	add_xstate(notes, &context);
}

static void add_other_threads(struct core_notes *notes, const struct crash_scene *scene)
{
	struct thread **threads = calloc(MAX_THREADS, sizeof(*threads));
	size_t count;

	if (!threads) {
		notes->failed = true;
		return;
	}
	count = collect_threads(scene->thread->process, scene->thread, threads);
	for (size_t i = 0; i < count; i++) {
		add_thread(notes, threads[i]);
		object__put(&threads[i]->object);
	}
	free(threads);
}

void core_notes__make(struct core_notes *notes, const struct crash_scene *scene)
{
	*notes = (struct core_notes){ 0 };
	add_status(notes, scene->thread->object.koid, (int)scene->exception.signal,
		   &scene->context->regs);
	add_process(notes, scene);
	add_signal(notes, scene);
	add_auxv(notes, scene);
	add_files(notes, scene);
	add_xstate(notes, scene->context);
	add_other_threads(notes, scene);
}
