/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What an entry must satisfy by itself, whatever the state of the book: the part of the invariants
 * that verify checks entry by entry. An entry from a damaged disk may hold any number, so every sum
 * is checked. Pure.
 */
#include "bank/bank.h"

#include "base/checked.h"

/* A sum being made. `overflow` is sticky, and set too when the sum could not be negated. */
struct sum {
    int64_t total;
    bool overflow;
};

static void sum_add(struct sum *sum, int64_t amount)
{
    sum->overflow = sum->overflow || !checked_add_i64(sum->total, amount, &sum->total) ||
                    sum->total == INT64_MIN;
}

static void sum_add_product(struct sum *sum, int64_t a, int64_t b)
{
    int64_t product = 0;
    sum->overflow = sum->overflow || !checked_mul_i64(a, b, &product);
    sum_add(sum, product);
}

/* What an entry moves, each the sum over all owners and lots; and what its lines say. */
struct moved {
    struct sum minutes;    /* to members */
    struct sum issued;     /* points from issuers, negative */
    struct sum opened;     /* points from openings, negative */
    struct sum held;       /* points to members' held */
    struct sum redeemed;   /* points to counters' redeemed */
    struct sum handed_out; /* goods */
    struct sum stock;      /* goods into stock */
    struct sum price;      /* of the priced lines */
    struct sum pieces;     /* on the priced lines */
    struct sum received;   /* on the lines of a delivery */
};

static void add_postings(struct moved *moved, const struct entry *entry)
{
    const struct {
        enum account_kind account;
        enum asset_kind asset;
        struct sum *sum;
    } sums[] = {
        {ACCOUNT_MEMBER, ASSET_MINUTES, &moved->minutes},
        {ACCOUNT_ISSUER, ASSET_POINTS, &moved->issued},
        {ACCOUNT_OPENING, ASSET_POINTS, &moved->opened},
        {ACCOUNT_HELD, ASSET_POINTS, &moved->held},
        {ACCOUNT_REDEEMED, ASSET_POINTS, &moved->redeemed},
        {ACCOUNT_HANDED_OUT, ASSET_GOODS, &moved->handed_out},
        {ACCOUNT_STOCK, ASSET_GOODS, &moved->stock},
    };
    for (size_t i = 0; i < entry->postings.count; i++) {
        const struct posting *posting = &entry->postings.items[i];
        for (size_t j = 0; j < sizeof(sums) / sizeof(sums[0]); j++) {
            if (posting->account.kind == sums[j].account && posting->asset.kind == sums[j].asset) {
                sum_add(sums[j].sum, posting->amount);
            }
        }
    }
}

static void add_lines(struct moved *moved, const struct entry *entry)
{
    for (size_t i = 0; i < entry->line_count; i++) {
        sum_add(&moved->pieces, entry->lines[i].quantity);
        sum_add_product(&moved->price, entry->lines[i].quantity, entry->lines[i].price_centi);
    }
    if (entry->command.kind == ACT_STOCK_RECEIVE) {
        const struct act_stock_receive *act = &entry->command.act.stock_receive;
        for (size_t i = 0; i < act->line_count; i++) {
            sum_add(&moved->received, act->lines[i].quantity);
        }
    }
}

static bool has_overflow(const struct moved *moved)
{
    return moved->minutes.overflow || moved->issued.overflow || moved->opened.overflow ||
           moved->held.overflow || moved->redeemed.overflow || moved->handed_out.overflow ||
           moved->stock.overflow || moved->price.overflow || moved->pieces.overflow ||
           moved->received.overflow;
}

static const char *hours_problem(const struct entry *entry, const struct moved *moved)
{
    bool gives =
        entry->command.kind == ACT_SERVICE_RECORD || entry->command.kind == ACT_SERVICE_GIVE;
    if (entry->command.kind == ACT_REVERSE) {
        return moved->minutes.total > 0 ? "hours grow though no service was given" : NULL;
    }
    if (entry->command.kind == ACT_OPENING_BALANCE) {
        return NULL; /* opening_problem compares them */
    }
    if (moved->minutes.total > 0 && !gives) {
        return "hours grow though no service was given";
    }
    if (moved->minutes.total < 0) {
        return "hours shrink though nothing was reversed";
    }
    if (moved->minutes.total != (int64_t)entry->earning.minutes) {
        return "the hours posted are not the minutes given";
    }
    if (-moved->issued.total != entry->earning.points_centi) {
        return "the points issued are not those of the earning";
    }
    return NULL;
}

static const char *redeem_problem(const struct moved *moved)
{
    if (moved->handed_out.total != moved->pieces.total) {
        return "the goods handed out are not those of the lines";
    }
    return moved->redeemed.total == moved->price.total
               ? NULL
               : "the points taken are not the price of the lines";
}

static const char *opening_problem(const struct act_opening_balance *act, const struct moved *moved)
{
    if (moved->issued.total != 0 || moved->redeemed.total != 0) {
        return "an opening balance earns or redeems points";
    }
    return moved->minutes.total == (int64_t)act->minutes &&
                   -moved->opened.total == act->points_centi
               ? NULL
               : "the points and hours taken over are not those of the command";
}

static const char *act_problem(const struct entry *entry, const struct moved *moved)
{
    int64_t price = moved->price.total;
    switch (entry->command.kind) {
    case ACT_REDEEM:
        return redeem_problem(moved);
    case ACT_SERVICE_ASK:
        return moved->held.total == price ? NULL : "the points held are not the price of the lines";
    case ACT_SERVICE_GIVE:
        return moved->redeemed.total == price && moved->held.total == -price
                   ? NULL
                   : "the points taken are not those held";
    case ACT_STOCK_RECEIVE:
        return moved->stock.total == moved->received.total
                   ? NULL
                   : "the stock received is not that of the lines";
    case ACT_SERVICE_RECORD:
    case ACT_SERVICE_RELEASE:
        return moved->redeemed.total == 0 ? NULL : "points are taken though nothing was redeemed";
    case ACT_OPENING_BALANCE:
        return opening_problem(&entry->command.act.opening_balance, moved);
    case ACT_REVERSE:
        return NULL; /* the mirror of another entry */
    case ACT_NONE:
    case ACT_ORG_OPEN:
    case ACT_ORG_UPDATE:
    case ACT_CLASS_SET:
    case ACT_TARIFF_SET:
    case ACT_ITEM_SET:
    case ACT_COUNTER_OPEN:
    case ACT_ACTIVITY_OPEN:
    case ACT_STAR_TABLE_SET:
    case ACT_IMPORT_OPEN:
    case ACT_MEMBER_REGISTER:
    case ACT_MEMBER_UPDATE:
    case ACT_MEMBER_CLOSE:
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
    case ACT_OPERATOR_OPEN:
    case ACT_DEVICE_OPEN:
    case ACT_PRINCIPAL_SET:
    case ACT_CREDENTIAL_SET:
    case ACT_ROLE_SET:
    case ACT_POLICY_SET:
    case ACT_PROPOSAL_DECIDE:
    case ACT_REVEAL:
    case ACT_MEMBER_ERASE:
    case ACT_CONSENT_SET:
    case ACT_KEY_ROTATE:
        break;
    }
    return entry->postings.count == 0 ? NULL : "an act of the registry has postings";
}

static const char *refusal_problem(const struct entry *entry)
{
    if (entry->postings.count > 0) {
        return "a refusal has postings";
    }
    return lb_result_is_recorded((int)entry->verdict.code)
               ? NULL
               : "a refusal of this kind is never recorded";
}

/* Who proposes and who approves differ; a proposal is of one person, its confirmation of two. */
static const char *second_person_problem(const struct entry *entry)
{
    bool is_decision = entry->command.kind == ACT_PROPOSAL_DECIDE;
    if (entry->proposal == 0 && entry->approver != 0) {
        return "it is approved though nothing was proposed";
    }
    if (entry->proposal == 0) {
        bool confirms = is_decision && entry->command.act.proposal_decide.confirm;
        return confirms && entry->verdict.code == LB_OK
                   ? "a proposal is confirmed without the act proposed"
                   : NULL;
    }
    if (entry->proposal >= entry->number) {
        return "it was proposed after it was done";
    }
    if (entry->approver == 0 || entry->approver == entry->actor.principal) {
        return "who proposed it approved it as well";
    }
    return is_decision || entry->verdict.code == LB_WAITING
               ? "what was proposed is no act that could wait"
               : NULL;
}

const char *bank_entry_problem(const struct entry *entry)
{
    const char *second_person = second_person_problem(entry);
    if (second_person != NULL) {
        return second_person;
    }
    if (entry->verdict.code != LB_OK) {
        return refusal_problem(entry);
    }
    if (!posting_list_is_balanced(&entry->postings)) {
        return "the postings do not sum to zero for each asset and lot";
    }
    struct moved moved = {.minutes = {.total = 0}};
    add_postings(&moved, entry);
    add_lines(&moved, entry);
    if (has_overflow(&moved)) {
        return "the amounts are beyond what the ledger can hold";
    }
    const char *problem = hours_problem(entry, &moved);
    return problem != NULL ? problem : act_problem(entry, &moved);
}
