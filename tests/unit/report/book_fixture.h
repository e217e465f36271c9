/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book in memory for tests of reports: commands are decided and applied by the bank itself, so
 * that reports are drawn from rows as they really are. One thread.
 */
#ifndef TESTS_UNIT_REPORT_BOOK_FIXTURE_H
#define TESTS_UNIT_REPORT_BOOK_FIXTURE_H

#include "bank/bank.h"
#include "base/arena.h"
#include "base/date.h"
#include "lovebank/card.h"
#include "store/overlay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOOK_ENTRIES_MAX 64

struct book {
    struct overlay *overlay;
    struct bank bank;
    struct arena arena;
    uint64_t count;
    struct entry entries[BOOK_ENTRIES_MAX];
    struct posting *postings;
};

static inline const struct entry *book_entry(void *context, uint64_t number)
{
    struct book *book = context;
    return number >= 1 && number <= book->count ? &book->entries[number - 1] : NULL;
}

static inline uint64_t book_find_request(void *context, const struct id *id)
{
    struct book *book = context;
    for (uint64_t i = 0; i < book->count; i++) {
        if (id_equal(&book->entries[i].command.id, id)) {
            return i + 1;
        }
    }
    return 0;
}

static inline int book_setup(void **state)
{
    struct book *book = calloc(1, sizeof(*book));
    assert_non_null(book);
    book->postings =
        calloc((size_t)BOOK_ENTRIES_MAX * LB_ENTRY_POSTINGS_MAX, sizeof(struct posting));
    assert_non_null(book->postings);
    assert_int_equal(overlay_new(arena_memory_heap(), &book->overlay), LB_OK);
    overlay_reset(book->overlay, NULL, NULL, NULL);
    arena_init(&book->arena, arena_memory_heap(), 1u << 20);
    book->bank.views = overlay_views(book->overlay);
    book->bank.log = (struct entry_log){book_entry, book_find_request, book};
    *state = book;
    return 0;
}

static inline int book_teardown(void **state)
{
    struct book *book = *state;
    arena_fini(&book->arena);
    overlay_free(book->overlay);
    free(book->postings);
    free(book);
    return 0;
}

static inline int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_to_day((struct date){year, month, day});
}

/* Does the act, which the bank must accept. Returns the entry's number. */
static inline uint64_t book_do(struct book *book, int32_t day, struct command command)
{
    const uint64_t number = book->count + 1;
    assert_true(number <= BOOK_ENTRIES_MAX);
    struct entry *entry = &book->entries[book->count];
    const struct bank_context context = {
        .next_entry = number,
        .now_ms = INT64_C(1800000000000),
        .today_day = day_of(2026, 1, 1),
    };
    command.day = day;
    command.id.bytes[0] = (uint8_t)number;
    assert_int_equal(bank_command_check(&command).code, LB_OK);
    posting_list_init(&entry->postings, &book->postings[book->count * LB_ENTRY_POSTINGS_MAX],
                      LB_ENTRY_POSTINGS_MAX);
    bank_decide(&book->bank, &context, &command, entry);
    assert_int_equal(entry->verdict.code, LB_OK);
    book->count++;
    assert_int_equal(bank_apply(&book->bank, entry), LB_OK);
    assert_int_equal(views_fault(book->bank.views), LB_OK);
    return number;
}

static inline void book_open_org(struct book *book, uint64_t org, uint64_t parent)
{
    struct command command = {.kind = ACT_ORG_OPEN};
    command.act.org_open = (struct act_org_open){
        .org = org, .parent = parent, .kind = ORG_STREET, .name = BYTES_LITERAL("org")};
    (void)book_do(book, day_of(2015, 1, 1), command);
}

static inline void book_set_class(struct book *book, uint32_t class_id, bool is_public)
{
    struct command command = {.kind = ACT_CLASS_SET};
    command.act.class_set = (struct act_class_set){class_id, BYTES_LITERAL("class"), is_public};
    (void)book_do(book, day_of(2015, 1, 1), command);
}

/* 1 point an hour, for ever. */
static inline void book_set_tariff(struct book *book)
{
    struct command command = {.kind = ACT_TARIFF_SET};
    command.act.tariff_set = (struct act_tariff_set){
        .category = 1,
        .name = BYTES_LITERAL("category"),
        .points_per_hour_centi = 100,
        .coefficient_permille = 1000,
        .rounding_minutes = 1,
        .expiry_kind = EXPIRY_NEVER,
        .day_minutes_max = LB_DAY_MINUTES,
    };
    (void)book_do(book, day_of(2015, 1, 1), command);
}

static inline void book_register(struct book *book, uint64_t member, uint64_t org,
                                 uint32_t class_id)
{
    struct command command = {.kind = ACT_MEMBER_REGISTER};
    command.act.member_register = (struct act_member_register){
        .member = member,
        .org = org,
        .class_ids = {.items = {class_id}, .count = class_id != 0},
        .person = {.name = BYTES_LITERAL("name"), .birth_day = DAY_NONE},
    };
    (void)book_do(book, day_of(2015, 1, 1), command);
}

static inline void book_move(struct book *book, int32_t day, uint64_t member, uint64_t org)
{
    struct command command = {.kind = ACT_MEMBER_UPDATE};
    command.act.member_update = (struct act_member_update){.member = member, .org = org};
    (void)book_do(book, day, command);
}

static inline uint64_t book_serve(struct book *book, int32_t day, uint64_t member, uint32_t minutes)
{
    struct command command = {.kind = ACT_SERVICE_RECORD};
    command.act.service_record = (struct act_service_record){
        .member = {.member = member},
        .category = 1,
        .minutes = minutes,
        .start_minute = -1,
    };
    return book_do(book, day, command);
}

static inline void book_reverse(struct book *book, int32_t day, uint64_t entry)
{
    struct command command = {.kind = ACT_REVERSE, .memo = BYTES_LITERAL("mistake")};
    command.act.reverse = (struct entry_ref){.entry = entry};
    (void)book_do(book, day, command);
}

#endif
