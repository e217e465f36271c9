/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opens key and store in the order that keeps persons readable: a book without its key would take
 * persons that nobody can read again, so a key is made only together with a new book.
 */
#include "app/book.h"

#include "app/complain.h"
#include "base/random.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void book_on_report(void *context, const char *message)
{
    struct book *book = context;
    if (book->is_open) {
        log_warn(book->log, "store", log_text("message", message));
    } else {
        snprintf(book->detail, sizeof(book->detail), "%s", message);
    }
}

static struct store_lmdb_options book_lmdb_options(struct book *book, const char *directory,
                                                   enum store_lmdb_mode mode)
{
    struct store_lmdb_options options = store_lmdb_options_default(directory);
    options.mode = mode;
    options.map_bytes = book->options->map_size;
    options.map_bytes_max = book->options->map_size_max;
    options.free_bytes_min = book->options->free_space_min;
    options.report = book_on_report;
    options.report_context = book;
    return options;
}

static struct store_journaled_options book_store_options(struct book *book,
                                                         enum store_lmdb_mode mode)
{
    const struct options *given = book->options;
    struct store_journaled_options options = store_journaled_options_default(given->data_dir);
    options.lmdb = book_lmdb_options(book, given->data_dir, mode);
    options.segment_bytes = (uint32_t)((given->journal_segment_size + 511) / 512 * 512);
    options.recent_bytes_max = given->recent_memory_max;
    options.checkpoint_ms = (uint32_t)given->checkpoint_interval_ms;
    return options;
}

/* Bytes of a file in the data directory; -1: it is not there. */
static int64_t book_file_bytes(const struct options *options, const char *name)
{
    char path[CONFIG_TEXT_BYTES + sizeof("/data.mdb")];
    struct stat file;
    int size = snprintf(path, sizeof(path), "%s/%s", options->data_dir, name);
    bool is_there = size > 0 && (size_t)size < sizeof(path) && stat(path, &file) == 0;
    return is_there ? (int64_t)file.st_size : -1;
}

bool book_exists(const struct options *options)
{
    return book_file_bytes(options, "data.mdb") >= 0;
}

/* Where the key file is, or will be; false: neither is there. */
static bool book_key_place(const struct options *options, char place[PATH_MAX])
{
    char path[CONFIG_TEXT_BYTES];
    memcpy(path, options->key_file, sizeof(path));
    return realpath(options->key_file, place) != NULL || realpath(dirname(path), place) != NULL;
}

/* A copy of the data must never bring the key with it. */
static bool book_key_is_apart(const struct options *options)
{
    char place[PATH_MAX];
    char data_dir[PATH_MAX];
    if (!book_key_place(options, place) || realpath(options->data_dir, data_dir) == NULL) {
        return true; /* one is not there: what opens it says so */
    }
    const size_t size = strlen(data_dir);
    if (strncmp(place, data_dir, size) != 0 || (place[size] != '/' && place[size] != '\0')) {
        return true;
    }
    fprintf(stderr,
            "lovebankd: 密钥文件 %s 在数据目录 %s 里，备份会把两者放在一起。请移到别处，"
            "并更正设置 key-file\n"
            "lovebankd: the key file %s is in the data directory %s, so that copies of the data "
            "would hold the key; move it elsewhere and correct the setting key-file\n",
            options->key_file, options->data_dir, options->key_file, options->data_dir);
    return false;
}

static bool book_open_people(struct book *book, bool create)
{
    const struct options *options = book->options;
    const char *path = options->key_file;
    if (!book_key_is_apart(options)) {
        return false;
    }
    const enum lb_result result = options->key_is_credential
                                      ? people_open_credential(path, random_system(), &book->people)
                                      : people_open(path, create, random_system(), &book->people);
    if (result != LB_OK) {
        complain(result, path, "");
    }
    return result == LB_OK;
}

static bool book_open_store(struct book *book, const struct store_journaled_options *options)
{
    const enum lb_result result = store_journaled_open(options, &book->store);
    if (result != LB_OK) {
        complain(result, book->options->data_dir, book->detail);
        return false;
    }
    book->is_open = true;
    return true;
}

bool book_open(struct book *book)
{
    const struct options *options = book->options;
    const bool is_new = !book_exists(options);
    if (is_new && !options->create) {
        complain(LB_ENTRY_UNKNOWN, options->data_dir, "");
        return false;
    }
    if (is_new && book_file_bytes(options, "LOCK") > 0) { /* the store marks it: a book was here */
        complain(LB_ALREADY_EXISTS, options->data_dir, "");
        return false;
    }
    struct store_journaled_options store = book_store_options(book, STORE_LMDB_SERVER);
    if (!random_fill(random_system(), store.lmdb.book.bytes, sizeof(store.lmdb.book.bytes))) {
        complain(LB_INTERNAL, "getrandom", "");
        return false;
    }
    return book_open_people(book, is_new) && book_open_store(book, &store);
}

bool book_open_read_only(struct book *book)
{
    const struct options *options = book->options;
    if (!book_exists(options)) {
        complain(LB_ENTRY_UNKNOWN, options->data_dir, "");
        return false;
    }
    if (access(options->key_file, F_OK) == 0 && !book_open_people(book, false)) {
        return false;
    }
    const struct store_journaled_options store = book_store_options(book, STORE_LMDB_READ_ONLY);
    return book_open_store(book, &store);
}

void book_close(struct book *book)
{
    if (book->store != NULL) {
        book->store->ops->close(book->store);
    }
    if (book->people != NULL) {
        people_close(book->people);
    }
}

enum lb_result book_open_scratch(struct book *book, const char *directory, struct store **store)
{
    struct store_lmdb_options options = book_lmdb_options(book, directory, STORE_LMDB_SCRATCH);
    options.free_bytes_min *= 2; /* it gives up before the book beside it has to */
    return store_lmdb_open(&options, store);
}

enum lb_result book_open_copy(struct book *book, const char *directory, struct store **store)
{
    struct store_journaled_options options = book_store_options(book, STORE_LMDB_READ_ONLY);
    options.lmdb.directory = directory;
    return store_journaled_open(&options, store);
}
