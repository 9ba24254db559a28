#include "generate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"

struct file_list {
	struct out_file *v;
	size_t n;
};

/* A new file of the list, with a stream that writes its text; NULL after a message. */
static FILE *begin(struct file_list *list, char *path, struct out_file **file)
{
	FILE *out;

	list->v = xgrow(list->v, list->n, sizeof(*list->v));
	*file = &list->v[list->n++];
	**file = (struct out_file){ .path = path };
	out = open_memstream(&(*file)->text, &(*file)->len);
	if (!out)
		fputs("abigen: out of memory\n", stderr);
	return out;
}

static bool end(FILE *out)
{
	bool ok = !ferror(out);

	ok = !fclose(out) && ok;
	if (!ok)
		fputs("abigen: out of memory\n", stderr);
	return ok;
}

/* One file with all that the output has to say. */
static bool write_file(struct file_list *list, const struct request *request, const struct abi *abi)
{
	const struct output *output = request->output;
	struct out_file *file;
	FILE *out = begin(list, xstrndup(request->path, strlen(request->path)), &file);

	if (!out)
		return false;
	if (output->write) {
		output->write(out, abi);
		return end(out);
	}
	for (size_t i = 0; i < abi->ncalls; i++)
		if (call_exported(&abi->calls[i]))
			output->write_page(out, abi, &abi->calls[i]);
	return end(out);
}

static char *page_path(const struct request *request, const struct abi_call *call)
{
	size_t dir_len = strlen(request->path);
	size_t room = dir_len + strlen(request->output->page_name) + strlen(call->name) + 2;
	char *path = xcalloc(1, room);

	while (dir_len > 1 && request->path[dir_len - 1] == '/')
		dir_len--;
	memcpy(path, request->path, dir_len);
	path[dir_len] = '/';
	snprintf(path + dir_len + 1, room - dir_len - 1, request->output->page_name, call->name);
	return path;
}

/* One file for each call that programs can name. */
static bool write_pages(struct file_list *list, const struct request *request,
			const struct abi *abi)
{
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];
		struct out_file *file;
		FILE *out;

		if (!call_exported(call))
			continue;
		out = begin(list, page_path(request, call), &file);
		if (!out)
			return false;
		request->output->write_page(out, abi, call);
		if (!end(out))
			return false;
	}
	return true;
}

/* True when pages go to a folder, which is made when the name says that it is one. */
static bool wants_folder(const struct request *request, bool *ok)
{
	size_t len = strlen(request->path);
	struct stat st;

	if (!request->output->write_page)
		return false;
	if (!stat(request->path, &st))
		return S_ISDIR(st.st_mode);
	if (request->path[len - 1] != '/')
		return false;
	*ok = !mkdir(request->path, 0777);
	if (!*ok)
		fprintf(stderr, "abigen: %s: %s\n", request->path, strerror(errno));
	return true;
}

static bool write_request(struct file_list *list, const struct request *request,
			  const struct abi *abi)
{
	bool ok = true;

	if (!wants_folder(request, &ok))
		return write_file(list, request, abi);
	return ok && write_pages(list, request, abi);
}

bool generate(const struct options *options, const struct abi *abi)
{
	struct file_list list = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < options->nrequests; i++)
		ok = write_request(&list, &options->requests[i], abi);
	for (size_t i = 0; ok && i < list.n; i++)
		ok = out_file_stage(&list.v[i]);
	for (size_t i = 0; ok && i < list.n; i++)
		ok = out_file_commit(&list.v[i]);
	for (size_t i = 0; i < list.n; i++) {
		out_file_discard(&list.v[i]);
		free((char *)list.v[i].path);
	}
	free(list.v);
	return ok;
}
