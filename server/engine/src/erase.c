/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Forgetting a member. Threading: see erase.h.
 */
#include "erase.h"

#include "rows.h"

bool erase_is_due(const struct entry *entry)
{
    return entry->command.kind == ACT_MEMBER_ERASE && entry->verdict.code == LB_OK &&
           entry->link_count > 0;
}

/* The member's entry before this one; 0: none. */
static uint64_t erase_previous(const struct entry *entry, uint64_t member)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].member == member) {
            return entry->links[i].previous_entry;
        }
    }
    return 0;
}

static void erase_row(struct views views, enum ledger_table table, uint64_t number)
{
    struct rows_key key = rows_key_of(number);
    views_del(views, table, rows_key_bytes(&key));
}

enum lb_result erase_texts(struct entry_reader *reader, struct views views,
                           const struct entry *erasing)
{
    uint64_t member = erasing->links[0].member;
    uint64_t after = erasing->number;
    uint64_t number = erasing->links[0].previous_entry;
    erase_row(views, TABLE_PERSON, member);
    while (number != 0) {
        const struct entry *entry = number < after ? entry_reader_get(reader, number) : NULL;
        if (entry == NULL) {
            return *reader->fault != LB_OK ? *reader->fault : LB_STORAGE_CORRUPT;
        }
        erase_row(views, TABLE_MEMO, number);
        after = number;
        number = erase_previous(entry, member);
    }
    return LB_OK;
}
