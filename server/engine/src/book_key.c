/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The row that names the book's key. Threading: see book_key.h.
 */
#include "book_key.h"

#include "base/wire.h"

#include <string.h>

#define ROW_BYTES (4 + PEOPLE_MARK_BYTES)

enum lb_result book_key_read(struct views views, struct book_key *key)
{
    struct bytes row;
    *key = (struct book_key){.epoch = 0};
    if (!views_get(views, TABLE_META, BOOK_KEY_ROW_KEY, &row)) {
        return views_fault(views);
    }
    struct wire_reader reader = {.left = row};
    key->epoch = wire_get_u32(&reader);
    const struct bytes mark = wire_get_bytes(&reader, sizeof(key->mark));
    if (!wire_reader_is_done(&reader) || key->epoch == 0) {
        return LB_STORAGE_CORRUPT;
    }
    memcpy(key->mark, mark.data, sizeof(key->mark));
    return LB_OK;
}

void book_key_put(struct views views, struct people *people)
{
    uint8_t row[ROW_BYTES];
    uint8_t mark[PEOPLE_MARK_BYTES];
    const uint32_t epoch = people_epoch(people);
    if (people_key_mark(people, epoch, mark)) { /* the writer's thread alone makes a newer one */
        struct wire_writer writer = {.data = row, .cap = sizeof(row)};
        wire_put_u32(&writer, epoch);
        wire_put_bytes(&writer, bytes_of(mark, sizeof(mark)));
        views_put(views, TABLE_META, BOOK_KEY_ROW_KEY, bytes_of(row, writer.size));
    }
}

bool book_key_is_here(const struct book_key *key, struct people *people)
{
    uint8_t mark[PEOPLE_MARK_BYTES];
    return key->epoch == 0 || (people_key_mark(people, key->epoch, mark) &&
                               memcmp(mark, key->mark, sizeof(mark)) == 0);
}

bool book_key_is_missing(struct views views, struct people *people)
{
    struct book_key key;
    return book_key_read(views, &key) == LB_OK && !book_key_is_here(&key, people);
}

enum lb_result book_key_check(const struct book_key *key, struct people *people, bool *is_reloaded)
{
    *is_reloaded = false;
    if (book_key_is_here(key, people)) {
        return LB_OK;
    }
    *is_reloaded = people_reload(people, key->epoch, key->mark) == LB_OK;
    return *is_reloaded ? LB_OK : LB_KEY_OUTDATED;
}

bool book_key_is_older(const struct book_key *key, struct people *people)
{
    return key->epoch < people_epoch(people);
}
