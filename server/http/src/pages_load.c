/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reading the pages at the start: regular files below the directory, none by a symbolic link, none
 * hidden. Any thread.
 */
#include "base/fd.h"
#include "pages.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 512

struct load {
    struct http_pages *pages;
    char path[PATH_BYTES]; /* below the directory, of what is being read */
    const char *directory;
    char *error_text;
};

static enum lb_result load_fail(const struct load *load, const char *why)
{
    (void)snprintf(load->error_text, HTTP_ERROR_TEXT_BYTES, "web-dir: %.80s%.100s: %s",
                   load->directory, load->path, why);
    return LB_CONFIG_INVALID;
}

static void variant_free(struct http_variant *variant)
{
    free((void *)(uintptr_t)variant->content.data);
}

static void page_free(struct http_page *page)
{
    free(page->path);
    variant_free(&page->plain);
    variant_free(&page->brotli);
    variant_free(&page->gzip);
}

void http_pages_free(struct http_pages *pages)
{
    for (size_t i = 0; pages->pages != NULL && i < pages->count; i++) {
        page_free(&pages->pages[i]);
    }
    free(pages->pages);
    *pages = (struct http_pages){0};
}

/* The tag of its bytes: another content has another, and so has a compressed one. */
static bool variant_tag(struct http_variant *variant)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    struct http_text text = http_text_of(variant->etag, sizeof(variant->etag) - 1);
    if (EVP_Digest(variant->content.data, variant->content.size, hash, NULL, EVP_sha256(), NULL) !=
        1) {
        return false;
    }
    http_text_add(&text, "\"");
    http_text_add_hex(&text, bytes_of(hash, 16));
    http_text_add(&text, "\"");
    variant->etag[text.size] = '\0';
    return true;
}

static enum lb_result load_variant(struct load *load, int fd, struct http_variant *variant)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return load_fail(load, "not a file; build the pages anew");
    }
    const size_t size = (size_t)status.st_size;
    if (size > HTTP_PAGES_BYTES_MAX - load->pages->bytes) {
        return load_fail(load, "the files are too large; is this the directory of the pages?");
    }
    uint8_t *content = malloc(size == 0 ? 1 : size);
    if (content == NULL) {
        return LB_MEMORY;
    }
    variant->content = bytes_of(content, size);
    load->pages->bytes += size;
    if (fd_read_whole(fd, content, size) != (ssize_t)size) {
        return load_fail(load, "cannot be read to its end");
    }
    return variant_tag(variant) ? LB_OK : LB_MEMORY;
}

/* A page of that path, at the end of the list. */
static enum lb_result load_file(struct load *load, int fd)
{
    struct http_pages *pages = load->pages;
    if (pages->count == HTTP_PAGES_MAX) {
        return load_fail(load, "too many files; is this the directory of the pages?");
    }
    struct http_page *page = &pages->pages[pages->count];
    *page = (struct http_page){.path = strdup(load->path)};
    if (page->path == NULL) {
        return LB_MEMORY;
    }
    pages->count++;
    return load_variant(load, fd, &page->plain);
}

static enum lb_result load_directory(struct load *load, int fd, int depth);

static enum lb_result load_entry(struct load *load, int directory, const char *name, int depth)
{
    const size_t before = strlen(load->path);
    struct stat status;
    if (before + 1 + strlen(name) >= sizeof(load->path)) {
        return load_fail(load, "the path is too long");
    }
    (void)snprintf(load->path + before, sizeof(load->path) - before, "/%s", name);
    const int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    enum lb_result result = LB_OK;
    if (fd < 0 || fstat(fd, &status) != 0) {
        result = load_fail(load, errno == ELOOP ? "a symbolic link; put the file itself there"
                                                : strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        result = load_directory(load, fd, depth + 1);
    } else {
        result = load_file(load, fd);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    load->path[before] = '\0';
    return result;
}

/* fd stays the caller's. */
static enum lb_result load_directory(struct load *load, int fd, int depth)
{
    if (depth > HTTP_PAGES_DEPTH_MAX) {
        return load_fail(load, "directories are too deep; is this the directory of the pages?");
    }
    const int own = dup(fd);
    DIR *directory = own < 0 ? NULL : fdopendir(own);
    if (directory == NULL) {
        if (own >= 0) {
            (void)close(own);
        }
        return load_fail(load, strerror(errno));
    }
    enum lb_result result = LB_OK;
    const struct dirent *entry = NULL;
    while (result == LB_OK && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') {
            result = load_entry(load, fd, entry->d_name, depth);
        }
    }
    (void)closedir(directory);
    return result;
}

static int page_compare(const void *a, const void *b)
{
    const struct http_page *first = a;
    const struct http_page *second = b;
    return strcmp(first->path, second->path);
}

/* The page that a compressed one stands beside, among the first so many; NULL: it stands for
 * itself. */
static struct http_page *page_beside(struct http_pages *pages, size_t count, const char *path,
                                     const char *ending)
{
    const size_t size = strlen(path);
    const size_t end = strlen(ending);
    if (size <= end || strcmp(path + size - end, ending) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct http_page *page = &pages->pages[i];
        if (strlen(page->path) == size - end && strncmp(page->path, path, size - end) == 0) {
            return page;
        }
    }
    return NULL;
}

/* Compressed files are not pages of their own. In order, they come after what they stand beside. */
static void pages_pair(struct http_pages *pages)
{
    size_t kept = 0;
    qsort(pages->pages, pages->count, sizeof(*pages->pages), page_compare);
    for (size_t i = 0; i < pages->count; i++) {
        struct http_page page = pages->pages[i];
        struct http_page *brotli = page_beside(pages, kept, page.path, ".br");
        struct http_page *gzip = page_beside(pages, kept, page.path, ".gz");
        if (brotli == NULL && gzip == NULL) {
            pages->pages[kept++] = page;
            continue;
        }
        *(brotli != NULL ? &brotli->brotli : &gzip->gzip) = page.plain;
        free(page.path);
    }
    pages->count = kept;
}

enum lb_result http_pages_load(const char *directory, struct http_pages *pages,
                               char error_text[static HTTP_ERROR_TEXT_BYTES])
{
    struct load load = {.pages = pages, .directory = directory, .error_text = error_text};
    *pages = (struct http_pages){0};
    const int fd = directory == NULL ? -1 : open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return directory == NULL || errno == ENOENT ? LB_OK : load_fail(&load, strerror(errno));
    }
    pages->pages = calloc(HTTP_PAGES_MAX, sizeof(*pages->pages));
    const enum lb_result result = pages->pages == NULL ? LB_MEMORY : load_directory(&load, fd, 0);
    (void)close(fd);
    if (result != LB_OK) {
        http_pages_free(pages);
        return result;
    }
    pages_pair(pages);
    return LB_OK;
}
