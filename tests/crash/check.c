/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The check of a book against a history. See book.h. */
#include "book.h"

#include "base/assert.h"
#include "engine/verify.h"
#include "entry/codec.h"
#include "store/mem.h"

#include <stdlib.h>
#include <string.h>

#define NEW_REQUESTS          3
#define ENTRY_ARENA_BYTES_MAX (UINT64_C(1) << 20)

enum lb_result book_verify(struct book *book)
{
    const struct store_mem_options options = {.is_async = false};
    struct verify_config config = {.store = book->store, .people = book->people};
    struct verify_report report;
    enum lb_result result = store_mem_open(arena_memory_heap(), &options, &config.scratch);
    LB_ASSERT(result == LB_OK);
    result = verify_run(&config, &report);
    config.scratch->ops->close(config.scratch);
    if (result == LB_OK && !report.passed) {
        book_complain(book, BOOK_NOT_VERIFIED, "verify: %s", report.problem);
    }
    return result;
}

/* Everything that was answered, again; what was not, for the first time or the second; and more. */
static void check_answers(struct book *book, struct history *history)
{
    for (int is_new = 0; is_new < 2; is_new++) {
        for (size_t i = 0; i < history->count; i++) {
            struct history_request *request = &history->requests[i];
            if ((atomic_load(&request->answered_at) == HISTORY_NEVER) == (is_new == 1)) {
                book_send(book, request);
            }
        }
        book_wait(book, 0);
    }
    for (int i = 0; i < NEW_REQUESTS; i++) {
        struct history_request *request = history_make(history);
        if (request != NULL) {
            book_send(book, request);
        }
    }
    book_wait(book, 0);
    if (book->full + book->stopped + book->refused > 0) {
        book_complain(book, book->stopped > 0 ? BOOK_FAULT : BOOK_WRONG,
                      "%llu requests were refused for lack of space, %llu by a fault, %llu",
                      (unsigned long long)book->full, (unsigned long long)book->stopped,
                      (unsigned long long)book->refused);
    }
}

/* One entry: of a request that was sent, the only one under its id, and the one answered. */
static void check_entry(struct book *book, struct history *history, const struct entry *entry,
                        bool *is_seen)
{
    const struct id *id = &entry->command.id;
    struct history_request *request = history_find(history, id);
    unsigned long long number = entry->number;
    if (request == NULL || request->sent_at == HISTORY_NEVER) {
        book_complain(book, BOOK_WRONG, "entry %llu has an id that was never sent", number);
        return;
    }
    size_t line = id->bytes[sizeof(id->bytes) - 1];
    line = line < request->count ? line : HISTORY_COMMANDS_MAX; /* the batch's */
    size_t place = (size_t)(request - history->requests) * (HISTORY_COMMANDS_MAX + 1) + line;
    if (is_seen[place]) {
        book_complain(book, BOOK_WRONG, "entry %llu is the second one under its id", number);
    }
    is_seen[place] = true;
    size_t answer = line < request->count ? line : 0;
    if (request->answers[answer].entry != entry->number) {
        book_complain(book, BOOK_WRONG,
                      "entry %llu stands under an id that was answered with entry %llu", number,
                      (unsigned long long)request->answers[answer].entry);
    }
}

/* The entries that answers name; a refused batch has one for all its lines. */
static uint64_t count_answered(const struct history *history)
{
    uint64_t answered = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_request *request = &history->requests[i];
        uint64_t last = 0;
        for (size_t line = 0; line < request->count; line++) {
            uint64_t entry = request->answers[line].entry;
            answered += entry != 0 && entry != last;
            last = entry;
        }
    }
    return answered;
}

/* Every entry answers something; no answer lacks its entry; all or nothing. */
static void check_entries(struct book *book, struct history *history)
{
    bool *is_seen = calloc(HISTORY_REQUESTS_MAX * (HISTORY_COMMANDS_MAX + 1), sizeof(*is_seen));
    struct arena arena;
    struct engine_view view;
    LB_ASSERT(is_seen != NULL);
    arena_init(&arena, arena_memory_heap(), ENTRY_ARENA_BYTES_MAX);
    enum lb_result result = engine_view_open(book->engine, &arena, &view);
    if (result != LB_OK) {
        book_complain(book, BOOK_FAULT, "no view: %s", lb_result_name((int)result));
        arena_fini(&arena);
        free(is_seen);
        return;
    }
    uint64_t found = 0;
    for (uint64_t number = 1; number <= view.head_entry; number++) {
        struct bytes packed;
        struct entry entry;
        result = engine_view_entry(&view, number, &packed, &entry);
        if (result != LB_OK || entry.number != number) {
            book_complain(book, result == LB_OK ? BOOK_WRONG : BOOK_FAULT, "entry %llu: %s",
                          (unsigned long long)number, lb_result_name((int)result));
            break;
        }
        check_entry(book, history, &entry, is_seen);
        found++;
        arena_reset(&arena);
    }
    engine_view_close(&view);
    arena_fini(&arena);
    free(is_seen);
    uint64_t answered = count_answered(history);
    if (answered != found) {
        book_complain(book, BOOK_WRONG, "there are %llu entries, and answers name %llu",
                      (unsigned long long)found, (unsigned long long)answered);
    }
}

bool book_check(struct book *book, struct history *history)
{
    book_wait(book, 0);
    book->full = 0;
    book->stopped = 0;
    book->refused = 0;
    check_answers(book, history);
    if (book->problem[0] == '\0') {
        check_entries(book, history);
    }
    enum lb_result result = book->problem[0] == '\0' ? book_verify(book) : LB_OK;
    if (result != LB_OK) {
        book_complain(book, BOOK_FAULT, "verify ends with %s", lb_result_name((int)result));
    }
    return book->problem[0] == '\0';
}
