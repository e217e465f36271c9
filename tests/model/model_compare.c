/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Comparing what came back, and what stands in the book, with the reference.
 */
#include "model_world.h"

#include "bank/records.h"
#include "base/assert.h"
#include "base/date.h"
#include "engine/verify.h"
#include "ledger/book.h"
#include "lovebank/card.h"
#include "store/mem.h"

#include <string.h>

/* ---- answers ---- */

static void compare_verdict(struct world *world, const char *what, const struct verdict *got,
                            const struct ref_answer *wanted)
{
    if (got->code != wanted->code || got->a != wanted->a || got->b != wanted->b ||
        got->c != wanted->c) {
        world_fail(world, "%s: %s(%lld, %lld, %lld), wanted %s(%lld, %lld, %lld)", what,
                   lb_result_name((int)got->code), (long long)got->a, (long long)got->b,
                   (long long)got->c, lb_result_name((int)wanted->code), (long long)wanted->a,
                   (long long)wanted->b, (long long)wanted->c);
    }
}

static bool same_balances(const struct member_balances *a, const struct member_balances *b)
{
    return a->member == b->member && a->points_centi == b->points_centi &&
           a->held_centi == b->held_centi && a->debt_centi == b->debt_centi &&
           a->minutes == b->minutes;
}

static bool same_earning(const struct earning *a, const struct earning *b)
{
    return a->member == b->member && a->category == b->category &&
           a->tariff_entry == b->tariff_entry && a->minutes == b->minutes &&
           a->counted_minutes == b->counted_minutes && a->points_centi == b->points_centi &&
           a->lot == b->lot;
}

static bool same_lines(const struct engine_result *got, const struct ref_answer *wanted)
{
    if (got->line_count != wanted->line_count) {
        return false;
    }
    for (size_t i = 0; i < got->line_count; i++) {
        if (got->lines[i].item != wanted->lines[i].item ||
            got->lines[i].quantity != wanted->lines[i].quantity ||
            got->lines[i].price_centi != wanted->lines[i].price_centi ||
            got->lines[i].price_entry != wanted->lines[i].price_entry) {
            return false;
        }
    }
    return true;
}

static const char *answer_difference(const struct engine_result *got,
                                     const struct ref_answer *wanted)
{
    if (got->entry != wanted->entry) {
        return "the entry's number";
    }
    if (got->balance_count != wanted->balance_count) {
        return "the number of members";
    }
    for (size_t i = 0; i < got->balance_count; i++) {
        if (!same_balances(&got->balances[i], &wanted->balances[i])) {
            return "balances";
        }
    }
    if (got->assigned != wanted->assigned || got->assigned_card != wanted->assigned_card) {
        return "the number or card given out";
    }
    if (!same_earning(&got->earning, &wanted->earning)) {
        return "what was earned";
    }
    if (got->replayed != wanted->replayed) {
        return "whether it is a replay";
    }
    if (got->reversed_by != wanted->reversed_by || got->known_code != wanted->known_code) {
        return "what became of the known id";
    }
    if (got->failed_line != wanted->failed_line || got->failed_code != wanted->failed_code) {
        return "the line of the batch at fault";
    }
    return same_lines(got, wanted) ? NULL : "lines and prices";
}

void world_compare_request(struct world *world, struct world_request *request)
{
    compare_verdict(world, "request", &request->write.verdict, &request->verdict);
    world->steps += request->count;
    if (request->verdict.code != LB_OK) {
        return;
    }
    for (size_t i = 0; i < request->count; i++) {
        const struct engine_result *got = &request->write.results[i];
        const struct ref_answer *wanted = &request->answers[i];
        enum act_kind kind = request->sent[i].command.kind;
        char what[96];
        (void)snprintf(what, sizeof(what), "%s%scommand %zu of %zu, act %d",
                       request->write.dry_run ? "dry-run, " : "",
                       request->write.all_or_nothing ? "all or nothing, " : "", i + 1,
                       request->count, (int)kind);
        compare_verdict(world, what, &got->verdict, wanted);
        const char *difference = answer_difference(got, wanted);
        if (difference != NULL) {
            world_fail(world, "%s: %s differs in %s", what, lb_result_name((int)wanted->code),
                       difference);
        }
        world->replayed += got->replayed;
        world->refused += got->verdict.code != LB_OK;
        world->done[kind] += got->verdict.code == LB_OK;
    }
}

/* ---- the book ---- */

/* Both ways, lot by lot. */
static void compare_lots(struct world *world, struct views views, struct account account,
                         struct asset asset)
{
    static struct ref_lots lots;
    struct book_row row;
    uint64_t lot_min = 0;
    ref_lots_of(&world->ref, account, asset, world->ref.move_count, &lots);
    for (size_t i = 0; i < lots.count; i++) {
        if (!book_next_lot(views, account, asset, lot_min, &row) || row.lot != lots.items[i].lot ||
            row.amount != lots.items[i].amount) {
            world_fail(world, "account %d of %llu: lot %llu should hold %lld", (int)account.kind,
                       (unsigned long long)account.owner, (unsigned long long)lots.items[i].lot,
                       (long long)lots.items[i].amount);
        }
        lot_min = row.lot + 1;
    }
    if (book_next_lot(views, account, asset, lot_min, &row)) {
        world_fail(world, "account %d of %llu: lot %llu should be empty", (int)account.kind,
                   (unsigned long long)account.owner, (unsigned long long)row.lot);
    }
}

static void compare_years(struct world *world, struct views views, uint64_t member)
{
    for (int32_t year = 2015; year <= 2018; year++) {
        struct year_row got;
        struct ref_year wanted = ref_year_of(&world->ref, year, member);
        year_get(views, year, member, &got);
        if (got.earned_centi != wanted.earned_centi || got.minutes != wanted.minutes ||
            got.services != wanted.services || got.redemptions != wanted.redemptions ||
            got.redeemed_centi != wanted.redeemed_centi ||
            got.services_received != wanted.services_received) {
            world_fail(world, "member %llu: the totals of %d differ", (unsigned long long)member,
                       year);
        }
    }
}

static void compare_member(struct world *world, struct views views, uint64_t member)
{
    struct ref_member wanted = ref_member_of(&world->ref, member);
    struct member_row got = {.member = 0};
    bool exists = member_get(views, member, &got);
    if (exists != wanted.exists ||
        (exists && (got.joined_day != wanted.joined_day || got.status != wanted.status ||
                    got.closed_day != wanted.closed_day || got.card != wanted.card ||
                    got.last_entry != wanted.last_entry))) {
        world_fail(world, "member %llu differs", (unsigned long long)member);
    }
    const struct account own = {ACCOUNT_MEMBER, member};
    const struct account held = {ACCOUNT_HELD, member};
    const struct account debt = {ACCOUNT_DEBT, member};
    if (got.balances.points_centi != book_total(views, own, ASSET_OF_POINTS, 0) ||
        got.balances.held_centi != book_total(views, held, ASSET_OF_POINTS, 0) ||
        got.balances.debt_centi != -book_total(views, debt, ASSET_OF_POINTS, 0) ||
        got.balances.minutes != book_total(views, own, ASSET_OF_MINUTES, 0)) {
        world_fail(world, "the sums of member %llu differ", (unsigned long long)member);
    }
    compare_lots(world, views, own, ASSET_OF_POINTS);
    compare_lots(world, views, own, ASSET_OF_MINUTES);
    compare_lots(world, views, held, ASSET_OF_POINTS);
    compare_lots(world, views, debt, ASSET_OF_POINTS);
}

static void view_open(struct world *world, struct arena *arena, struct engine_view *view)
{
    arena_init(arena, arena_memory_heap(), UINT64_C(64) << 20);
    enum lb_result result = engine_view_open(world->engine, arena, view);
    if (result != LB_OK) {
        world_fail(world, "no view: %s", lb_result_name((int)result));
    }
    if (view->head_entry != world->ref.entry_count) {
        world_fail(world, "the book has %llu entries", (unsigned long long)view->head_entry);
    }
}

static void view_close(struct world *world, struct arena *arena, struct engine_view *view)
{
    enum lb_result fault = views_fault(view->bank.views);
    if (fault != LB_OK) {
        world_fail(world, "the view is broken: %s", lb_result_name((int)fault));
    }
    engine_view_close(view);
    arena_fini(arena);
}

void world_compare_touched(struct world *world, const struct world_request *request)
{
    struct arena arena;
    struct engine_view view;
    view_open(world, &arena, &view);
    for (size_t i = 0; i < request->count && request->verdict.code == LB_OK; i++) {
        const struct ref_answer *answer = &request->answers[i];
        for (size_t link = 0; link < answer->balance_count; link++) {
            compare_member(world, view.bank.views, answer->balances[link].member);
            compare_years(world, view.bank.views, answer->balances[link].member);
        }
        for (size_t line = 0; line < answer->line_count; line++) {
            struct asset goods = {ASSET_GOODS, answer->lines[line].item};
            for (uint64_t counter = 1; counter <= 2; counter++) {
                compare_lots(world, view.bank.views, (struct account){ACCOUNT_STOCK, counter},
                             goods);
            }
        }
    }
    view_close(world, &arena, &view);
}

/* Every row of the balance table, and every balance of the reference. */
static void compare_balances(struct world *world, struct views views)
{
    uint8_t from[BOOK_BALANCE_KEY_BYTES + 1] = {0};
    struct bytes key = bytes_of(from, 1);
    struct bytes found;
    struct bytes value;
    while (views_seek_ge(views, TABLE_BALANCE, key, 0, &found, &value)) {
        struct book_row row;
        if (!book_row_decode(found, value, &row) ||
            row.amount != ref_balance(&world->ref, row.account, row.asset, row.lot)) {
            world_fail(world, "a row of account %d differs", (int)row.account.kind);
        }
        memcpy(from, found.data, found.size); /* the next key: this one, and a zero behind it */
        key = bytes_of(from, found.size + 1);
    }
    for (size_t i = 0; i < world->ref.move_count; i++) {
        const struct posting *move = &world->ref.moves[i];
        int64_t balance = book_balance(views, move->account, move->asset, move->lot);
        if (balance == 0 && ref_balance(&world->ref, move->account, move->asset, move->lot) != 0) {
            world_fail(world, "a row of account %d is missing", (int)move->account.kind);
        }
    }
}

/* The entry's link of that kind, against the entries of `key` before it; 0: it has none. */
static void compare_link(struct world *world, const struct entry *entry, enum chain_kind kind,
                         uint64_t key)
{
    const struct chain_link *link = entry_chain(entry, kind);
    uint64_t before = 0;
    if (key != 0) {
        before = ref_chain_below(&world->ref, kind, key, entry->number).last_entry;
    }
    if ((link == NULL) != (key == 0) ||
        (link != NULL && (link->key != key || link->previous_entry != before))) {
        world_fail(world, "entry %llu: its chain of kind %d differs",
                   (unsigned long long)entry->number, (int)kind);
    }
}

/* Who did it and who approved it; and what became of it, if it waited. */
static void compare_proposal(struct world *world, struct views views, const struct entry *entry)
{
    const struct ref_entry *wanted = ref_entry_at(&world->ref, entry->number);
    struct proposal_row row = {.decided_by = 0};
    bool is_proposal = proposal_get(views, entry->number, &row);
    if (entry->proposal != wanted->proposal || entry->approver != wanted->approver ||
        entry->actor.principal != wanted->principal || is_proposal != ref_waited(wanted) ||
        (is_proposal && row.decided_by != ref_decided_by(&world->ref, entry->number))) {
        world_fail(world, "proposal of entry %llu differs", (unsigned long long)entry->number);
    }
}

static void compare_entries(struct world *world, struct engine_view *view)
{
    for (uint64_t number = 1; number <= world->ref.entry_count; number++) {
        const struct ref_entry *wanted = ref_entry_at(&world->ref, number);
        struct bytes packed;
        struct entry entry;
        uint64_t settled_by;
        arena_reset(view->arena);
        enum lb_result result = engine_view_entry(view, number, &packed, &entry);
        if (result != LB_OK || entry.number != number || entry.day != wanted->day ||
            entry.command.kind != wanted->command.kind ||
            (entry.verdict.code == LB_OK) != (wanted->answer.code == LB_OK) ||
            !id_equal(&entry.command.id, &wanted->command.id)) {
            world_fail(world, "entry %llu differs", (unsigned long long)number);
        }
        compare_link(world, &entry, CHAIN_IMPORT, wanted->command.import);
        compare_link(world, &entry, CHAIN_COUNTER, wanted->counter);
        if (reversed_by(view->bank.views, number) != ref_reversed_by(&world->ref, number)) {
            world_fail(world, "entry %llu: who reversed it differs", (unsigned long long)number);
        }
        bool is_ask = ask_get(view->bank.views, number, &settled_by);
        if (is_ask != ref_did(wanted, ACT_SERVICE_ASK) ||
            (is_ask && settled_by != ref_settled_by(&world->ref, number))) {
            world_fail(world, "ask %llu differs", (unsigned long long)number);
        }
        compare_proposal(world, view->bank.views, &entry);
    }
}

static void compare_cards(struct world *world, struct views views)
{
    for (uint64_t serial = 1; serial <= ref_last_serial(&world->ref) + 1; serial++) {
        uint64_t card = lb_card_of_serial(serial);
        struct ref_card wanted = ref_card_of(&world->ref, card);
        struct card_row got = {.member = 0};
        bool exists = card_get(views, card, &got);
        if (exists != (wanted.member != 0) || got.member != wanted.member ||
            (exists && (int)got.status != wanted.status)) {
            world_fail(world, "card %llu differs", (unsigned long long)card);
        }
    }
}

static void compare_chain(struct world *world, struct views views, enum chain_kind kind,
                          uint64_t key)
{
    struct ref_chain wanted = ref_chain_below(&world->ref, kind, key, UINT64_MAX);
    struct chain_row got;
    chain_get(views, kind, key, &got);
    if (got.last_entry != wanted.last_entry || got.count != wanted.count) {
        world_fail(world, "the chain of kind %d of %llu differs", (int)kind,
                   (unsigned long long)key);
    }
}

/* The heads of all chains, and the list of imports. */
static void compare_chains(struct world *world, struct views views)
{
    const uint64_t last_import = ref_last_import(&world->ref);
    for (uint64_t import = 1; import <= last_import + 1; import++) {
        uint64_t found = 0;
        uint64_t opened_by = 0;
        compare_chain(world, views, CHAIN_IMPORT, import);
        if (import_get(views, import) != ref_import(&world->ref, import) ||
            import_at_or_below(views, import, &found, &opened_by) != (last_import > 0) ||
            (last_import > 0 && (found != (import > last_import ? last_import : import) ||
                                 opened_by != ref_import(&world->ref, found)))) {
            world_fail(world, "import %llu differs", (unsigned long long)import);
        }
    }
    for (uint64_t counter = 1; counter <= 3; counter++) {
        compare_chain(world, views, CHAIN_COUNTER, counter);
    }
}

static void compare_sequences(struct world *world, struct views views)
{
    if (sequence_last(views, SEQUENCE_MEMBER) != ref_last_member(&world->ref) ||
        sequence_last(views, SEQUENCE_CARD) != ref_last_serial(&world->ref) ||
        sequence_last(views, SEQUENCE_ACTIVITY) != ref_last_activity(&world->ref) ||
        sequence_last(views, SEQUENCE_DELIVERY) != ref_last_delivery(&world->ref) ||
        sequence_last(views, SEQUENCE_IMPORT) != ref_last_import(&world->ref)) {
        world_fail(world, "a number given out last differs");
    }
}

/* What holds on a day. */
static void compare_day(struct world *world, struct views views, int32_t day)
{
    const struct ref *ref = &world->ref;
    for (uint32_t id = 1; id <= 5; id++) {
        struct tariff_row tariff = {.entry = 0};
        struct item_row item = {.entry = 0};
        struct org_row org = {.is_closed = true};
        struct ref_org wanted = ref_org_on(ref, id, day);
        (void)tariff_on(views, id, day, &tariff);
        (void)item_on(views, id, day, &item);
        (void)org_on(views, id, day, &org);
        if (tariff.entry != ref_dated(ref, ACT_TARIFF_SET, id, day) ||
            item.entry != ref_dated(ref, ACT_ITEM_SET, id, day) ||
            org.is_closed == wanted.is_open || org.parent != wanted.parent) {
            world_fail(world, "a tariff, price or org on day %d differs", day);
        }
    }
    for (uint64_t member = 1; member <= ref_last_member(ref); member++) {
        if (member_org_on(views, member, day) != ref_member_org_on(ref, member, day)) {
            world_fail(world, "the org of member %llu on day %d differs",
                       (unsigned long long)member, day);
        }
        for (uint32_t class_id = 1; class_id <= 3; class_id++) {
            if (member_has_class_on(views, member, class_id, day) !=
                ref_member_has_class_on(ref, member, class_id, day)) {
                world_fail(world, "class %u of member %llu on day %d differs", class_id,
                           (unsigned long long)member, day);
            }
        }
    }
}

static void verify_book(struct world *world)
{
    const struct store_mem_options options = {.is_async = false};
    struct store *scratch;
    enum lb_result result = store_mem_open(arena_memory_heap(), &options, &scratch);
    LB_ASSERT(result == LB_OK);
    const struct verify_config config = {
        .store = world->store, .scratch = scratch, .people = world->people};
    struct verify_report report;
    result = verify_run(&config, &report);
    scratch->ops->close(scratch);
    if (result != LB_OK || !report.passed || report.checked != world->ref.entry_count) {
        world_fail(world, "verify: %s, %llu entries: %s", lb_result_name((int)result),
                   (unsigned long long)report.checked, report.problem);
    }
}

void world_compare_all(struct world *world)
{
    struct arena arena;
    struct engine_view view;
    view_open(world, &arena, &view);
    struct views views = view.bank.views;
    compare_balances(world, views);
    compare_cards(world, views);
    compare_chains(world, views);
    compare_sequences(world, views);
    for (uint64_t member = 1; member <= ref_last_member(&world->ref) + 1; member++) {
        compare_member(world, views, member);
        compare_years(world, views, member);
    }
    for (int i = 0; i < 8; i++) {
        compare_day(world, views,
                    GENERATE_FIRST_DAY + (int32_t)generate_below(&world->generate, 900));
    }
    compare_entries(world, &view);
    view_close(world, &arena, &view);
    verify_book(world);
}
