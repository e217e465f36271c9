/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The index of ID numbers, and rows sealed again. Threading: see people_rows.h.
 */
#include "people_rows.h"

#include "entry/codec.h"

const struct people_table people_tables[PEOPLE_TABLES_COUNT] = {
    {TABLE_PERSON, PEOPLE_PERSON},
    {TABLE_MEMO, PEOPLE_MEMO},
    {TABLE_CREDENTIAL, PEOPLE_CREDENTIAL},
};

static struct bytes id_number_bytes(const struct people_id_number *number)
{
    return bytes_of(number->bytes, sizeof(number->bytes));
}

/* ---- the index of ID numbers ---- */

bool people_rows_find_id_number(struct people *people, struct views views, struct bytes number,
                                uint64_t *member)
{
    struct people_id_number keys[PEOPLE_KEYS_MAX];
    const size_t count = people_id_numbers(people, number, keys);
    for (size_t i = 0; i < count; i++) {
        struct bytes value;
        if (views_get(views, TABLE_ID_NUMBER, id_number_bytes(&keys[i]), &value) &&
            rows_number(value, member)) {
            return true;
        }
    }
    return false;
}

void people_rows_check(struct group *group, const struct command *command, struct verdict *verdict)
{
    const struct person *person = bank_command_person(command);
    const bool is_update = command->kind == ACT_MEMBER_UPDATE;
    uint64_t holder = 0;
    if (person == NULL ||
        !people_rows_find_id_number(group->ports->people, group->bank.views, person->id_number,
                                    &holder) ||
        (is_update && holder == command->act.member_update.member)) {
        return;
    }
    if (verdict->code == LB_OK ||
        lb_result_precedence((int)LB_ID_NUMBER_TAKEN) < lb_result_precedence((int)verdict->code)) {
        *verdict = (struct verdict){.code = LB_ID_NUMBER_TAKEN, .a = (int64_t)holder, .text = ""};
    }
}

/* LB_OK, STORAGE_CORRUPT (the row does not open), MEMORY. */
static enum lb_result stored_person(struct group *group, uint64_t member, struct bytes row,
                                    struct person *person)
{
    struct arena *arena = &group->command_arena;
    struct bytes packed;
    uint8_t commitment[LB_HASH_BYTES];
    enum lb_result result = people_open_row(group->ports->people, PEOPLE_PERSON, member, row, arena,
                                            &packed, commitment);
    if (result == LB_OK) {
        result = entry_unpack_person(packed, arena, person);
    }
    return result == LB_MALFORMED ? LB_STORAGE_CORRUPT : result;
}

static void del_id_number(struct group *group, uint32_t epoch, struct bytes number)
{
    struct people_id_number key;
    if (people_id_number(group->ports->people, epoch, number, &key)) {
        views_del(group->bank.views, TABLE_ID_NUMBER, id_number_bytes(&key));
    }
}

static void put_id_number(struct group *group, uint64_t member, struct bytes number)
{
    struct people_id_number key;
    if (people_id_number(group->ports->people, people_epoch(group->ports->people), number, &key)) {
        struct rows_key value = rows_key_of(member);
        views_put(group->bank.views, TABLE_ID_NUMBER, id_number_bytes(&key),
                  rows_key_bytes(&value));
    }
}

enum lb_result people_rows_set_id_number(struct group *group, uint64_t member, struct bytes number)
{
    struct rows_key key = rows_key_of(member);
    struct bytes row;
    if (views_get(group->bank.views, TABLE_PERSON, rows_key_bytes(&key), &row)) {
        struct person person;
        const uint32_t epoch = people_row_epoch(row);
        const enum lb_result result = stored_person(group, member, row, &person);
        if (result == LB_OK) {
            del_id_number(group, epoch, person.id_number);
        } else if (result == LB_MEMORY) { /* a row that does not open is replaced all the same */
            return result;
        }
    }
    put_id_number(group, member, number);
    return LB_OK;
}

/* ---- epochs ---- */

enum lb_result people_rows_rotate(struct group *group, const struct entry *entry)
{
    const bool is_rotation = entry->command.kind == ACT_KEY_ROTATE && entry->verdict.code == LB_OK;
    const enum lb_result result = group_may_seal(group);
    if (!is_rotation || result != LB_OK) {
        return is_rotation ? result : LB_OK;
    }
    const bool is_made =
        group->key.epoch != 0 && book_key_is_older(&group->key, group->ports->people);
    return is_made ? LB_OK : people_rotate(group->ports->people);
}

/* The index row of a person goes to the new epoch. */
static enum lb_result reseal_id_number(struct group *group, uint64_t member, struct bytes row)
{
    struct person person;
    const enum lb_result result = stored_person(group, member, row, &person);
    if (result == LB_OK) {
        del_id_number(group, people_row_epoch(row), person.id_number);
        put_id_number(group, member, person.id_number);
    }
    return result;
}

enum lb_result people_rows_reseal(struct group *group, const struct people_table *table,
                                  uint64_t owner, bool *is_resealed)
{
    struct people *people = group->ports->people;
    struct rows_key key = rows_key_of(owner);
    struct bytes row;
    struct bytes old;
    struct bytes resealed;
    *is_resealed = false;
    if (!views_get(group->bank.views, table->table, rows_key_bytes(&key), &row) ||
        people_row_epoch(row) == people_epoch(people)) {
        return LB_OK;
    }
    arena_reset(&group->command_arena);
    if (!arena_copy(&group->command_arena, row, &old)) {
        return LB_MEMORY;
    }
    enum lb_result result =
        people_reseal(people, table->kind, owner, old, &group->command_arena, &resealed);
    if (result == LB_OK && table->table == TABLE_PERSON) {
        result = reseal_id_number(group, owner, old);
    }
    if (result == LB_OK) {
        views_put(group->bank.views, table->table, rows_key_bytes(&key), resealed);
        *is_resealed = true;
    }
    return result;
}
