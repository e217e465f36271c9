/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two places, each a directory or a database, opened and handed to the engine's move; what came of
 * it, in words. The source is only read, but for the row of a switch. A database's side needs a
 * directory for its cache, which is the setting data-dir: that of the server over this database, so
 * never the directory moved.
 */
#include "app/migrate_store.h"

#include "app/book.h"
#include "app/complain.h"
#include "base/clock.h"
#include "base/random.h"
#include "engine/move.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    const char *name; /* as it was typed */
    bool is_database;
    struct options options;
    struct book book;
};

struct migration {
    enum migrate_act act;
    struct place from;
    struct place to;
    struct id book;         /* of the target */
    char proof[PATH_MAX];   /* a cache that is filled from the log alone; empty: none is made */
    char arrival[PATH_MAX]; /* where the bank is after a switch */
    struct move_report report;
};

/* ---- the places ---- */

static bool is_url(const char *text)
{
    return strstr(text, "://") != NULL;
}

/* One directory under two names, or the same name of one that is not there yet. */
static bool is_same_directory(const char *one, const char *two)
{
    char one_real[PATH_MAX];
    char two_real[PATH_MAX];
    const bool are_there = realpath(one, one_real) != NULL && realpath(two, two_real) != NULL;
    return are_there ? strcmp(one_real, two_real) == 0 : strcmp(one, two) == 0;
}

static bool place_init(struct place *place, const struct options *options, const struct log *log,
                       const char *name)
{
    place->name = name;
    place->is_database = is_url(name);
    place->options = *options;
    place->book = (struct book){.options = &place->options, .log = log};
    if (place->is_database) {
        return options_set_store(&place->options, name, stderr);
    }
    place->options.store[0] = '\0';
    if (strlen(name) >= sizeof(place->options.data_dir)) {
        complain(LB_CONFIG_INVALID, name, "");
        return false;
    }
    memcpy(place->options.data_dir, name, strlen(name) + 1);
    return true;
}

static bool places_are_usable(const struct migration *migration)
{
    const struct place *from = &migration->from;
    const struct place *to = &migration->to;
    if (from->is_database && to->is_database) {
        fputs("lovebankd: 两边都是数据库，不能直接搬。请先搬进一个目录，再从那里搬出，或用数据库"
              "自己的办法\n"
              "lovebankd: from one database into another nothing is moved directly; move into a "
              "directory first and from there, or use the databases' own means\n",
              stderr);
        return false;
    }
    if (!is_same_directory(from->options.data_dir, to->options.data_dir)) {
        return true;
    }
    if (!from->is_database && !to->is_database) {
        fprintf(stderr,
                "lovebankd: 两边是同一个目录 %s\n"
                "lovebankd: both sides are the same directory %s\n",
                to->name, to->name);
        return false;
    }
    fprintf(stderr,
            "lovebankd: 数据库要一个自己的缓存目录，不能是 %s。请用 --data-dir 写明另一个目录："
            "用这个数据库的服务器的数据目录\n"
            "lovebankd: the database needs a directory of its own for its cache, which cannot be "
            "%s; name another one with --data-dir: that of the server over this database\n",
            from->options.data_dir, from->options.data_dir);
    return false;
}

/* ---- the proof ---- */

/* Of a cache, which has no journal. false: something is left. */
static bool proof_remove(const struct migration *migration)
{
    static const char *const names[] = {"data.mdb", "lock.mdb", "LOCK"};
    const int directory = open(migration->proof, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) {
        return errno == ENOENT;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)unlinkat(directory, names[i], 0); /* one that stays keeps the directory */
    }
    (void)close(directory);
    return rmdir(migration->proof) == 0;
}

/* A run that was killed may have left one. */
static bool proof_clear(const struct migration *migration)
{
    if (migration->proof[0] == '\0' || proof_remove(migration)) {
        return true;
    }
    fprintf(stderr,
            "lovebankd: 核对用的临时目录 %s 删不掉。请看里面有什么，自行删除\n"
            "lovebankd: the temporary directory of the proof, %s, cannot be removed; look what is "
            "in it, and remove it yourself\n",
            migration->proof, migration->proof);
    return false;
}

static bool proof_init(struct migration *migration)
{
    const struct place *to = &migration->to;
    migration->proof[0] = '\0';
    if (migration->act != MIGRATE_SWITCH || !to->is_database) {
        return true;
    }
    const int size =
        snprintf(migration->proof, sizeof(migration->proof), "%s/proof", to->options.data_dir);
    if (size < 0 || (size_t)size >= sizeof(to->options.data_dir)) {
        complain(LB_CONFIG_INVALID, "data-dir", "");
        return false;
    }
    return proof_clear(migration);
}

/* Filling a cache checks the chain of the groups, not that their entries go on without a gap and
 * are as many as the book's row says. */
static enum lb_result proof_check_tables(struct book *book)
{
    const struct postgres_stop never = {NULL, NULL};
    struct postgres_finding finding;
    const enum lb_result result = book_verify_tables(book, &never, &finding);
    if (result == LB_OK && finding.problem[0] != '\0') {
        fprintf(stderr, "lovebankd: %s\n", finding.problem);
        return LB_STORAGE_CORRUPT;
    }
    return result;
}

/* What the target holds, from where it is durable: the files opened anew, or, of a database, a
 * cache that has nothing but what the log gives. */
static enum lb_result target_reopen(void *context, struct store **store)
{
    struct migration *migration = context;
    struct place *to = &migration->to;
    book_close(&to->book);
    to->book = (struct book){.options = &to->options, .log = to->book.log};
    if (to->is_database) {
        memcpy(to->options.data_dir, migration->proof, strlen(migration->proof) + 1);
    }
    if (!book_open_target(&to->book, migration->book)) {
        return LB_STORAGE_FAULT;
    }
    *store = to->book.store;
    return to->is_database ? proof_check_tables(&to->book) : LB_OK;
}

/* ---- what came of it ---- */

struct refusal {
    enum move_verdict verdict;
    const char *zh;
    const char *en;
};

static const struct refusal refusals[] = {
    {MOVE_FROM_UNFINISHED, "没有搬：来处自己还没有搬完。请先把那一次搬完",
     "nothing was moved: the move into the source itself has not come to its end; finish that one "
     "first"},
    {MOVE_TO_AHEAD, "没有搬：去处的账比来处多。请核对两边有没有写反，是不是已经在那里记账了",
     "nothing was moved: the target has more entries than the source; check which is which, and "
     "whether the target is in use already"},
    {MOVE_TO_OTHER,
     "没有搬：去处是另一家银行的账，与来处不是同一本。请换一个空的地方，或另一个 store-book",
     "nothing was moved: the target holds another bank than the source; choose an empty place, or "
     "another store-book"},
    {MOVE_TO_TAKEN, "没有搬完：还有别的程序在往去处写。请先停掉它，再搬一次",
     "the move was stopped: another program writes into the target; end that, then move again"},
    {MOVE_UNEQUAL,
     "去处的账与来处不同，不可使用。请检查那里的磁盘和内存，换一个空的地方再搬；来处若已写明搬走，"
     "先用 --undo-switch 撤回",
     "the target is not the same as the source and must not be used; check its disk and memory, "
     "and move into an empty place; if the source was left already: --undo-switch first"},
    {MOVE_TO_BOOK,
     "没有做：去处是一本在用的账，上面可能有服务器。请换一个空的地方；要把账从那里搬回，两边对调",
     "nothing was done: the target is a book that servers may use; choose an empty place, or, to "
     "move the bank back from there, exchange the two"},
    {MOVE_FROM_MOVED,
     "没有做：来处的账已搬到别处，不是这个去处。去处是哪里，在来处运行 lovebankd serve 会说明",
     "nothing was done: the source was moved elsewhere, not to this target; lovebankd serve over "
     "the source says where"},
    {MOVE_NOT_MOVED, "没有什么要撤回：来处没有搬走，可以照常启动",
     "nothing is to be undone: the source was not moved, start it as ever"},
};

static enum migrate_verdict tell_refusal(const struct migration *migration)
{
    const char *from = migration->from.name;
    const char *to = migration->to.name;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (refusals[i].verdict == migration->report.verdict) {
            fprintf(stderr, "lovebankd: %s（%s → %s）\nlovebankd: %s (%s → %s)\n", refusals[i].zh,
                    from, to, refusals[i].en, from, to);
        }
    }
    return migration->report.verdict == MOVE_UNEQUAL ? MIGRATE_FAULT : MIGRATE_REFUSED;
}

static void print_root(const char *zh, const char *en, const uint8_t root[LB_HASH_BYTES])
{
    printf("%s %s ", zh, en);
    for (size_t i = 0; i < LB_HASH_BYTES; i++) {
        printf("%02x", root[i]);
    }
    putchar('\n');
}

static void tell_switched(const struct migration *migration)
{
    const char *from = migration->from.name;
    const char *arrival = migration->arrival;
    printf("切换完成：%s 里的账现在在 %s。来处已写明搬走，不能再启动。\n"
           "请用新的设置启动：store、store-book、data-dir。\n"
           "the switch is made: the book of %s is now in %s. The source says so, and cannot be "
           "started any more.\n"
           "Start with the new settings: store, store-book, data-dir.\n",
           from, arrival, from, arrival);
}

static void tell_copied(const struct migration *migration)
{
    const uint64_t entries = migration->report.entries;
    const char *from = migration->from.name;
    const char *to = migration->to.name;
    printf(
        "已复制到第 %" PRIu64 " 笔，还没有切换。%s 没有改动；%s 在切换前不能用。\n"
        "切换：停下来处的所有服务器，再运行一次，加上 --switch，只搬新的。那时的来处须是服务器"
        "自己用的地方，不是它的副本。\n"
        "copied up to entry %" PRIu64 ", not switched. %s is as it was; %s cannot be used before "
        "the switch.\n"
        "For the switch: stop all servers over the source, and run this once more with --switch, "
        "which moves only what is new. Its source must be the place that the server used, not a "
        "copy of it.\n",
        entries, from, to, entries, from, to);
}

static void tell_done(const struct migration *migration)
{
    const struct move_report *report = &migration->report;
    const struct id from = store_journaled_book(migration->from.book.store);
    const bool is_switch = migration->act == MIGRATE_SWITCH;
    printf("账 entries %" PRIu64 "（原有 before %" PRIu64 "）\n"
           "写入 rows written %" PRIu64 "，删去 deleted %" PRIu64 "\n",
           report->entries, report->entries_before, report->rows_put, report->rows_deleted);
    print_root("来处的根", "root of the source", report->from_root);
    print_root("去处的根", "root of the target", report->to_root);
    if (!id_equal(&from, &migration->book)) {
        puts("去处原有一本空账，账本编号用它的\n"
             "the target was there as an empty book, and keeps its own book id");
    }
    puts(is_switch ? "账数和根两边相同，其余各表也逐行相同：去处是从落盘的内容重新读出的\n"
                     "entries and roots are equal, and all other rows one by one; the target was "
                     "read anew from what is durable"
                   : "账数和根两边相同\nentries and roots are equal");
    if (is_switch) {
        tell_switched(migration);
    } else {
        tell_copied(migration);
    }
}

static void tell_undone(const struct migration *migration)
{
    const char *from = migration->from.name;
    const char *to = migration->to.name;
    printf("已撤回：%s 又是账本，可以启动；%s 不能用，可以删去，或以后再搬。\n"
           "undone: %s is the book again and can be started; %s cannot be used: remove it, or move "
           "again later.\n",
           from, to, from, to);
}

static enum migrate_verdict tell_fault(const struct migration *migration, enum lb_result result)
{
    const struct place *place = migration->report.is_target ? &migration->to : &migration->from;
    const char *detail = place->book.detail;
    if (place->is_database) {
        complain_of_database(result, place->name, detail);
    } else {
        complain(result, place->name, detail);
    }
    if (migration->report.is_target) {
        fputs("lovebankd: 还没有搬完。原因消除后再运行一次同样的命令，它接着搬\n"
              "lovebankd: the move has not come to its end; run the same command again when that "
              "is mended, and it goes on\n",
              stderr);
    }
    return MIGRATE_FAULT;
}

/* ---- moving ---- */

static void show_progress(void *context, uint64_t rows)
{
    (void)context;
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%" PRIu64, rows);
    }
}

/* For who opens the source later. */
static bool arrival_init(struct migration *migration)
{
    const struct place *to = &migration->to;
    char real[PATH_MAX];
    const char *path = realpath(to->name, real) == NULL ? to->name : real;
    const int size = to->is_database
                         ? snprintf(migration->arrival, sizeof(migration->arrival),
                                    "%s (store-book %s)", to->name, to->options.store_book)
                         : snprintf(migration->arrival, sizeof(migration->arrival), "%s", path);
    if (size < 0 || size > MOVE_PLACE_BYTES_MAX) {
        complain(LB_CONFIG_INVALID, to->name, "");
        return false;
    }
    return true;
}

static enum migrate_verdict tell(const struct migration *migration)
{
    switch (migration->report.verdict) {
    case MOVE_DONE:
        if (migration->act == MIGRATE_UNDO) {
            tell_undone(migration);
        } else {
            tell_done(migration);
        }
        return MIGRATE_DONE;
    case MOVE_SWITCHED:
        puts("以前已经切换过，这次什么也没有改\nthe switch was made before, nothing was changed "
             "now");
        tell_switched(migration);
        return MIGRATE_DONE;
    case MOVE_FROM_UNFINISHED:
    case MOVE_TO_AHEAD:
    case MOVE_TO_OTHER:
    case MOVE_TO_TAKEN:
    case MOVE_UNEQUAL:
    case MOVE_TO_BOOK:
    case MOVE_FROM_MOVED:
    case MOVE_NOT_MOVED:
        return tell_refusal(migration);
    }
    return MIGRATE_FAULT;
}

static enum migrate_verdict move(struct migration *migration)
{
    struct move_config config = {
        .from = migration->from.book.store,
        .to = migration->to.book.store,
        .is_switch = migration->act == MIGRATE_SWITCH,
        .place = bytes_of_text(migration->arrival),
        .now_ms = clock_now_ms(clock_system()),
        .reopen = target_reopen,
        .reopen_context = migration,
        .progress = show_progress,
    };
    migration->book = store_journaled_book(config.to);
    if (!random_fill(random_system(), config.run.bytes, sizeof(config.run.bytes))) {
        complain(LB_INTERNAL, "getrandom", "");
        return MIGRATE_FAULT;
    }
    const enum lb_result result = migration->act == MIGRATE_UNDO
                                      ? move_undo(&config, &migration->report)
                                      : move_run(&config, &migration->report);
    if (isatty(STDERR_FILENO)) {
        fputc('\n', stderr);
    }
    return result == LB_OK ? tell(migration) : tell_fault(migration, result);
}

enum migrate_verdict migrate_store(const struct options *options, const struct log *log,
                                   enum migrate_act act, const char *from, const char *to)
{
    static struct migration migration; /* large, and there is one */
    migration.act = act;
    if (!place_init(&migration.from, options, log, from) ||
        !place_init(&migration.to, options, log, to) || !places_are_usable(&migration) ||
        !proof_init(&migration)) {
        return MIGRATE_USAGE;
    }
    enum migrate_verdict verdict = MIGRATE_FAULT;
    if (book_open_source(&migration.from.book, act != MIGRATE_COPY) &&
        book_open_target(&migration.to.book, store_journaled_book(migration.from.book.store)) &&
        arrival_init(&migration)) {
        verdict = move(&migration);
    }
    book_close(&migration.to.book);
    book_close(&migration.from.book);
    (void)proof_clear(&migration); /* it has complained; what was moved was moved */
    return verdict;
}
