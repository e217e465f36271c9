/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the till reads: the catalogue, a member, the counter's day. One thread.
 */
#include "till_server.h"

#include "entry_view.h"
#include "registry.h"
#include "till_day.h"

#include "base/date.h"
#include "text/text.h"

#include <inttypes.h>
#include <string.h>

#define TILL_HISTORY_ROWS 50 /* of a member: the redemptions of one day are among them */

/* --- catalogue -------------------------------------------------------------------------------- */

static const char *till_text_of(struct arena *arena, struct bytes text)
{
    char *copy = arena_take_zeroed(arena, text.size + 1, 1);
    if (copy != NULL && text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    return copy;
}

static bool till_read_goods(struct arena *arena, const Lovebank__V1__ItemInfo *info,
                            struct till_goods *goods)
{
    const Lovebank__V1__ItemSet *price = info->price;
    struct bytes key;
    struct bytes initials;
    if (!text_fold(arena, bytes_of_text(price->name), &key) ||
        !text_initials(arena, bytes_of_text(price->name), &initials)) {
        return false;
    }
    *goods = (struct till_goods){
        .item = info->item,
        .is_service = price->kind == LOVEBANK__V1__ITEM_KIND__ITEM_KIND_SERVICE,
        .barcode = price->barcode,
        .price_centi = price->price_centi,
        .name = price->name,
        .unit = price->unit,
        .key = till_text_of(arena, key),
        .initials = till_text_of(arena, initials),
    };
    return goods->key != NULL && goods->initials != NULL;
}

static bool till_read_catalogue(struct arena *arena, const Lovebank__V1__CatalogueResponse *listing,
                                struct till_catalogue *catalogue)
{
    struct till_goods *goods = arena_take_zeroed(arena, listing->n_items + 1, sizeof(*goods));
    catalogue->count = 0;
    for (size_t i = 0; goods != NULL && i < listing->n_items; i++) {
        if (listing->items[i]->price == NULL) {
            continue;
        }
        if (!till_read_goods(arena, listing->items[i], &goods[catalogue->count++])) {
            return false;
        }
    }
    catalogue->goods = goods;
    return goods != NULL;
}

bool till_server_catalogue(struct till_server *server, struct till_answer *answer)
{
    const Lovebank__V1__CatalogueRequest request = LOVEBANK__V1__CATALOGUE_REQUEST__INIT;
    ProtobufCMessage *message = NULL;
    struct till_catalogue catalogue;
    struct arena arena;
    if (!till_server_call(server, LB_METHOD_CATALOGUE, &request.base,
                          &lovebank__v1__catalogue_response__descriptor, &message, answer)) {
        return false;
    }
    Lovebank__V1__CatalogueResponse *listing = (Lovebank__V1__CatalogueResponse *)message;
    arena_init(&arena, arena_memory_heap(), server->catalogue_arena.cap_bytes);
    if (!till_read_catalogue(&arena, listing, &catalogue)) {
        arena_fini(&arena);
        cli_free_response(message);
        till_server_refuse(server, LB_MEMORY, NULL, answer);
        return false;
    }
    arena_fini(&server->catalogue_arena);
    lovebank__v1__catalogue_response__free_unpacked(server->listing, NULL);
    server->catalogue_arena = arena;
    server->listing = listing;
    server->catalogue = catalogue;
    answer->catalogue = &server->catalogue;
    answer->is_done = true;
    return true;
}

/* --- a member --------------------------------------------------------------------------------- */

/* Lots come by their last day. */
static void till_read_lot(const Lovebank__V1__PointLot *lot, int32_t today,
                          struct till_member *member)
{
    if (lot->lot > (uint64_t)DATE_DAY_MAX || lot->points_centi <= 0) {
        return;
    }
    if ((int32_t)lot->lot < today) {
        member->expired_centi += lot->points_centi; /* all lots together are the balance */
        member->points_centi -= lot->points_centi;
    } else if (member->lot_centi == 0) {
        member->lot_centi = lot->points_centi;
        member->lot_day = (int32_t)lot->lot;
    }
}

static void till_read_member(const Lovebank__V1__MemberInfo *info, int32_t today,
                             struct till_member *member)
{
    *member = (struct till_member){.card = info->card, .member = info->member};
    (void)snprintf(member->name, sizeof(member->name), "%s", info->masked_name);
    if (info->masked_name[0] == '\0') {
        (void)snprintf(member->name, sizeof(member->name), "%08" PRIu64, info->member);
    }
    if (info->balances != NULL) {
        member->points_centi = info->balances->points_centi;
        member->debt_centi = info->balances->debt_centi;
    }
    for (size_t i = 0; i < info->n_lots; i++) {
        till_read_lot(info->lots[i], today, member);
    }
}

Lovebank__V1__MemberGetResponse *till_server_info(struct till_server *server, uint64_t member)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ProtobufCMessage *response = NULL;
    struct till_answer ignored = {0};
    ref.member = member;
    request.member = &ref;
    return till_server_call(server, LB_METHOD_MEMBER_GET, &request.base,
                            &lovebank__v1__member_get_response__descriptor, &response, &ignored)
               ? (Lovebank__V1__MemberGetResponse *)response
               : NULL;
}

bool till_server_who(struct till_server *server, uint64_t member, int32_t today,
                     struct till_member *out)
{
    Lovebank__V1__MemberGetResponse *response = till_server_info(server, member);
    const bool is_known = response != NULL && response->info != NULL;
    *out = (struct till_member){.member = member};
    (void)snprintf(out->name, sizeof(out->name), "%08" PRIu64, member);
    if (is_known) {
        till_read_member(response->info, today, out);
    }
    if (response != NULL) {
        cli_free_response(&response->base);
    }
    return is_known;
}

/* --- the day ---------------------------------------------------------------------------------- */

bool till_server_today(struct till_server *server, int32_t *today, struct till_answer *answer)
{
    const Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    ProtobufCMessage *message = NULL;
    if (!till_server_call(server, LB_METHOD_STATUS, &request.base,
                          &lovebank__v1__status_response__descriptor, &message, answer)) {
        return false;
    }
    *today = ((Lovebank__V1__StatusResponse *)message)->today_day;
    cli_free_response(message);
    return true;
}

/* "大米 2 食盐 1": the goods of a redemption, in memory of the arena. */
static const char *till_read_goods_text(struct till_server *server,
                                        const Lovebank__V1__Entry *entry)
{
    const char *text = "";
    for (size_t i = 0; i < entry->n_lines; i++) {
        text = cli_format(&server->words, "%s%s%s %" PRId64, text, i == 0 ? "" : "  ",
                          registry_name(&server->words, REGISTRY_ITEM, entry->lines[i]->item),
                          entry->lines[i]->quantity);
    }
    return text;
}

/* Kept as long as the till runs: whoever redeems here has shown their card here, so that the day's
 * list need not ask for hundreds of names over a slow line. */
static void till_keep_name(struct till_server *server, const struct till_member *member)
{
    struct till_name *kept = arena_take_zeroed(&server->names_arena, 1, sizeof(*kept));
    if (kept != NULL) {
        kept->member = member->member;
        kept->next = server->names;
        (void)snprintf(kept->name, sizeof(kept->name), "%s", member->name);
        server->names = kept;
    }
}

static const char *till_read_name(struct till_server *server, uint64_t member)
{
    struct till_member who;
    for (const struct till_name *kept = server->names; kept != NULL; kept = kept->next) {
        if (kept->member == member) {
            return kept->name;
        }
    }
    if (till_server_who(server, member, DATE_DAY_MIN, &who)) {
        till_keep_name(server, &who);
    }
    return cli_copy(&server->words, who.name);
}

static void till_read_row(struct till_server *server, const Lovebank__V1__StoredEntry *stored,
                          const Lovebank__V1__Entry *entry, struct till_row *row)
{
    const int64_t second = entry->recorded_ms / 1000 + server->zone_east_s;
    const bool is_redemption = entry->command->act_case == LOVEBANK__V1__COMMAND__ACT_REDEEM;
    struct till_scan *lines = cli_take(&server->words, entry->n_lines + 1, sizeof(*lines));
    *row = (struct till_row){
        .entry = entry->number,
        .reversed_by = stored->reversed_by,
        .target_entry = entry->command->act_case == LOVEBANK__V1__COMMAND__ACT_REVERSE
                            ? entry->target_entry
                            : 0,
        .member = entry->n_links == 0 ? 0 : entry->links[0]->member,
        .is_redemption = is_redemption,
        .is_refused = entry->code != LB_OK,
        .is_waiting = entry->code == LB_WAITING,
        .minute = (uint32_t)(second % 86400 / 60),
        .name = "",
        .what = is_redemption && entry->n_lines > 0
                    ? till_read_goods_text(server, entry)
                    : cli_copy(&server->words, entry_view_what(&server->words, entry)),
        .lines = lines,
        .line_count = is_redemption ? entry->n_lines : 0,
    };
    for (size_t i = 0; i < entry->n_lines; i++) {
        lines[i] = (struct till_scan){entry->lines[i]->item, entry->lines[i]->quantity};
    }
    if (row->member != 0) {
        row->points_centi =
            entry_view_change(entry, row->member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS);
    }
}

/* Rows that grow in the arena. */
struct till_rows {
    struct till_row *rows;
    size_t count;
    size_t cap;
};

static struct till_row *till_rows_add(struct till_server *server, struct till_rows *rows)
{
    if (rows->count == rows->cap) {
        const size_t cap = rows->cap == 0 ? 64 : rows->cap * 2;
        struct till_row *more = cli_take(&server->words, cap, sizeof(*more));
        if (rows->count > 0) {
            memcpy(more, rows->rows, rows->count * sizeof(*more));
        }
        rows->rows = more;
        rows->cap = cap;
    }
    return &rows->rows[rows->count++];
}

/* The page's entries recorded today; *is_over when one was recorded before. */
static bool till_read_page(struct till_server *server, const Lovebank__V1__HistoryResponse *page,
                           int32_t today, struct till_rows *rows, bool *is_over)
{
    for (size_t i = 0; i < page->n_entries && !*is_over; i++) {
        Lovebank__V1__Entry *entry = entry_view_unpack(page->entries[i]);
        if (entry == NULL) {
            return false;
        }
        *is_over = date_day_of_ms(entry->recorded_ms, server->zone_east_s) < today;
        if (!*is_over) {
            till_read_row(server, page->entries[i], entry, till_rows_add(server, rows));
        }
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    return true;
}

/* All entries recorded today, newest first, of what the request names. */
static bool till_read_entries(struct till_server *server, Lovebank__V1__HistoryRequest *request,
                              int32_t today, struct till_rows *rows, struct till_answer *answer)
{
    bool is_over = false;
    do {
        ProtobufCMessage *message = NULL;
        if (!till_server_call(server, LB_METHOD_HISTORY, &request->base,
                              &lovebank__v1__history_response__descriptor, &message, answer)) {
            return false;
        }
        const Lovebank__V1__HistoryResponse *page = (Lovebank__V1__HistoryResponse *)message;
        const int64_t numbers[3] = {
            (int64_t)(request->member == NULL ? request->counter : request->member->card)};
        const int code = (int)page->code;
        const bool is_read = code == LB_OK && till_read_page(server, page, today, rows, &is_over);
        request->before_entry = page->next;
        cli_free_response(message);
        if (!is_read) {
            till_server_refuse(server, code == LB_OK ? LB_MALFORMED : code, numbers, answer);
            return false;
        }
    } while (!is_over && request->before_entry != 0);
    return true;
}

static bool till_read_counter(struct till_server *server, struct till_rows *rows,
                              struct till_answer *answer)
{
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    int32_t today = 0;
    request.counter = server->counter;
    request.limit = LB_PAGE_ROWS_MAX;
    return till_server_today(server, &today, answer) &&
           till_read_entries(server, &request, today, rows, answer);
}

void till_server_day(struct till_server *server, struct till_answer *answer)
{
    struct till_rows rows = {0};
    if (!till_read_counter(server, &rows, answer)) {
        return;
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.rows[i].member != 0) {
            rows.rows[i].name = till_read_name(server, rows.rows[i].member);
        }
    }
    server->day = (struct till_day){.rows = rows.rows, .row_count = rows.count};
    if (!till_day_count(&server->day, &server->words.arena)) {
        till_server_refuse(server, LB_AMOUNT_OVERFLOW, NULL, answer);
        return;
    }
    answer->day = &server->day;
    answer->is_done = true;
}

void till_server_last(struct till_server *server, struct till_answer *answer)
{
    struct till_rows rows = {0};
    if (!till_read_counter(server, &rows, answer)) {
        return;
    }
    answer->is_done = true;
    for (size_t i = 0; i < rows.count && answer->row == NULL; i++) {
        struct till_row *row = &rows.rows[i];
        if (row->is_redemption && !row->is_refused && row->reversed_by == 0) {
            row->name = till_read_name(server, row->member);
            answer->row = row;
        }
    }
}

/* --- a card that is shown -----------------------------------------------------------------------
 */

/* Only an ornament: the redemption does not need it. */
static void till_read_earlier(struct till_server *server, int32_t today, struct till_member *member)
{
    struct till_rows rows = {0};
    struct till_answer ignored = {0};
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    ref.card = member->card;
    request.member = &ref;
    request.limit = TILL_HISTORY_ROWS;
    (void)till_read_entries(server, &request, today, &rows, &ignored);
    for (size_t i = 0; i < rows.count; i++) {
        const struct till_row *row = &rows.rows[i];
        if (!row->is_redemption || row->is_refused || row->reversed_by != 0) {
            continue;
        }
        if (member->earlier_count < TILL_EARLIER_MAX) {
            struct till_earlier *earlier = &member->earlier[member->earlier_count];
            earlier->entry = row->entry;
            earlier->points_centi = row->points_centi;
            (void)snprintf(earlier->what, sizeof(earlier->what), "%s", row->what);
        }
        member->earlier_count++;
    }
}

/* A card that cannot redeem is told when it is shown, not when the goods are on the table. */
static int till_read_refusal(const Lovebank__V1__MemberGetResponse *response, uint64_t card,
                             int64_t numbers[3])
{
    const Lovebank__V1__MemberInfo *info = response->info;
    numbers[0] = (int64_t)card;
    if (response->code != LB_OK || info == NULL) {
        return response->code == LB_OK ? LB_MALFORMED : (int)response->code;
    }
    if (info->status == LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_ACTIVE) {
        return info->card == card ? LB_OK : LB_CARD_BLOCKED;
    }
    numbers[0] = (int64_t)info->member;
    numbers[1] = info->closed_day;
    return info->status == LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_BLOCKED ? LB_MEMBER_BLOCKED
                                                                              : LB_MEMBER_CLOSED;
}

void till_server_member(struct till_server *server, uint64_t card, struct till_answer *answer)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ProtobufCMessage *message = NULL;
    int64_t numbers[3] = {0};
    int32_t today = 0;
    ref.card = card;
    request.member = &ref;
    if (!till_server_today(server, &today, answer) ||
        !till_server_call(server, LB_METHOD_MEMBER_GET, &request.base,
                          &lovebank__v1__member_get_response__descriptor, &message, answer)) {
        return;
    }
    const Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)message;
    const int code = till_read_refusal(response, card, numbers);
    if (code != LB_OK) {
        till_server_refuse(server, code, numbers, answer);
    } else {
        till_read_member(response->info, today, &server->member);
        till_read_earlier(server, today, &server->member);
        till_keep_name(server, &server->member);
        answer->member = &server->member;
        answer->is_done = true;
    }
    cli_free_response(message);
}
