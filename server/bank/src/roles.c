/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who may do what: the table of roles and rights, and what an actor has of a right. Where an act
 * counts is in authorise.c. Pure.
 */
#include "power.h"

/* One row for each right, one column for each role. What has no row nobody may do. */
struct right_row {
    const char *name; /* told to whoever lacks it */
    bool roles[ROLE_DISTRICT + 1];
};

#define RIGHT_ROW(right, name, viewer, desk, counter, reviewer, auditor, administrator, district) \
    [right] = {name, {false, viewer, desk, counter, reviewer, auditor, administrator, district}},
#define ACT(kind, ...)  RIGHT_ROW((enum right)ACT_##kind, __VA_ARGS__)
#define READ(kind, ...) RIGHT_ROW(RIGHT_##kind, __VA_ARGS__)
#define YES             true
#define NO_             false

/* clang-format off */
static const struct right_row right_rows[] = {
    /*                                             viewer desk counter review audit admin district */
    ACT(ORG_OPEN,          "org_open",              NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(ORG_UPDATE,        "org_update",            NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(CLASS_SET,         "class_set",             NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(TARIFF_SET,        "tariff_set",            NO_,  NO_,  NO_,  YES,  NO_,  YES,  NO_)
    ACT(ITEM_SET,          "item_set",              NO_,  NO_,  NO_,  YES,  NO_,  YES,  NO_)
    ACT(COUNTER_OPEN,      "counter_open",          NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(ACTIVITY_OPEN,     "activity_open",         NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(STAR_TABLE_SET,    "star_table_set",        NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(IMPORT_OPEN,       "import_open",           NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(MEMBER_REGISTER,   "member_register",       NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(MEMBER_UPDATE,     "member_update",         NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(MEMBER_CLOSE,      "member_close",          NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(CARD_ISSUE,        "card_issue",            NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(CARD_BLOCK,        "card_block",            NO_,  YES,  YES,  NO_,  NO_,  YES,  NO_)
    ACT(CARD_REPLACE,      "card_replace",          NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(STOCK_RECEIVE,     "stock_receive",         NO_,  NO_,  YES,  NO_,  NO_,  NO_,  NO_)
    ACT(SERVICE_RECORD,    "service_record",        NO_,  YES,  NO_,  NO_,  NO_,  NO_,  NO_)
    ACT(REDEEM,            "redeem",                NO_,  NO_,  YES,  NO_,  NO_,  NO_,  NO_)
    ACT(SERVICE_ASK,       "service_ask",           NO_,  YES,  YES,  NO_,  NO_,  NO_,  NO_)
    ACT(SERVICE_GIVE,      "service_give",          NO_,  YES,  NO_,  NO_,  NO_,  NO_,  NO_)
    ACT(SERVICE_RELEASE,   "service_release",       NO_,  YES,  YES,  NO_,  NO_,  NO_,  NO_)
    ACT(REVERSE,           "reverse",               NO_,  YES,  YES,  NO_,  NO_,  YES,  NO_)
    ACT(OPENING_BALANCE,   "opening_balance",       NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(OPERATOR_OPEN,     "operator_open",         NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(DEVICE_OPEN,       "device_open",           NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(PRINCIPAL_SET,     "principal_set",         NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(CREDENTIAL_SET,    "credential_set",        NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(ROLE_SET,          "role_set",              NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(POLICY_SET,        "policy_set",            NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(PROPOSAL_DECIDE,   "proposal_decide",       NO_,  NO_,  NO_,  YES,  NO_,  NO_,  NO_)
    ACT(REVEAL,            "reveal",                NO_,  YES,  NO_,  NO_,  YES,  YES,  NO_)
    ACT(MEMBER_ERASE,      "member_erase",          NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(CONSENT_SET,       "consent_set",           NO_,  YES,  NO_,  NO_,  NO_,  YES,  NO_)
    ACT(KEY_ROTATE,        "key_rotate",            NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
    READ(READ_REGISTRY,    "read_registry",         YES,  YES,  YES,  YES,  YES,  YES,  YES)
    READ(READ_MEMBER,      "read_member",           YES,  YES,  YES,  YES,  YES,  YES,  YES)
    READ(READ_PERSON,      "read_person",           NO_,  YES,  NO_,  NO_,  YES,  YES,  NO_)
    READ(READ_ENTRY,       "read_entry",            NO_,  YES,  YES,  YES,  YES,  YES,  YES)
    READ(READ_BOARD,       "read_board",            YES,  YES,  NO_,  YES,  YES,  YES,  YES)
    READ(READ_PRINCIPALS,  "read_principals",       NO_,  NO_,  NO_,  NO_,  YES,  YES,  YES)
    READ(READ_PROPOSALS,   "read_proposals",        NO_,  YES,  YES,  YES,  YES,  YES,  YES)
    READ(VERIFY,           "verify",                NO_,  NO_,  NO_,  NO_,  YES,  YES,  NO_)
    READ(BACKUP,           "backup",                NO_,  NO_,  NO_,  NO_,  NO_,  YES,  NO_)
};
/* clang-format on */

#undef RIGHT_ROW
#undef ACT
#undef READ
#undef YES
#undef NO_

/* NULL: there is no such right. */
static const struct right_row *right_find(enum right right)
{
    size_t index = (size_t)right;
    bool is_there =
        index < sizeof(right_rows) / sizeof(right_rows[0]) && right_rows[index].name != NULL;
    return is_there ? &right_rows[index] : NULL;
}

static bool role_is_in_row(enum role role, const struct right_row *row)
{
    return role > ROLE_NONE && role <= ROLE_DISTRICT && row->roles[role];
}

bool role_has_right(enum role role, enum right right)
{
    const struct right_row *row = right_find(right);
    return row != NULL && role_is_in_row(role, row);
}

static struct verdict principal_verdict(struct views views, uint32_t principal)
{
    struct principal_row row;
    if (!principal_get(views, principal, &row)) {
        return (struct verdict){.code = LB_LOGIN_REQUIRED, .text = ""};
    }
    if (row.state != PRINCIPAL_ACTIVE) {
        return (struct verdict){.code = LB_PRINCIPAL_LOCKED, .a = principal, .text = ""};
    }
    return (struct verdict){.code = LB_OK, .text = ""};
}

/* Who acts, and the device at which it does, must be known and active. */
static struct verdict actor_verdict(struct views views, const struct actor *actor)
{
    struct verdict verdict = principal_verdict(views, actor->principal);
    if (verdict.code == LB_OK && actor->device != 0 && actor->device != actor->principal) {
        verdict = principal_verdict(views, actor->device);
    }
    return verdict;
}

static void power_look_up(struct power *power, const struct bank *bank, const struct actor *actor,
                          int32_t today_day, enum right right)
{
    power->count = 0;
    power->verdict = actor_verdict(bank->views, actor);
    if (power->verdict.code != LB_OK) {
        return;
    }
    const struct right_row *row = right_find(right);
    struct roles roles;
    roles_on(bank->views, actor->principal, today_day, &roles);
    for (size_t i = 0; row != NULL && i < roles.count; i++) {
        if (role_is_in_row(roles.items[i].role, row)) {
            power->tops[power->count++] = roles.items[i].org;
            power->is_whole = power->is_whole || roles.items[i].org == 0;
        }
    }
    if (power->count == 0) {
        const char *name = row == NULL ? "" : row->name;
        power->verdict = (struct verdict){.code = LB_UNAUTHORISED, .text = name};
    }
}

static bool memo_is_of(const struct power_memo *memo, const struct actor *actor, int32_t today_day,
                       enum right right)
{
    return memo->is_set && memo->right == right && memo->today_day == today_day &&
           memo->actor.principal == actor->principal && memo->actor.device == actor->device;
}

void power_init(struct power *power, const struct bank *bank, const struct actor *actor,
                int32_t today_day, enum right right)
{
    struct power_memo *memo = bank->power_memo;
    power->is_whole = actor->is_trusted || right == RIGHT_NONE;
    if (power->is_whole) {
        power->verdict = (struct verdict){.code = LB_OK, .text = ""};
        power->count = 0;
    } else if (memo != NULL && memo_is_of(memo, actor, today_day, right)) {
        *power = memo->power;
    } else {
        power_look_up(power, bank, actor, today_day, right);
        if (memo != NULL && power->verdict.code == LB_OK) {
            *memo = (struct power_memo){true, *actor, today_day, right, *power};
        }
    }
}

static bool power_covers(const struct power *power, struct views views, uint64_t org, int32_t day)
{
    bool is_within = false;
    for (size_t i = 0; i < power->count && !is_within; i++) {
        is_within = org_is_within(views, org, power->tops[i], day);
    }
    return is_within;
}

void power_require(struct power *power, struct views views, uint64_t org, int32_t day)
{
    struct dated_row first;
    struct org_row row;
    bool is_within =
        power->is_whole || power->verdict.code != LB_OK || power_covers(power, views, org, day);
    if (!is_within && !org_on(views, org, day, &row) &&
        dated_from(views, DATED_ORG, org, 0, day, &first)) {
        is_within = power_covers(power, views, org, first.from_day); /* it was opened later */
    }
    if (!is_within) {
        power->verdict = (struct verdict){.code = LB_OUT_OF_SCOPE, .a = (int64_t)org, .text = ""};
    }
}

struct verdict bank_authorise(const struct bank *bank, const struct actor *actor, int32_t today_day,
                              enum right right, uint64_t org, int32_t org_day)
{
    struct power power;
    power_init(&power, bank, actor, today_day, right);
    power_require(&power, bank->views, org, org_day);
    return power.verdict;
}

struct verdict bank_authorise_anywhere(const struct bank *bank, const struct actor *actor,
                                       int32_t today_day, enum right right)
{
    struct power power;
    power_init(&power, bank, actor, today_day, right);
    return power.verdict;
}
