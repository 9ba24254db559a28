#include "update_docs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "md_update.h"
#include "page_md.h"

/* A page that differs from what it should be. */
struct page {
	struct out_file file;
	char *path;	/* what the name stands for when it is a link */
	bool made;
	char *done;	/* what to say when it is written */
};

struct docs {
	const char *dir;
	const struct abi *abi;
	unsigned flags;
	struct md_targets targets;
	struct str_list files;		/* names of pages, sorted */
	struct str_list reports;
	struct page *pages;
	size_t npages;
	bool failed;			/* something could not be read or written */
};

static void fail(struct docs *docs, const char *path)
{
	fprintf(stderr, "abigen: %s: %s\n", path, strerror(errno));
	docs->failed = true;
}

static void report(struct docs *docs, char *message)
{
	str_list_add(&docs->reports, message);
}

/* "a, b, c" */
static char *join(const struct str_list *parts)
{
	struct text text;

	text_open(&text);
	for (size_t i = 0; i < parts->n; i++)
		fprintf(text.out, "%s%s", i ? ", " : "", parts->v[i]);
	text_close(&text);
	return text.s;
}

static bool is_page(const char *name)
{
	return *name != '.' && has_suffix(name, ".md") && strcmp(name, "README.md") != 0;
}

static bool list_files(struct docs *docs)
{
	DIR *dir = opendir(docs->dir);
	struct dirent *entry;

	if (!dir) {
		fail(docs, docs->dir);
		return false;
	}
	while ((entry = readdir(dir)))
		if (is_page(entry->d_name))
			str_list_add(&docs->files, text_copy(entry->d_name));
	closedir(dir);
	str_list_sort(&docs->files);
	return true;
}

static const struct abi_call *exported(const struct abi *abi, const char *name)
{
	const struct abi_call *call = abi_find(abi, name);

	return call && call_exported(call) ? call : NULL;
}

/* The call whose page the file is; NULL after a report when there is none. */
static const struct abi_call *call_of(struct docs *docs, const char *file)
{
	char *name = xstrndup(file, strlen(file) - strlen(".md"));
	const struct abi_call *call = exported(docs->abi, name);
	char *other;

	if (!call && has_prefix(name, "zx_"))
		call = exported(docs->abi, name + strlen("zx_"));
	if (!call)
		report(docs, text_format("%s/%s: no call '%s' is defined", docs->dir, file, name));
	free(name);
	if (!call)
		return NULL;
	other = md_page_file(&docs->targets, call->name);
	if (strcmp(other, file)) {
		report(docs, text_format("%s/%s: call '%s' has another page (%s/%s)", docs->dir, file,
				    call->name, docs->dir, other));
		call = NULL;
	}
	free(other);
	return call;
}

/* Take over @path, @text and @done. */
static void add_page(struct docs *docs, char *path, struct text *text, bool made, char *done)
{
	docs->pages = xgrow(docs->pages, docs->npages, sizeof(*docs->pages));
	docs->pages[docs->npages++] = (struct page){
		.file = { .path = path, .text = text->s, .len = text->len },
		.path = path,
		.made = made,
		.done = done,
	};
	text->s = NULL;
}

static void tell_faults(struct docs *docs, const char *path, const struct md_result *result)
{
	for (size_t i = 0; i < result->faults.n; i++)
		report(docs, text_format("%s: %s", path, result->faults.v[i]));
	if (!(docs->flags & UPDATE_DOCS_CHECK))
		return;
	for (size_t i = 0; i < result->stale.n; i++) {
		const char *part = result->stale.v[i];

		report(docs, text_format("%s: %s %s stale", path, part,
				    strcmp(part, "references") ? "is" : "are"));
	}
}

static void update_text(struct docs *docs, const char *path, const struct abi_call *call,
			const struct source *src)
{
	struct md_result result;
	char *real, *parts;

	md_update(&result, &docs->targets, call, src->text, src->len);
	tell_faults(docs, path, &result);
	if (result.stale.n && !(docs->flags & UPDATE_DOCS_CHECK)) {
		real = realpath(path, NULL);
		parts = join(&result.stale);
		if (real)
			add_page(docs, real, &result.text, false,
				 text_format("%s: updated %s", path, parts));
		else
			fail(docs, path);
		free(parts);
	}
	md_result_free(&result);
}

static void update_page(struct docs *docs, const char *file)
{
	const struct abi_call *call = call_of(docs, file);
	struct source *src;
	char *path;

	if (!call)
		return;
	path = text_format("%s/%s", docs->dir, file);
	src = source_read(path);
	if (!src)
		docs->failed = true;
	else if (memchr(src->text, '\0', src->len))
		report(docs, text_format("%s: is no text, it has a NUL byte", path));
	else
		update_text(docs, path, call, src);
	if (src)
		source_free(src);
	free(path);
}

static void make_page(struct docs *docs, const struct abi_call *call, const char *path)
{
	struct text page, whole;

	md_write_page(text_open(&page), docs->abi, call);
	text_close(&page);
	md_print_with_references(text_open(&whole), &docs->targets, call->name, page.s, page.len);
	text_close(&whole);
	free(page.s);
	add_page(docs, text_copy(path), &whole, true, text_format("%s: made", path));
}

/* What is to be done about a call that has no page. */
static void no_page(struct docs *docs, const struct abi_call *call, const char *path)
{
	if (docs->flags & UPDATE_DOCS_GENERATE)
		make_page(docs, call, path);
	else
		report(docs, text_format("call '%s' has no page (%s)", call->name, path));
}

static void find_missing(struct docs *docs)
{
	for (size_t i = 0; i < docs->abi->ncalls; i++) {
		const struct abi_call *call = &docs->abi->calls[i];
		char *file, *path;

		if (!call_exported(call))
			continue;
		file = md_page_file(&docs->targets, call->name);
		path = text_format("%s/%s", docs->dir, file);
		if (!str_list_has(&docs->files, file))
			no_page(docs, call, path);
		free(path);
		free(file);
	}
}

/* Write the page beside its place, with the permissions that it had. */
static bool stage(struct docs *docs, struct page *page)
{
	struct stat st;

	if (!out_file_stage(&page->file))
		return false;
	if (page->made || !page->file.temp)
		return true;
	if (stat(page->path, &st) || chmod(page->file.temp, st.st_mode & 07777)) {
		fail(docs, page->path);
		return false;
	}
	return true;
}

/* Either all pages are replaced or none is touched. */
static void write_pages(struct docs *docs)
{
	bool ok = !docs->failed;

	for (size_t i = 0; ok && i < docs->npages; i++)
		ok = stage(docs, &docs->pages[i]);
	for (size_t i = 0; ok && i < docs->npages; i++)
		ok = out_file_commit(&docs->pages[i].file);
	for (size_t i = 0; ok && i < docs->npages; i++)
		printf("%s\n", docs->pages[i].done);
	docs->failed = !ok;
}

static void print_reports(struct docs *docs)
{
	str_list_sort(&docs->reports);
	for (size_t i = 0; i < docs->reports.n; i++)
		fprintf(stderr, "%s\n", docs->reports.v[i]);
}

static void free_docs(struct docs *docs)
{
	for (size_t i = 0; i < docs->npages; i++) {
		out_file_discard(&docs->pages[i].file);
		free(docs->pages[i].path);
		free(docs->pages[i].done);
	}
	free(docs->pages);
	str_list_free(&docs->files);
	str_list_free(&docs->reports);
}

/* @dir without slashes at its end, which would show in messages. */
static char *clean_dir(const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	return xstrndup(dir, len);
}

enum update_docs_result update_docs(const char *dir, const struct abi *abi, unsigned flags)
{
	char *clean = clean_dir(dir);
	struct docs docs = { .dir = clean, .abi = abi, .flags = flags };
	enum update_docs_result result = DOCS_DONE;

	docs.targets = (struct md_targets){ .abi = abi, .files = &docs.files };
	if (list_files(&docs)) {
		for (size_t i = 0; i < docs.files.n; i++)
			update_page(&docs, docs.files.v[i]);
		find_missing(&docs);
		print_reports(&docs);
		write_pages(&docs);
	}
	if (docs.failed)
		result = DOCS_FAILED;
	else if (flags & UPDATE_DOCS_CHECK && docs.reports.n)
		result = DOCS_STALE;
	free_docs(&docs);
	free(clean);
	return result;
}
