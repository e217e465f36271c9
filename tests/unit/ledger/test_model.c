/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Model test of the book: seeded random entries against a naive reference, an array of amounts
 * that knows lots, debt and reversal in its own few lines. After every step every balance is
 * compared, signs and sums are checked, and the table holds no other row. LB_TEST_SEED sets the
 * seed.
 */
#include "acts_for_tests.h"

#define STEPS       24000
#define MEMBERS     4
#define LOTS        5
#define KINDS       7
#define KEPT        32 /* newest entries, that may be reversed */
#define OWNER(i)    ((uint64_t)(i) + 1)
#define LOT(i)      ((uint64_t)(i)*100 + 100)
#define AMOUNTS_ALL ((size_t)KINDS * MEMBERS * LOTS)

/* Positions in the array. Owners of all kinds are numbered alike, one for each member. */
static const enum account_kind model_kinds[KINDS] = {
    ACCOUNT_MEMBER,   ACCOUNT_HELD,    ACCOUNT_DEBT, ACCOUNT_ISSUER,
    ACCOUNT_REDEEMED, ACCOUNT_EXPIRED, ACCOUNT_POOL,
};
enum { OWN, HELD, DEBT, ISSUER, REDEEMED, EXPIRED, POOL };

struct amounts {
    int64_t at[KINDS][MEMBERS][LOTS];
};

struct naive_entry {
    struct amounts change;
    struct posting postings[LB_ENTRY_POSTINGS_MAX];
    size_t posting_count;
    bool can_reverse;
};

struct model {
    struct test_book *book;
    uint64_t seed;
    struct amounts now;
    struct amounts next; /* with the entry being made */
    struct naive_entry kept[KEPT];
    size_t steps;
    size_t done;
    size_t refused;
    size_t reversed;
    size_t bridged;
};

static size_t draw(struct model *model, size_t below)
{
    model->seed = model->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(model->seed >> 33) % below;
}

static struct account at(size_t kind, size_t owner)
{
    return account_of(model_kinds[kind], OWNER(owner));
}

static int64_t naive_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Takes from lot after lot, from lot_min on; returns what was missing. */
static int64_t naive_spend(struct amounts *next, size_t from_kind, size_t from, size_t to_kind,
                           size_t to, size_t lot_min, int64_t amount)
{
    for (size_t lot = lot_min; lot < LOTS; lot++) {
        int64_t taken = naive_min(next->at[from_kind][from][lot], amount);
        next->at[from_kind][from][lot] -= taken;
        next->at[to_kind][to][lot] += taken;
        amount -= taken;
    }
    return amount;
}

static void naive_earn(struct amounts *next, size_t member, size_t org, size_t lot, int64_t amount)
{
    next->at[ISSUER][org][lot] -= amount;
    for (size_t i = 0; i < LOTS; i++) {
        int64_t settled = naive_min(-next->at[DEBT][member][i], amount);
        next->at[DEBT][member][i] += settled;
        next->at[ISSUER][org][lot] += settled;
        next->at[ISSUER][org][i] -= settled;
        amount -= settled;
    }
    next->at[OWN][member][lot] += amount;
}

/* LB_OK, or why the change cannot be taken back. */
static enum lb_result naive_reverse(struct amounts *next, const struct amounts *change)
{
    for (size_t i = 0; i < AMOUNTS_ALL; i++) {
        (&next->at[0][0][0])[i] -= (&change->at[0][0][0])[i];
    }
    enum lb_result why = LB_OK;
    for (size_t owner = 0; owner < MEMBERS; owner++) {
        for (size_t lot = 0; lot < LOTS; lot++) {
            int64_t missing = -next->at[OWN][owner][lot];
            if (missing > 0 && next->at[HELD][owner][lot] > 0) {
                why = LB_POINTS_HELD;
            } else if (missing > 0) {
                int64_t back = next->at[EXPIRED][owner][lot];
                back = naive_min(back < 0 ? 0 : back, missing);
                next->at[EXPIRED][owner][lot] -= back;
                next->at[DEBT][owner][lot] -= missing - back;
                next->at[OWN][owner][lot] = 0;
            }
            if (next->at[HELD][owner][lot] < 0 || next->at[REDEEMED][owner][lot] < 0 ||
                next->at[EXPIRED][owner][lot] < 0 || next->at[POOL][owner][lot] < 0) {
                why = why == LB_OK ? LB_NOT_REVERSIBLE : why;
            }
        }
    }
    return why;
}

/* The book says what the model says, and nothing else. */
static void model_compare(const struct model *model)
{
    size_t rows = 0;
    for (size_t kind = 0; kind < KINDS; kind++) {
        for (size_t owner = 0; owner < MEMBERS; owner++) {
            for (size_t lot = 0; lot < LOTS; lot++) {
                int64_t amount = model->now.at[kind][owner][lot];
                assert_int_equal(
                    book_balance(model->book->views, at(kind, owner), ASSET_OF_POINTS, LOT(lot)),
                    amount);
                assert_true(sign_is_good(model_kinds[kind], amount));
                rows += amount != 0;
            }
        }
    }
    assert_int_equal(model->book->map.tables[TABLE_BALANCE].count, rows);
}

/* Keeps the entry, books it and makes the next amounts the present ones. */
static void model_book(struct model *model, bool can_reverse)
{
    struct posting_list *list = &model->book->list;
    struct naive_entry *kept = &model->kept[model->done++ % KEPT];
    for (size_t i = 0; i < AMOUNTS_ALL; i++) {
        (&kept->change.at[0][0][0])[i] =
            (&model->next.at[0][0][0])[i] - (&model->now.at[0][0][0])[i];
    }
    kept->posting_count = list->count;
    memcpy(kept->postings, list->items, list->count * sizeof(list->items[0]));
    kept->can_reverse = can_reverse;
    model->now = model->next;
    entry_book(model->book); /* sums and signs of the whole book */
    model_compare(model);
}

static void step_earn(struct model *model)
{
    size_t member = draw(model, MEMBERS);
    size_t org = draw(model, MEMBERS);
    size_t lot = draw(model, LOTS);
    int64_t amount = (int64_t)draw(model, 300) + 1;
    struct posting_list *list = entry_begin(model->book);
    posting_list_move(list, at(ISSUER, org), at(OWN, member), ASSET_OF_POINTS, LOT(lot), amount);
    book_settle_debt(model->book->views, list, OWNER(member), at(ISSUER, org), LOT(lot));
    naive_earn(&model->next, member, org, lot, amount);
    model_book(model, true);
}

/* Spends once or twice in one entry, as a household does. */
static void step_spend(struct model *model, size_t from_kind, size_t to_kind)
{
    struct posting_list *list = entry_begin(model->book);
    size_t to = draw(model, MEMBERS);
    bool enough = true;
    for (size_t payers = draw(model, 2) + 1; payers > 0; payers--) {
        size_t from = draw(model, MEMBERS);
        if (from_kind == HELD || to_kind == HELD || to_kind == EXPIRED) {
            to = from; /* within one member */
        }
        size_t lot_min = draw(model, LOTS);
        int64_t amount = (int64_t)draw(model, 250);
        if (from_kind == to_kind && from == to) {
            continue;
        }
        int64_t missing = book_spend(model->book->views, list, at(from_kind, from), at(to_kind, to),
                                     ASSET_OF_POINTS, LOT(lot_min), amount);
        assert_int_equal(missing,
                         naive_spend(&model->next, from_kind, from, to_kind, to, lot_min, amount));
        enough = enough && missing == 0;
    }
    if (enough) {
        model_book(model, true);
    } else {
        model->refused++;
        model_compare(model);
    }
}

static void step_reverse(struct model *model)
{
    struct naive_entry *kept = &model->kept[draw(model, KEPT)];
    if (!kept->can_reverse) {
        return;
    }
    struct book_obstacle obstacle = book_mirror(model->book->views, entry_begin(model->book),
                                                kept->postings, kept->posting_count);
    enum lb_result why = naive_reverse(&model->next, &kept->change);
    assert_true((obstacle.code == LB_OK) == (why == LB_OK));
    if (why != LB_OK) {
        /* Where both kinds of obstacle are met, the book tells the one it meets first. */
        assert_true(obstacle.code == why || obstacle.code == LB_NOT_REVERSIBLE);
        assert_true(obstacle.needs > 0 && obstacle.has >= 0);
        model->refused++;
        return;
    }
    model->reversed++;
    model->bridged += model->book->list.count != kept->posting_count;
    kept->can_reverse = false;
    model_book(model, false);
}

static void model_step(struct model *model)
{
    model->next = model->now;
    switch (draw(model, 12)) {
    case 0:
    case 1:
        step_earn(model);
        break;
    case 2:
    case 3:
    case 4:
        step_spend(model, OWN, REDEEMED);
        break;
    case 5:
        step_spend(model, OWN, HELD);
        break;
    case 6:
        step_spend(model, HELD, REDEEMED);
        break;
    case 7:
        step_spend(model, HELD, OWN);
        break;
    case 8:
        step_spend(model, OWN, OWN);
        break;
    case 9:
        step_spend(model, draw(model, 2) == 0 ? OWN : POOL, draw(model, 2) == 0 ? OWN : POOL);
        break;
    case 10:
        step_spend(model, OWN, EXPIRED);
        break;
    default:
        step_reverse(model);
        break;
    }
}

static void the_book_does_what_a_naive_array_does(void **state)
{
    static const uint64_t default_seed = 20160501;
    const char *given = getenv("LB_TEST_SEED");
    struct model *model = calloc(1, sizeof(*model));
    assert_non_null(model);
    model->book = *state;
    model->seed = given == NULL ? default_seed : strtoull(given, NULL, 10);
    print_message("seed %" PRIu64 "\n", model->seed);
    for (model->steps = 0; model->steps < STEPS; model->steps++) {
        model_step(model);
    }
    print_message("%zu entries, %zu refused, %zu reversed, %zu of them with a bridge\n",
                  model->done, model->refused, model->reversed, model->bridged);
    assert_true(model->done > STEPS / 4);
    assert_true(model->refused > STEPS / 100);
    assert_true(model->reversed > STEPS / 100);
    assert_true(model->bridged > STEPS / 1000);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_book_does_what_a_naive_array_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
