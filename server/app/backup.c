/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A backup from the order to the verdict. The store copies and names; this finds the place, holds
 * the copy against itself and against the book, and says in the result list's words what happened.
 */
#include "app/backup.h"

#include "engine/verify.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ROOT_ARENA_BYTES_MAX (1u << 20)
#define SUFFIX_BYTES         (sizeof(STORE_JOURNALED_PARTIAL_SUFFIX) - 1) /* both are as long */

_Static_assert(sizeof(STORE_JOURNALED_PARTIAL_SUFFIX) == sizeof(STORE_JOURNALED_DAMAGED_SUFFIX),
               "a name that leaves room for one leaves room for the other");

struct backup {
    struct book *book;
    struct engine *engine;
    struct rpc_backup_job *job;
    char parent[PATH_MAX]; /* without symbolic links */
    char place[PATH_MAX];  /* in it */
    bool is_damaged;       /* the check said so, not the copying */
};

/* ---- the place ---- */

/* The path is the directory or below it; both without symbolic links. */
static bool path_is_within(const char *path, const char *directory)
{
    size_t size = strlen(directory);
    return strncmp(path, directory, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

/* Splits the path that was asked for into a directory that is there and a name in it. */
static bool place_find(struct backup *backup)
{
    char path[PATH_MAX];
    const char *asked = backup->job->directory;
    size_t size = strlen(asked);
    while (size > 1 && asked[size - 1] == '/') {
        size--;
    }
    if (asked[0] != '/' || size >= sizeof(path)) {
        return false;
    }
    memcpy(path, asked, size);
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    const char *name = slash + 1;
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        strlen(name) + SUFFIX_BYTES > NAME_MAX) {
        return false;
    }
    *slash = '\0';
    if (realpath(slash == path ? "/" : path, backup->parent) == NULL) {
        return false;
    }
    const char *gap = strcmp(backup->parent, "/") == 0 ? "" : "/";
    int written =
        snprintf(backup->place, sizeof(backup->place), "%s%s%s", backup->parent, gap, name);
    return written > 0 && (size_t)written + SUFFIX_BYTES < sizeof(backup->place);
}

static bool place_is_usable(struct backup *backup)
{
    char data_dir[PATH_MAX];
    return place_find(backup) && access(backup->parent, W_OK | X_OK) == 0 &&
           realpath(backup->book->options->data_dir, data_dir) != NULL &&
           !path_is_within(backup->parent, data_dir);
}

/* false: there is too little, and the job's numbers say so. */
static bool place_has_space(struct backup *backup)
{
    struct store_stats stats;
    struct statvfs about;
    struct store *store = backup->book->store;
    store->ops->stats(store, &stats);
    if (statvfs(backup->parent, &about) != 0 || about.f_blocks == 0) {
        return true; /* not known: writing will tell */
    }
    uint64_t free_mib = (uint64_t)about.f_bavail * about.f_frsize >> 20;
    uint64_t wanted_mib = (stats.map_used_bytes + stats.journal_bytes + stats.recent_bytes +
                           backup->book->options->free_space_min) >>
                          20;
    if (wanted_mib < free_mib) {
        return true;
    }
    backup->job->numbers[0] = (int64_t)wanted_mib + 1;
    backup->job->numbers[1] = (int64_t)free_mib;
    return false;
}

static uint64_t place_bytes(const char *path)
{
    uint64_t bytes = 0;
    DIR *directory = opendir(path);
    const struct dirent *entry = directory == NULL ? NULL : readdir(directory);
    while (entry != NULL) {
        struct stat about;
        if (fstatat(dirfd(directory), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(about.st_mode)) {
            bytes += (uint64_t)about.st_size;
        }
        entry = readdir(directory);
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return bytes;
}

/* ---- the check ---- */

static enum lb_result check_fails(struct backup *backup, const char *problem)
{
    (void)snprintf(backup->job->problem, sizeof(backup->job->problem), "%s", problem);
    backup->is_damaged = true;
    return LB_STORAGE_CORRUPT;
}

/* The copy's log against the book's, which is as long at least. */
static enum lb_result check_prefix(struct backup *backup)
{
    struct rpc_backup_job *job = backup->job;
    uint8_t root[LB_HASH_BYTES] = {0};
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), ROOT_ARENA_BYTES_MAX);
    bool is_long_enough = false;
    enum lb_result result = engine_view_open(backup->engine, &arena, &view);
    if (result == LB_OK) {
        is_long_enough = job->tree_size >= job->least_entry && job->tree_size <= view.head_entry;
        if (is_long_enough && job->tree_size > 0) {
            result = engine_view_root(&view, job->tree_size, root);
        }
        engine_view_close(&view);
    }
    arena_fini(&arena);
    if (result != LB_OK) {
        return result;
    }
    if (!is_long_enough) {
        return check_fails(backup,
                           "副本的账数与账本不合 / the copy has other entries than the book");
    }
    if (job->tree_size > 0 && memcmp(root, job->tree_root, sizeof(root)) != 0) {
        return check_fails(backup, "副本的校验树与账本不符 / the copy's tree is not the book's");
    }
    return LB_OK;
}

static enum lb_result check_run(struct backup *backup, struct store *copy, struct store *scratch)
{
    struct rpc_backup_job *job = backup->job;
    const struct verify_config config = {
        .store = copy,
        .scratch = scratch,
        .people = engine_people(backup->engine),
        .progress = job->progress,
        .progress_context = job->progress_context,
    };
    struct verify_report report = {0};
    enum lb_result result = verify_run(&config, &report);
    if (result == LB_STORAGE_CORRUPT || (result == LB_OK && !report.passed)) {
        return check_fails(backup, report.problem);
    }
    if (result != LB_OK) {
        return result;
    }
    job->tree_size = report.checked;
    memcpy(job->tree_root, report.tree_root, sizeof(job->tree_root));
    return check_prefix(backup);
}

static enum lb_result backup_check(void *context, const char *path)
{
    struct backup *backup = context;
    struct store *copy = NULL;
    struct store *scratch = NULL;
    enum lb_result result = book_open_copy(backup->book, path, &copy);
    if (result == LB_STORAGE_CORRUPT) {
        return check_fails(backup, "副本打不开 / the copy cannot be opened");
    }
    if (result != LB_OK) {
        return result;
    }
    result = book_open_scratch(backup->book, backup->book->options->data_dir, &scratch);
    if (result == LB_OK) {
        result = check_run(backup, copy, scratch);
        scratch->ops->close(scratch);
    }
    copy->ops->close(copy);
    return result;
}

/* ---- the whole ---- */

/* The job's text is the place, unless something beside it is meant. */
static void tell(struct backup *backup, const char *suffix)
{
    struct rpc_backup_job *job = backup->job;
    (void)snprintf(job->text, sizeof(job->text), "%s%s", backup->place, suffix);
}

/* The store's result in words about a backup. */
static enum lb_result backup_result(struct backup *backup, enum lb_result result)
{
    struct stat about;
    tell(backup, "");
    switch ((int)result) {
    case LB_ALREADY_EXISTS:
        tell(backup, lstat(backup->place, &about) == 0 ? "" : STORE_JOURNALED_PARTIAL_SUFFIX);
        return LB_DIRECTORY_EXISTS;
    case LB_STORAGE_FULL: /* there, or of the book */
        return place_has_space(backup) ? result : LB_BACKUP_NO_SPACE;
    case LB_STORAGE_CORRUPT:
        tell(backup, backup->is_damaged ? STORE_JOURNALED_DAMAGED_SUFFIX : "");
        return backup->is_damaged ? LB_BACKUP_DAMAGED : LB_BACKUP_FAILED;
    case LB_STORAGE_FAULT:
        return LB_BACKUP_FAILED;
    case LB_METHOD_UNKNOWN: /* the store makes none */
        return LB_BACKUP_ELSEWHERE;
    default:
        return result;
    }
}

enum lb_result backup_make(struct book *book, struct engine *engine, struct rpc_backup_job *job)
{
    struct backup backup = {.book = book, .engine = engine, .job = job};
    if (!place_is_usable(&backup)) {
        (void)snprintf(job->text, sizeof(job->text), "%s", job->directory);
        return LB_DIRECTORY_UNUSABLE;
    }
    struct stat about;
    if (lstat(backup.place, &about) == 0) {
        return backup_result(&backup, LB_ALREADY_EXISTS);
    }
    if (!place_has_space(&backup)) {
        tell(&backup, "");
        return LB_BACKUP_NO_SPACE;
    }
    struct engine_status status;
    engine_status(engine, &status);
    job->least_entry = status.durable_entry;
    const struct store_backup order = {
        .directory = backup.place,
        .check = job->is_verified ? backup_check : NULL,
        .check_context = &backup,
    };
    enum lb_result result = backup_result(&backup, engine_backup(engine, &order));
    if (result == LB_OK) {
        job->bytes = place_bytes(backup.place);
    }
    return result;
}
