/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Runs verify over a book opened for reading, with a scratch store in TMPDIR: the book's own place
 * may not be writable. Where that is the cache of a book in a database, its tables are checked,
 * too. Progress goes to a terminal only.
 */
#include "app/offline_verify.h"

#include "app/complain.h"
#include "engine/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool show_progress(void *context, uint64_t checked, uint64_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%" PRIu64 " / %" PRIu64 "%s", checked, total,
                checked == total ? "\n" : "");
    }
    return true;
}

static enum offline_verdict print_report(const struct verify_report *report, bool has_key)
{
    printf("entries %" PRIu64 "\nroot ", report->checked);
    for (size_t i = 0; i < sizeof(report->tree_root); i++) {
        printf("%02x", report->tree_root[i]);
    }
    printf("\npeople %s\n", has_key ? "checked" : "not checked: no key file");
    if (report->passed) {
        printf("head covers %" PRIu64 " of %" PRIu64 " entries\n", report->head_covers,
               report->total);
        puts("账目无误\nthe ledger is sound");
        return OFFLINE_SOUND;
    }
    puts(report->problem);
    return OFFLINE_PROBLEM;
}

/* What the cache was made of. Without the setting store it is looked at by itself. */
static enum offline_verdict verify_tables(struct book *book)
{
    const struct postgres_stop never = {.is_wanted = NULL};
    struct postgres_finding finding;
    if (book->options->store[0] == '\0' || !store_journaled_is_cache(book->store)) {
        return OFFLINE_SOUND;
    }
    book->is_open = false; /* what is reported belongs to the complaint */
    book->detail[0] = '\0';
    const enum lb_result result = book_verify_tables(book, &never, &finding);
    if (result != LB_OK) {
        complain_of_database(result, book->options->store, book->detail);
        return OFFLINE_FAULT;
    }
    if (finding.problem[0] != '\0') {
        puts(finding.problem);
        return OFFLINE_PROBLEM;
    }
    printf("tables groups %" PRIu64 " entries %" PRIu64 "\n", finding.groups, finding.entries);
    return OFFLINE_SOUND;
}

static enum offline_verdict verify_with(struct book *book, struct store *scratch)
{
    const struct verify_config config = {
        .store = book->store,
        .scratch = scratch,
        .people = book->people,
        .progress = show_progress,
    };
    struct verify_report report = {0};
    const enum lb_result result = verify_run(&config, &report);
    if (result != LB_OK) {
        complain(result, book->options->data_dir, book->detail);
        return OFFLINE_FAULT;
    }
    const enum offline_verdict tables = report.passed ? verify_tables(book) : OFFLINE_SOUND;
    return tables == OFFLINE_SOUND ? print_report(&report, book->people != NULL) : tables;
}

enum offline_verdict offline_verify(struct book *book)
{
    const char *temporary = getenv("TMPDIR");
    const char *directory = temporary == NULL ? "/tmp" : temporary;
    enum offline_verdict verdict = OFFLINE_FAULT;
    if (book_open_read_only(book)) {
        struct store *scratch = NULL;
        const enum lb_result result = book_open_scratch(book, directory, &scratch);
        if (result == LB_OK) {
            verdict = verify_with(book, scratch);
            scratch->ops->close(scratch);
        } else {
            complain(result, directory, book->detail);
        }
    }
    book_close(book);
    return verdict;
}
