/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The changes of a group as bytes. Pure. */
#include "store/change.h"

#include "base/assert.h"
#include "store/store.h"

#define DELETED 0x80u

void store_change_put(struct wire_writer *writer, const struct store_change *change)
{
    unsigned table = (unsigned)change->table | (change->is_deleted ? DELETED : 0);
    wire_put_u8(writer, (uint8_t)table);
    wire_put_u8(writer, (uint8_t)change->key.size);
    wire_put_u32(writer, (uint32_t)change->value.size);
    wire_put_bytes(writer, change->key);
    wire_put_bytes(writer, change->value);
}

static bool table_is_known(unsigned table)
{
#define X(symbol, number, name, kind) | UINT64_C(1) << (number)
    const uint64_t known = 0 LEDGER_TABLE_LIST(X);
#undef X
    return table <= LEDGER_TABLE_NUMBER_MAX && (known >> table & 1) != 0;
}

bool store_change_next(struct wire_reader *reader, struct store_change *change)
{
    uint8_t table_number = wire_get_u8(reader);
    uint8_t key_bytes = wire_get_u8(reader);
    uint32_t value_bytes = wire_get_u32(reader);
    change->key = wire_get_bytes(reader, key_bytes);
    change->value = wire_get_bytes(reader, value_bytes);
    change->is_deleted = (table_number & DELETED) != 0;
    change->table = (enum ledger_table)(table_number & ~DELETED);
    const size_t value_bytes_max = change->is_deleted ? 0 : STORE_VALUE_BYTES_MAX;
    return !reader->bad && table_is_known((unsigned)change->table) && change->key.size > 0 &&
           change->key.size <= LEDGER_KEY_BYTES_MAX && change->value.size <= value_bytes_max;
}
