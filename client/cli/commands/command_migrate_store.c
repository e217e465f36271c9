/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank migrate-store`: the first, long run of a move, while the server works. It has a backup
 * made, gives that to `lovebankd migrate-store`, which does the work, and says what is left to do
 * for the switch. Runs on the server's machine. One thread.
 */
#include "commands.h"

#include "backup.h"
#include "words_split.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 12

/* docs/storage-format.md, the journal: what a segment begins with. */
#define SEGMENT_PREFIX   "journal-"
#define SEGMENT_MAGIC    "LBJS"
#define SEGMENT_BOOK_AT  8
#define SEGMENT_ID_BYTES 16
#define SEGMENT_BYTES    (SEGMENT_BOOK_AT + SEGMENT_ID_BYTES)

struct migration {
    const char *from;
    const char *to;
    const char *cache;  /* NULL: not given */
    const char *book;   /* 〃 */
    const char *config; /* 〃 */
    const char *copy;   /* where the backup is made; NULL: none is */
    bool is_copied;     /* it is there */
};

static bool is_url(const char *text)
{
    return strstr(text, "://") != NULL;
}

/* ---- lovebankd ---- */

/* The one that was installed with this program, else whichever is found. */
static const char *daemon_find(struct cli *cli)
{
    static const char *const places[] = {"lovebankd", "../sbin/lovebankd"};
    char here[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", here, sizeof(here) - 1);
    here[size < 0 ? 0 : size] = '\0';
    char *slash = strrchr(here, '/');
    for (size_t i = 0; slash != NULL && i < sizeof(places) / sizeof(places[0]); i++) {
        const char *path = cli_format(cli, "%.*s%s", (int)(slash + 1 - here), here, places[i]);
        if (access(path, X_OK) == 0) {
            return path;
        }
    }
    return "lovebankd";
}

static void arguments_add(const char **arguments, size_t *count, const char *name,
                          const char *value)
{
    if (value != NULL) {
        arguments[(*count)++] = name;
        arguments[(*count)++] = value;
    }
}

/* Its exit status; -1: it could not be run, or was ended by a signal. */
static int daemon_run(struct cli *cli, const struct migration *migration)
{
    const char *source = migration->copy == NULL ? migration->from : migration->copy;
    const char *arguments[ARGUMENTS_MAX] = {daemon_find(cli), "migrate-store", source,
                                            migration->to};
    size_t count = 4;
    int status = 0;
    arguments_add(arguments, &count, "--data-dir", migration->cache);
    arguments_add(arguments, &count, "--store-book", migration->book);
    arguments_add(arguments, &count, "--config", migration->config);
    (void)fflush(cli->out);
    const pid_t child = fork();
    if (child == 0) {
        (void)execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    /* An interrupt ends the child; the copy has yet to be removed. */
    void (*const before)(int) = signal(SIGINT, SIG_IGN);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    (void)signal(SIGINT, before);
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static enum cli_exit daemon_exit(struct cli *cli, int status)
{
    if (status == 0) {
        return CLI_DONE;
    }
    if (status < 0 || status == 127) {
        cli_complain(cli, TEXT(cli, "lovebankd 没有运行到底。请看它是否装在本机。",
                               "lovebankd could not be run to its end; see whether it is "
                               "installed on this machine."));
        return CLI_FAULT;
    }
    return status == CLI_REFUSED || status == CLI_USAGE ? (enum cli_exit)status : CLI_FAULT;
}

/* ---- the copy ---- */

static int copy_remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static void copy_remove(struct cli *cli, const char *copy)
{
    if (nftw(copy, copy_remove_one, 4, FTW_DEPTH | FTW_PHYS) != 0) {
        cli_complain(cli,
                     TEXT(cli, "副本 %s 没有删掉，请自行删除。",
                          "The copy %s was not removed; remove it yourself."),
                     copy);
    }
}

/* Beside the place it goes to, unless another was named. */
static const char *copy_place(struct cli *cli, const struct migration *migration, const char *named)
{
    const char *beside = is_url(migration->to) ? migration->cache : migration->to;
    if (named != NULL) {
        return backup_absolute(cli, named);
    }
    const char *absolute = backup_absolute(cli, beside);
    size_t size = absolute == NULL ? 0 : strlen(absolute);
    while (size > 1 && absolute[size - 1] == '/') {
        size--;
    }
    return size == 0 ? NULL : cli_format(cli, "%.*s.copy", (int)size, absolute);
}

/* What is there is no copy of this run's. */
static bool copy_is_free(struct cli *cli, const char *copy)
{
    if (access(copy, F_OK) != 0) {
        return true;
    }
    cli_complain(
        cli,
        TEXT(cli,
             "%s 已经存在。若是上一次中途打断留下的副本，请删掉它：rm -r %s；否则用 --copy "
             "另写一个地方。",
             "%s exists already. If it is the copy of an earlier run that was cut off, "
             "remove it: rm -r %s; else name another place with --copy."),
        copy, split_quote(cli, copy));
    return false;
}

/* The book's id in a segment of the journal there; false: there is none. */
static bool directory_book(const char *path, uint8_t book[SEGMENT_ID_BYTES])
{
    DIR *directory = opendir(path);
    bool is_found = false;
    const struct dirent *entry = directory == NULL ? NULL : readdir(directory);
    for (; entry != NULL && !is_found; entry = readdir(directory)) {
        uint8_t start[SEGMENT_BYTES];
        if (strncmp(entry->d_name, SEGMENT_PREFIX, strlen(SEGMENT_PREFIX)) != 0) {
            continue;
        }
        const int file = openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        is_found = file >= 0 && read(file, start, sizeof(start)) == (ssize_t)sizeof(start) &&
                   memcmp(start, SEGMENT_MAGIC, strlen(SEGMENT_MAGIC)) == 0;
        if (is_found) {
            memcpy(book, start + SEGMENT_BOOK_AT, SEGMENT_ID_BYTES);
        }
        if (file >= 0) {
            (void)close(file);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return is_found;
}

/* The server that was asked for it may have another book than the one in FROM. */
static bool copy_is_of(struct cli *cli, const struct migration *migration)
{
    uint8_t ours[SEGMENT_ID_BYTES];
    uint8_t theirs[SEGMENT_ID_BYTES];
    if (directory_book(migration->from, ours) && directory_book(migration->copy, theirs) &&
        memcmp(ours, theirs, sizeof(ours)) == 0) {
        return true;
    }
    cli_complain(
        cli,
        TEXT(cli,
             "所连的服务器用的不是 %s 里的账，没有搬。请核对目录和 --socket：要用这个目录的"
             "服务器的套接字。",
             "The server that was asked does not serve the book in %s, nothing was moved; "
             "check the directory and --socket, which must be that server's."),
        migration->from);
    return false;
}

/* What another user makes here the server could not open later. */
static bool user_is_right(struct cli *cli, const char *from)
{
    struct stat about;
    if (stat(from, &about) != 0) {
        cli_complain(cli,
                     TEXT(cli, "打不开目录 %s。请核对，并在服务器那台机器上以它的用户运行。",
                          "The directory %s cannot be opened; check it, and run this on the "
                          "server's machine as the server's user."),
                     from);
        return false;
    }
    if (about.st_uid != geteuid()) {
        cli_complain(cli,
                     TEXT(cli, "目录 %s 属于另一个用户。请以那个用户运行：sudo -u '#%u' lovebank …",
                          "The directory %s is another user's; run this as that user: sudo -u "
                          "'#%u' lovebank ..."),
                     from, about.st_uid);
        return false;
    }
    return true;
}

/* ---- the whole ---- */

/* The same run again, for whoever types it. */
static const char *command_of_switch(struct cli *cli, const struct migration *migration)
{
    const char *command =
        cli_format(cli, "lovebankd migrate-store %s %s --switch", split_quote(cli, migration->from),
                   split_quote(cli, migration->to));
    const char *const options[][2] = {{"--data-dir", migration->cache},
                                      {"--store-book", migration->book},
                                      {"--config", migration->config}};
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (options[i][1] != NULL) {
            command = cli_format(cli, "%s %s %s", command, options[i][0],
                                 split_quote(cli, options[i][1]));
        }
    }
    return command;
}

static void say_what_is_left(struct cli *cli, const struct migration *migration)
{
    const char *setting =
        is_url(migration->to)
            ? cli_format(cli, "store = %s, store-book = %s, data-dir = %s", migration->to,
                         migration->book == NULL ? "lovebank" : migration->book, migration->cache)
            : cli_format(cli, "data-dir = %s, store =", migration->to);
    cli_say(cli, "%s",
            TEXT(cli, "第一遍搬好了。服务器仍在原处记账。要切换，依次做：",
                 "The first run is over; the server goes on where it was. For the switch:"));
    cli_say(cli, "1. %s",
            is_url(migration->from)
                ? TEXT(cli, "停下这本账的所有服务器，每台机器上都要：systemctl stop lovebankd",
                       "stop all servers of the book, on each machine: systemctl stop lovebankd")
                : TEXT(cli, "停下服务器：systemctl stop lovebankd",
                       "stop the server: systemctl stop lovebankd"));
    cli_say(cli, "2. %s", command_of_switch(cli, migration));
    cli_say(cli,
            TEXT(cli, "3. 改 lovebankd.conf 里的设置：%s",
                 "3. change the settings in "
                 "lovebankd.conf: %s"),
            setting);
    cli_say(cli, "4. %s",
            TEXT(cli, "启动：systemctl start lovebankd", "start: systemctl start lovebankd"));
}

static bool migrate_check(struct cli *cli, const struct migration *migration)
{
    if (cli->is_dry_run || cli->is_json) {
        cli_complain(cli, TEXT(cli,
                               "搬账没有预演，也没有 JSON，什么也没有做。请去掉 --dry-run "
                               "和 --json。",
                               "A move cannot be tried out and tells no JSON, nothing was done; "
                               "leave out --dry-run and --json."));
        return false;
    }
    if ((is_url(migration->from) || is_url(migration->to)) && migration->cache == NULL) {
        cli_complain(cli,
                     TEXT(cli, "数据库要一个缓存目录：请用 --cache 写明，须不是原来的数据目录。",
                          "The database needs a directory for its cache: name it with "
                          "--cache; not the data directory that is moved."));
        return false;
    }
    return is_url(migration->from) || user_is_right(cli, migration->from);
}

static enum cli_exit copy_make(struct cli *cli, struct migration *migration, const char *named)
{
    migration->copy = copy_place(cli, migration, named);
    if (migration->copy == NULL) {
        return CLI_USAGE;
    }
    if (!copy_is_free(cli, migration->copy)) {
        return CLI_REFUSED;
    }
    const struct backup_wish wish = {
        .directory = migration->copy, .is_unverified = true, .is_silent = true};
    const enum cli_exit exit = backup_make(cli, &wish);
    migration->is_copied = exit == CLI_DONE;
    return exit != CLI_DONE || copy_is_of(cli, migration) ? exit : CLI_REFUSED;
}

static enum cli_exit migrate_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct migration migration = {
        .from = arguments_get(arguments, "from"),
        .to = arguments_get(arguments, "to"),
        .cache = arguments_get(arguments, "cache"),
        .book = arguments_get(arguments, "book"),
        .config = arguments_get(arguments, "config"),
    };
    if (!migrate_check(cli, &migration)) {
        return CLI_USAGE;
    }
    enum cli_exit exit = CLI_DONE;
    if (!is_url(migration.from)) {
        exit = copy_make(cli, &migration, arguments_get(arguments, "copy"));
    }
    if (exit == CLI_DONE) {
        exit = daemon_exit(cli, daemon_run(cli, &migration));
    }
    if (migration.is_copied) {
        copy_remove(cli, migration.copy);
    }
    if (exit == CLI_DONE) {
        say_what_is_left(cli, &migration);
    }
    return exit;
}

static const struct cli_option migrate_options[] = {
    {.name = "from",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_FILE,
     .is_required = true,
     .value = "FROM",
     .help = {"服务器的数据目录，或 postgres://…",
              "the server's data directory, or postgres://..."}},
    {.name = "to",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_FILE,
     .is_required = true,
     .value = "TO",
     .help = {"postgres://…，或新的数据目录", "postgres://..., or a new data directory"}},
    {.name = "cache",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "DIR",
     .help = {"以后数据库的缓存目录", "the directory of the database's cache"}},
    {.name = "book",
     .kind = OPTION_VALUE,
     .value = "NAME",
     .help = {"账本在数据库里的名字（store-book）", "the book's name there (store-book)"}},
    {.name = "copy",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "DIR",
     .help = {"副本暂放在哪里，默认在去处旁边", "for the passing copy; beside the target"}},
    {.name = "config",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "PATH",
     .help = {"lovebankd 的设置文件", "the file of lovebankd's settings"}},
};

const struct cli_command command_migrate_store = {
    .name = "migrate-store",
    .summary = {"把账搬进数据库或搬回（不用停服务器），并说明怎样切换",
                "Moves the book into a database or back, and says how to switch"},
    .details = {"在服务器那台机器上，以它的用户运行。这是费时的第一遍；切换时再搬一遍，\n"
                "只搬新的。两遍都核对两边的根。见 docs/postgresql.md。",
                "Runs on the server's machine, as its user. This is the first, long run;\n"
                "another one, with the switch, moves only what is new. Both compare the\n"
                "roots. See docs/postgresql.md."},
    COMMAND_OPTIONS(migrate_options),
    .run = migrate_run,
};
