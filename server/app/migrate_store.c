/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two places, each a directory or a database, opened and handed to the engine's move; what came of
 * it, in words. The source is only read. A database's side needs a directory for its cache, which
 * is the setting data-dir: that of the server over this database, so never the directory moved.
 */
#include "app/migrate_store.h"

#include "app/book.h"
#include "app/complain.h"
#include "base/random.h"
#include "engine/move.h"

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
    struct place from;
    struct place to;
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
    {MOVE_UNEQUAL, "去处的账与来处不同，不可使用。请检查那里的磁盘和内存，换一个空的地方再搬",
     "the target is not the same as the source and must not be used; check its disk and memory, "
     "and move into an empty place"},
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

static void tell_done(const struct migration *migration)
{
    const struct move_report *report = &migration->report;
    const struct id from = store_journaled_book(migration->from.book.store);
    const struct id to = store_journaled_book(migration->to.book.store);
    printf("账 entries %" PRIu64 "（原有 before %" PRIu64 "）\n"
           "写入 rows written %" PRIu64 "，删去 deleted %" PRIu64 "\n",
           report->entries, report->entries_before, report->rows_put, report->rows_deleted);
    print_root("来处的根", "root of the source", report->from_root);
    print_root("去处的根", "root of the target", report->to_root);
    if (!id_equal(&from, &to)) {
        puts("去处原有一本空账，账本编号用它的\n"
             "the target was there as an empty book, and keeps its own book id");
    }
    printf("账数和根两边相同：%s 里的账已在 %s。来处没有改动。\n"
           "此后来处若还记账：停下它的服务器，再运行一次同样的命令，只搬新的；"
           "然后用新的设置启动，不要再启动来处。\n"
           "entries and roots are equal: the book of %s is in %s. The source is as it was.\n"
           "If it has gone on since: stop its server, run the same command once more, which moves "
           "only what is new, then start with the new setting, and never again over the source.\n",
           migration->from.name, migration->to.name, migration->from.name, migration->to.name);
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

static enum migrate_verdict move(struct migration *migration)
{
    struct move_config config = {
        .from = migration->from.book.store,
        .to = migration->to.book.store,
        .progress = show_progress,
    };
    if (!random_fill(random_system(), config.run.bytes, sizeof(config.run.bytes))) {
        complain(LB_INTERNAL, "getrandom", "");
        return MIGRATE_FAULT;
    }
    const enum lb_result result = move_run(&config, &migration->report);
    if (isatty(STDERR_FILENO)) {
        fputc('\n', stderr);
    }
    if (result != LB_OK) {
        return tell_fault(migration, result);
    }
    if (migration->report.verdict != MOVE_DONE) {
        return tell_refusal(migration);
    }
    tell_done(migration);
    return MIGRATE_DONE;
}

enum migrate_verdict migrate_store(const struct options *options, const struct log *log,
                                   const char *from, const char *to)
{
    static struct migration migration; /* large, and there is one */
    if (!place_init(&migration.from, options, log, from) ||
        !place_init(&migration.to, options, log, to) || !places_are_usable(&migration)) {
        return MIGRATE_USAGE;
    }
    enum migrate_verdict verdict = MIGRATE_FAULT;
    if (book_open_source(&migration.from.book) &&
        book_open_target(&migration.to.book, store_journaled_book(migration.from.book.store))) {
        verdict = move(&migration);
    }
    book_close(&migration.to.book);
    book_close(&migration.from.book);
    return verdict;
}
