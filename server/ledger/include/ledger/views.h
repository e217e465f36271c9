/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tables of a book and the port through which the pure layers read and change them.
 *
 * A table maps keys to values, both bytes, keys in memcmp order. The ledger and the bank write
 * views only from entries, so that a fold of the log rebuilds them. Not a store: the engine puts
 * the write set of the group and a store behind this port, verify a scratch store, tests a map.
 * One thread at a time.
 */
#ifndef LEDGER_VIEWS_H
#define LEDGER_VIEWS_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * X(symbol, number, name, kind)  numbers are stored: fixed, never reused. Kinds:
 *   SYSTEM  the engine's own records, not derived from entries
 *   LOG     the entries
 *   INDEX   one row per entry, checked entry by entry
 *   VIEW    folded from the log by the ledger and the bank
 *   PEOPLE  personal data: state beside the ledger, checked against commitments
 */
#define LEDGER_TABLE_LIST(X)                                                  \
    X(META, 1, "meta", SYSTEM)                                                \
    X(ENTRY, 2, "entry", LOG)         /* number u64 -> packed Entry */        \
    X(REQUEST, 3, "request", INDEX)   /* id 16 bytes -> entry number u64 */   \
    X(TILE, 4, "tile", SYSTEM)        /* level u8, index u64 -> 256 hashes */ \
    X(BALANCE, 5, "balance", VIEW)    /* see ledger/book.h */                 \
    X(REVERSED, 6, "reversed", VIEW)  /* entry u64 -> reversing entry u64 */  \
    X(SEQUENCE, 10, "sequence", VIEW) /* the rest: see bank/records.h */      \
    X(DATED, 11, "dated", VIEW)                                               \
    X(MEMBER, 12, "member", VIEW)                                             \
    X(CARD, 13, "card", VIEW)                                                 \
    X(ACTIVITY, 14, "activity", VIEW)                                         \
    X(DELIVERY, 15, "delivery", VIEW)                                         \
    X(SERVICE_DAY, 16, "service_day", VIEW)                                   \
    X(YEAR_TOTAL, 17, "year_total", VIEW)                                     \
    X(ASK, 18, "ask", VIEW)                                                   \
    X(CHAIN, 19, "chain", VIEW)                                               \
    X(IMPORT, 20, "import", VIEW)                                             \
    X(PRINCIPAL, 21, "principal", VIEW)                                       \
    X(LOGIN, 22, "login", VIEW)                                               \
    X(TOKEN, 23, "token", VIEW)                                               \
    X(PROPOSAL, 24, "proposal", VIEW)                                         \
    X(PERSON, 30, "person", PEOPLE)         /* member u64 -> sealed person */ \
    X(MEMO, 31, "memo", PEOPLE)             /* entry u64 -> sealed memo */    \
    X(CREDENTIAL, 32, "credential", PEOPLE) /* principal u64 -> sealed */     \
    X(ID_NUMBER, 33, "id_number", PEOPLE)   /* keyed hash -> member u64 */

enum ledger_table {
#define X(symbol, number, name, kind) TABLE_##symbol = (number),
    LEDGER_TABLE_LIST(X)
#undef X
};

#define LEDGER_TABLE_NUMBER_MAX 33
#define LEDGER_KEY_BYTES_MAX    64

enum ledger_table_kind {
    TABLE_KIND_SYSTEM,
    TABLE_KIND_LOG,
    TABLE_KIND_INDEX,
    TABLE_KIND_VIEW,
    TABLE_KIND_PEOPLE,
};

/*
 * Faults are sticky: once a read or write fails (disk, memory), every later one finds nothing and
 * changes nothing, and views_fault() says why. So pure code needs no error paths of its own; its
 * caller must look at views_fault() before it uses what the pure code made.
 * Keys and values given out live until the next put or delete through the same views.
 */
struct views_ops {
    /* false: not there, or a fault. */
    bool (*get)(void *context, enum ledger_table table, struct bytes key, struct bytes *value);
    /* First row at or after, last row at or before the key, among the rows that share its first
     * `within` bytes (at most its size; 0: among all). false: none, or a fault. */
    bool (*seek_ge)(void *context, enum ledger_table table, struct bytes key, size_t within,
                    struct bytes *found_key, struct bytes *value);
    bool (*seek_le)(void *context, enum ledger_table table, struct bytes key, size_t within,
                    struct bytes *found_key, struct bytes *value);
    /* Both are copied. */
    void (*put)(void *context, enum ledger_table table, struct bytes key, struct bytes value);
    /* Nothing happens when the key is not there. */
    void (*del)(void *context, enum ledger_table table, struct bytes key);
    enum lb_result (*fault)(const void *context); /* LB_OK: none so far */
    /* The row of the key will be read soon, or its family (below), so it may be fetched meanwhile.
     * NULL: of no use here. */
    void (*hint)(void *context, enum ledger_table table, struct bytes key);
};

struct views {
    const struct views_ops *ops;
    void *context;
};

static inline bool views_get(struct views views, enum ledger_table table, struct bytes key,
                             struct bytes *value)
{
    return views.ops->get(views.context, table, key, value);
}

/* `within` is worth giving where it can be: rows of one family are found without an order of all.
 */
static inline bool views_seek_ge(struct views views, enum ledger_table table, struct bytes key,
                                 size_t within, struct bytes *found_key, struct bytes *value)
{
    return views.ops->seek_ge(views.context, table, key, within, found_key, value);
}

static inline bool views_seek_le(struct views views, enum ledger_table table, struct bytes key,
                                 size_t within, struct bytes *found_key, struct bytes *value)
{
    return views.ops->seek_le(views.context, table, key, within, found_key, value);
}

static inline void views_put(struct views views, enum ledger_table table, struct bytes key,
                             struct bytes value)
{
    views.ops->put(views.context, table, key, value);
}

static inline void views_del(struct views views, enum ledger_table table, struct bytes key)
{
    views.ops->del(views.context, table, key);
}

/*
 * The leading bytes of a table's keys that a family has in common: rows that seeks on the way of a
 * command stay within, so that stores find them in memory by hashing. 0: each row is one by itself.
 */
static inline size_t ledger_family_bytes(enum ledger_table table)
{
    if (table == TABLE_BALANCE) {
        return 14; /* account kind, owner, asset kind, item: the lots of one balance */
    }
    if (table == TABLE_DATED) {
        return 13; /* kind, id, sub: what was in force over time */
    }
    return table == TABLE_SERVICE_DAY ? 12 : 0; /* day, member: the services of a day */
}

static inline void views_hint(struct views views, enum ledger_table table, struct bytes key)
{
    if (views.ops->hint != NULL) {
        views.ops->hint(views.context, table, key);
    }
}

static inline enum lb_result views_fault(struct views views)
{
    return views.ops->fault(views.context);
}

#endif
