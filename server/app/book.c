/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opens key and store in the order that keeps persons readable: a book without its key would take
 * persons that nobody can read again, so a key is made only together with a new book.
 */
#include "app/book.h"

#include "app/complain.h"
#include "base/date.h"
#include "base/random.h"
#include "engine/move.h"

#include <errno.h>
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

static struct postgres_options book_database_options(struct book *book)
{
    const struct options *given = book->options;
    return (struct postgres_options){
        .url = given->store,
        .name = given->store_book,
        .reach_ms = (uint32_t)given->store_reach_ms,
        .is_ha = given->store_ha,
        .stop_fd = book->stop_fd == NULL ? -1 : *book->stop_fd,
        .create = given->create,
        .report = book_on_report,
        .report_context = book,
    };
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

/* Whether it has no entry yet. */
static enum lb_result book_look(struct store *store, bool *is_empty)
{
    struct store_snapshot *snapshot = NULL;
    enum lb_result result = store->ops->snapshot_open(store, &snapshot);
    if (result == LB_OK) {
        struct bytes key;
        struct bytes value;
        result = store->ops->snapshot_seek(snapshot, TABLE_ENTRY, (struct bytes){NULL, 0}, true, 0,
                                           &key, &value);
        *is_empty = result == LB_ENTRY_UNKNOWN;
        store->ops->snapshot_close(snapshot);
    }
    return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
}

static const char *book_place(const struct book *book)
{
    const struct options *options = book->options;
    return options->store[0] != '\0' ? options->store_book : options->data_dir;
}

/* A bank that is only half there, or that no switch has made the book yet, is none. */
static bool book_is_whole(const struct book *book)
{
    const char *place = book_place(book);
    bool is_unfinished = false;
    const enum lb_result result = move_is_unfinished(book->store, &is_unfinished);
    if (result != LB_OK) {
        complain(result, book->options->data_dir, book->detail);
        return false;
    }
    if (is_unfinished) {
        fprintf(stderr,
                "lovebankd: 账还没有搬完，%s 现在不能用。请停下来处的服务器，再运行同样的 "
                "lovebankd migrate-store，加上 --switch，直到它说切换完成\n"
                "lovebankd: a move into %s has not come to its end; stop the servers over where it "
                "comes from, and run the same lovebankd migrate-store with --switch until it says "
                "that the switch is made\n",
                place, place);
    }
    return !is_unfinished;
}

/* What was moved away goes on elsewhere, and would here be a second bank. */
static bool book_is_here(const struct book *book)
{
    const char *place = book_place(book);
    struct move_moved moved;
    char day[DATE_TEXT_BYTES];
    const enum lb_result result = move_read_moved(book->store, &moved);
    if (result != LB_OK) {
        complain(result, book->options->data_dir, book->detail);
        return false;
    }
    if (moved.is_moved) {
        date_format(date_day_of_ms(moved.at_ms, book->options->zone_east_s), day);
        fprintf(
            stderr,
            "lovebankd: %s 里的账已在 %s 搬到 %s，这里不再记账。请改设置 store、store-book 和 "
            "data-dir，用新的地方启动。若搬错了，而那里还没有记过账：lovebankd migrate-store "
            "FROM TO --undo-switch\n"
            "lovebankd: the book of %s was moved on %s to %s, and nothing is recorded here any "
            "more; change the settings store, store-book and data-dir to the new place. If that "
            "was a mistake, and nothing was recorded there: lovebankd migrate-store FROM TO "
            "--undo-switch\n",
            place, day, moved.place, place, day, moved.place);
    }
    return !moved.is_moved;
}

/* A book in a database: the key is made with its first entry, on whichever machine that is. */
static bool book_open_shared(struct book *book)
{
    const struct options *options = book->options;
    struct postgres_options database = book_database_options(book);
    struct store_journaled_options cache = book_store_options(book, STORE_LMDB_SERVER);
    if (!random_fill(random_system(), database.book.bytes, sizeof(database.book.bytes))) {
        complain(LB_INTERNAL, "getrandom", "");
        return false;
    }
    enum lb_result result = postgres_open(&database, &cache, &book->store);
    if (result == LB_OK) {
        result = book_look(book->store, &book->is_new);
    }
    if (result != LB_OK) {
        complain_of_database(result, options->store, book->detail);
        return false;
    }
    book->is_open = true;
    if (!book_is_whole(book) || !book_is_here(book)) {
        return false;
    }
    const bool has_key = access(options->key_file, F_OK) == 0 || errno != ENOENT;
    if (!has_key && !book->is_new) {
        complain(LB_KEY_OUTDATED, options->key_file, "");
        return false;
    }
    book->is_new = book->is_new && options->create && !has_key;
    return book_open_people(book, book->is_new);
}

void book_drop_new_key(struct book *book)
{
    if (book->options->store[0] != '\0') {
        people_discard_new_key(book->people);
    }
}

enum lb_result book_migrate(struct book *book)
{
    const struct postgres_options database = book_database_options(book);
    const enum lb_result result = postgres_migrate(&database);
    if (result != LB_OK) {
        complain_of_database(result, book->options->store, book->detail);
    }
    return result;
}

enum lb_result book_verify_tables(struct book *book, const struct postgres_stop *stop,
                                  struct postgres_finding *finding)
{
    struct postgres_options database = book_database_options(book);
    database.create = false;
    database.is_ha = false; /* nothing is written */
    return postgres_verify(&database, book->store, stop, finding);
}

bool book_open(struct book *book)
{
    const struct options *options = book->options;
    if (options->store[0] != '\0') {
        return book_open_shared(book);
    }
    const bool is_new = !book_exists(options);
    book->is_new = is_new;
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
    return book_open_people(book, is_new) && book_open_store(book, &store) && book_is_whole(book) &&
           book_is_here(book);
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
    return book_open_store(book, &store) && book_is_whole(book);
}

/* ---- the two ends of a move ---- */

static bool book_open_database(struct book *book, struct id id, bool create)
{
    struct postgres_options database = book_database_options(book);
    struct store_journaled_options cache = book_store_options(book, STORE_LMDB_SERVER);
    database.create = create;
    database.book = id;
    const enum lb_result result = postgres_open(&database, &cache, &book->store);
    if (result != LB_OK) {
        complain_of_database(result, book->options->store, book->detail);
    }
    book->is_open = result == LB_OK;
    return book->is_open;
}

/* A book in files, for reading, and no cache. */
static bool book_open_files(struct book *book)
{
    const struct options *options = book->options;
    if (!book_exists(options)) {
        complain(LB_ENTRY_UNKNOWN, options->data_dir, "");
        return false;
    }
    const struct store_journaled_options store = book_store_options(book, STORE_LMDB_READ_ONLY);
    if (!book_open_store(book, &store)) {
        return false;
    }
    if (store_journaled_is_cache(book->store)) {
        fprintf(stderr,
                "lovebankd: %s 只是数据库里一本账的缓存，可能不全。请写数据库的地址\n"
                "lovebankd: %s is only the cache of a book in a database and may lack something; "
                "give the URL of the database\n",
                options->data_dir, options->data_dir);
        return false;
    }
    return true;
}

bool book_open_source(struct book *book, bool is_left)
{
    if (book->options->store[0] != '\0') {
        return book_open_database(book, (struct id){{0}}, false);
    }
    if (!book_open_files(book)) {
        return false;
    }
    if (!is_left) {
        return true;
    }
    const struct store_journaled_options store = book_store_options(book, STORE_LMDB_SERVER);
    book_close(book);
    *book = (struct book){.options = book->options, .log = book->log};
    return book_open_store(book, &store);
}

bool book_open_target(struct book *book, struct id id)
{
    const struct options *options = book->options;
    if (options->store[0] != '\0') {
        return book_open_database(book, id, true);
    }
    if (!book_exists(options) && book_file_bytes(options, "LOCK") > 0) {
        complain(LB_ALREADY_EXISTS, options->data_dir, "");
        return false;
    }
    struct store_journaled_options store = book_store_options(book, STORE_LMDB_SERVER);
    store.lmdb.book = id;
    return book_open_store(book, &store);
}

void book_stop(struct book *book)
{
    if (book->store->ops->stop != NULL) {
        book->store->ops->stop(book->store);
    }
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
