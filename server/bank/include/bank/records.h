/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bank's views, row by row: what stands under which key, and how to read it. Rows are written
 * only by bank_apply. All integers big-endian; texts have a u16 length in front. The layouts stand
 * in docs/storage-format.md. Texts read are views of the row and live as long as it does (see
 * ledger/views.h). Pure.
 *
 * DATED holds everything that changes on a day and is looked up as of a day: key kind u8, id u64,
 * sub u32, first day i32; the row in force on a day is the last one at or before it.
 */
#ifndef BANK_RECORDS_H
#define BANK_RECORDS_H

#include "bank/command.h"
#include "bank/entry.h"
#include "ledger/views.h"
#include "lovebank/result.h"

enum dated_kind {
    DATED_ORG = 1,          /* id: org */
    DATED_CLASS = 2,        /* id: class; from the first day */
    DATED_TARIFF = 3,       /* id: category */
    DATED_ITEM = 4,         /* id: item */
    DATED_COUNTER = 5,      /* id: counter; from the first day */
    DATED_STAR_TABLE = 6,   /* id: 0 */
    DATED_MEMBER_ORG = 7,   /* id: member */
    DATED_MEMBER_CLASS = 8, /* id: member, sub: class */
    DATED_ROLES = 9,        /* id: principal; all its roles */
    DATED_POLICY = 10,      /* id: 0 */
    DATED_CONSENT = 11,     /* id: member */
};

/* What every dated row tells beside its content. */
struct dated_row {
    enum dated_kind kind;
    uint64_t id;
    uint32_t sub;
    int32_t from_day;
    uint64_t entry; /* that set it */
    struct bytes content;
};

/* The row in force on that day. false: none. */
bool dated_on(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub, int32_t day,
              struct dated_row *row);
/* The first row of that kind, id and sub from that day on. */
bool dated_from(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub,
                int32_t from_day, struct dated_row *row);
/* Any row of that id, whatever its day: for kinds without a sub. */
bool dated_exists(struct views views, enum dated_kind kind, uint64_t id);
/* The first row of that kind whose id is `id` or above, then sub, then day: for listing. */
bool dated_next(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub,
                int32_t from_day, struct dated_row *row);

struct org_row {
    uint64_t org;
    uint64_t parent;
    enum org_kind kind;
    bool is_closed;
    struct bytes name;
    int32_t from_day;
    uint64_t entry;
};
bool org_on(struct views views, uint64_t org, int32_t day, struct org_row *row);
/* On that day, is `org` the same as `top` or anywhere below it? */
bool org_is_within(struct views views, uint64_t org, uint64_t top, int32_t day);

struct class_row {
    uint32_t class_id;
    bool is_public;
    struct bytes name;
};
bool class_get(struct views views, uint32_t class_id, struct class_row *row);

struct tariff_row {
    struct act_tariff_set tariff; /* category and all */
    int32_t from_day;
    uint64_t entry;
};
bool tariff_on(struct views views, uint32_t category, int32_t day, struct tariff_row *row);

struct item_row {
    struct act_item_set item;
    int32_t from_day;
    uint64_t entry;
};
bool item_on(struct views views, uint32_t item, int32_t day, struct item_row *row);

struct counter_row {
    uint32_t counter;
    uint64_t org;
    struct bytes name;
};
bool counter_get(struct views views, uint32_t counter, struct counter_row *row);

/* The table in force; false: none was set, nobody has stars. */
bool star_table_on(struct views views, int32_t day, struct codes *hours);
/* Stars for lifetime minutes: how many steps of the table are reached. */
uint32_t star_level(const struct codes *hours, int64_t lifetime_minutes);

struct member_row {
    uint64_t member;
    int32_t joined_day;
    enum member_status status;
    int32_t closed_day; /* when status is MEMBER_CLOSED or MEMBER_ERASED */
    uint64_t card;      /* in use; 0: none */
    uint64_t last_entry;
    uint64_t org;                    /* the one set for the latest day */
    int32_t org_from_day;            /* that day */
    struct member_balances balances; /* sums of all lots */
};
bool member_get(struct views views, uint64_t member, struct member_row *row);
/* It will be read soon: views_hint. So with the others. */
void member_hint(struct views views, uint64_t member);
/* For ever; of an erased member the person is forgotten as well. */
static inline bool member_is_closed(const struct member_row *row)
{
    return row->status == MEMBER_CLOSED || row->status == MEMBER_ERASED;
}
/* The first member at or above that number. */
bool member_next(struct views views, uint64_t member, struct member_row *row);
/* 0: in no org on that day. */
uint64_t member_org_on(struct views views, uint64_t member, int32_t day);
/* The same, of a row at hand: only days before the latest change need a look-up. */
uint64_t member_row_org_on(struct views views, const struct member_row *row, int32_t day);
bool member_has_class_on(struct views views, uint64_t member, uint32_t class_id, int32_t day);
/* The classes held on that day, ascending; at most LB_COMMAND_LINES_MAX of them. */
void member_classes_on(struct views views, uint64_t member, int32_t day, struct codes *class_ids);

enum card_status { CARD_ACTIVE = 1, CARD_IS_BLOCKED = 2, CARD_REPLACED = 3 };

struct card_row {
    uint64_t card;
    uint64_t member;
    enum card_status status;
    uint64_t replacement; /* when replaced */
};
bool card_get(struct views views, uint64_t card, struct card_row *row);

struct activity_row {
    uint64_t activity;
    uint64_t entry;
    uint64_t org;
    int32_t day;
};
bool activity_get(struct views views, uint64_t activity, struct activity_row *row);

/* Where a lot of goods came from. */
struct delivery_row {
    uint32_t delivery;
    uint64_t entry;
    uint32_t counter;
    uint32_t item;
};
bool delivery_get(struct views views, uint32_t delivery, struct delivery_row *row);

/* One service given on a day by a member. */
struct service_row {
    uint64_t member;
    int32_t day;
    uint64_t entry;
    int32_t start_minute; /* -1: not given */
    uint32_t minutes;
};
/* The first row of that member on that day with that entry or above. false: none. */
bool service_next(struct views views, uint64_t member, int32_t day, uint64_t entry,
                  struct service_row *row);
void service_hint(struct views views, uint64_t member, int32_t day);

/* A member's year, net of what was reversed. */
struct year_row {
    int32_t year;
    uint64_t member;
    int64_t earned_centi; /* by service */
    int64_t minutes;
    uint32_t services;          /* person-times */
    uint32_t redemptions;       /* person-times, goods */
    int64_t redeemed_centi;     /* goods and services */
    uint32_t services_received; /* person-times */
};
/* All zero when there is no row. */
void year_get(struct views views, int32_t year, uint64_t member, struct year_row *row);
void year_hint(struct views views, int32_t year, uint64_t member);
/* The first row of that year with that member or above. false: none. */
bool year_next(struct views views, int32_t year, uint64_t member, struct year_row *row);

/* The entry that reversed this one; 0: it stands. */
uint64_t reversed_by(struct views views, uint64_t entry);
/* Of an ask: the entry that gave, released or reversed it; 0: open. false: not an ask. */
bool ask_get(struct views views, uint64_t entry, uint64_t *settled_by);

/* The newest entry of an import or a counter, and how many there are. */
struct chain_row {
    enum chain_kind kind;
    uint64_t key;
    uint64_t last_entry;
    uint64_t count;
};
/* All zero but kind and key when there is no row: nothing came in yet. */
void chain_get(struct views views, enum chain_kind kind, uint64_t key, struct chain_row *row);

/* The entry that opened an import; 0: there is no such import. */
uint64_t import_get(struct views views, uint64_t import);
/* The newest import at or below that number, and the entry that opened it. false: none. */
bool import_at_or_below(struct views views, uint64_t number, uint64_t *import, uint64_t *entry);

enum principal_kind { PRINCIPAL_OPERATOR = 1, PRINCIPAL_DEVICE = 2 };

struct principal_row {
    uint32_t principal;
    enum principal_kind kind;
    enum principal_state state;
    uint64_t entry;    /* that opened it */
    uint64_t member;   /* an operator's own record; 0: none */
    uint64_t org;      /* a device's */
    uint32_t counter;  /* a device's; 0: none */
    struct bytes name; /* log-in name of an operator, name of a device */
};
bool principal_get(struct views views, uint32_t principal, struct principal_row *row);
/* The first principal at or above that number. */
bool principal_next(struct views views, uint32_t principal, struct principal_row *row);
/* 0: nobody has that log-in name. */
uint32_t principal_of_login(struct views views, struct bytes login);
/* 0: no device has the token of that hash. */
uint32_t principal_of_token(struct views views, const uint8_t token_hash[LB_HASH_BYTES]);
/* The roles in force on that day; none: count 0. */
void roles_on(struct views views, uint32_t principal, int32_t day, struct roles *roles);

/* The policy in force; false: none, and only acts on one's own record need a second person. */
bool policy_on(struct views views, int32_t day, struct act_policy_set *policy);

struct proposal_row {
    uint64_t entry;
    int32_t expires_day; /* the last day to decide on */
    uint64_t decided_by; /* entry; 0: not decided */
    bool is_confirmed;
};
bool proposal_get(struct views views, uint64_t entry, struct proposal_row *row);
/* The newest proposal at or below that entry. false: none. */
bool proposal_at_or_below(struct views views, uint64_t entry, struct proposal_row *row);

struct consent {
    bool publish_name;
    bool contact;
};
/* Nothing was agreed to: all false. */
struct consent consent_on(struct views views, uint64_t member, int32_t day);

/* The last number given out; 0: none yet. */
enum sequence {
    SEQUENCE_MEMBER = 1,
    SEQUENCE_CARD = 2,
    SEQUENCE_ACTIVITY = 3,
    SEQUENCE_DELIVERY = 4,
    SEQUENCE_IMPORT = 5,
    SEQUENCE_PRINCIPAL = 6,
};
uint64_t sequence_last(struct views views, enum sequence sequence);

#endif
