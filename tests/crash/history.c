/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Requests of a small street, at random. See history.h. */
#include "history.h"

#include "base/assert.h"
#include "base/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define MEMBERS      6
#define ORG          UINT64_C(990101001010)
#define CATEGORY     7
#define COUNTER      3
#define RICE         11
#define HELP         12
#define BATCH_PLACE  63 /* of the id, among those of the request's commands */
#define DIGEST_PRIME UINT64_C(0x9e3779b97f4a7c15)

void *history_share(size_t bytes)
{
    void *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    return shared;
}

struct history *history_new(uint64_t seed)
{
    struct history *history = history_share(sizeof(*history));
    history->random.state = seed;
    history->next_number = 1;
    return history;
}

void history_free(struct history *history)
{
    (void)munmap(history, sizeof(*history));
}

/* ---- ids ---- */

static struct id id_of(uint64_t request, uint64_t place)
{
    struct id id = {{0xcc}};
    struct wire_writer writer = {.data = id.bytes + 8, .cap = 8};
    wire_put_u64(&writer, request << 8 | place);
    return id;
}

struct history_request *history_find(struct history *history, const struct id *id)
{
    for (size_t i = 0; i < history->count; i++) {
        struct history_request *request = &history->requests[i];
        struct id batch = id_of(request->number, BATCH_PLACE);
        if (memcmp(batch.bytes, id->bytes, sizeof(batch.bytes) - 1) != 0) {
            continue; /* the place is the last byte */
        }
        bool is_command = id->bytes[sizeof(id->bytes) - 1] < request->count;
        return is_command || (request->is_whole && id_equal(&batch, id)) ? request : NULL;
    }
    return NULL;
}

/* ---- commands ---- */

static uint64_t below(struct history *history, uint64_t limit)
{
    return random_seeded_next(&history->random) % limit;
}

static struct member_ref any_member(struct history *history)
{
    return (struct member_ref){.member = 1 + below(history, MEMBERS)};
}

/* An id of some earlier command, the more likely the later it was sent. */
static struct id any_earlier(struct history *history)
{
    size_t back = 1 + below(history, history->count < 12 ? history->count : 12);
    const struct history_request *request = &history->requests[history->count - back];
    return request->commands[below(history, request->count)].id;
}

static void make_setting(struct command *command, uint64_t number)
{
    command->day = HISTORY_TODAY - 365;
    if (number == 1) {
        command->kind = ACT_ORG_OPEN;
        command->act.org_open = (struct act_org_open){
            .org = ORG, .kind = ORG_COMMUNITY, .name = BYTES_LITERAL("幸福社区")};
    } else if (number == 2) {
        command->kind = ACT_TARIFF_SET;
        command->act.tariff_set = (struct act_tariff_set){.category = CATEGORY,
                                                          .name = BYTES_LITERAL("家政"),
                                                          .points_per_hour_centi = 100,
                                                          .coefficient_permille = 1000,
                                                          .rounding_minutes = 1,
                                                          .expiry_kind = EXPIRY_NEVER,
                                                          .day_minutes_max = 1440};
    } else if (number <= 4) {
        bool is_goods = number == 3;
        command->kind = ACT_ITEM_SET;
        command->act.item_set = (struct act_item_set){.item = is_goods ? RICE : HELP,
                                                      .kind = is_goods ? ITEM_GOODS : ITEM_SERVICE,
                                                      .name = BYTES_LITERAL("大米"),
                                                      .unit = BYTES_LITERAL("袋"),
                                                      .price_centi = 40};
    } else if (number == 5) {
        command->kind = ACT_COUNTER_OPEN;
        command->act.counter_open = (struct act_counter_open){
            .counter = COUNTER, .org = ORG, .name = BYTES_LITERAL("爱心超市")};
    } else if (number <= 5 + MEMBERS) {
        command->kind = ACT_MEMBER_REGISTER;
        command->act.member_register = (struct act_member_register){
            .member = number - 5,
            .org = ORG,
            .person = {.name = BYTES_LITERAL("张小明"), .birth_day = DAY_NONE}};
    } else {
        command->kind = ACT_STOCK_RECEIVE;
        command->act.stock_receive = (struct act_stock_receive){
            .counter = COUNTER,
            .lines = {{.item = RICE, .quantity = 50, .best_before_day = DAY_NONE}},
            .line_count = 1};
    }
}

static void make_service(struct history *history, struct command *command)
{
    /* One in eight before the member joined: refused, and recorded. */
    uint64_t days_back = below(history, 8) == 0 ? 400 : below(history, 300);
    command->kind = ACT_SERVICE_RECORD;
    command->day = HISTORY_TODAY - (int32_t)days_back;
    command->memo = below(history, 5) == 0 ? BYTES_LITERAL("来自签到表") : BYTES_LITERAL("");
    command->act.service_record =
        (struct act_service_record){.member = any_member(history),
                                    .category = CATEGORY,
                                    .minutes = 5 + (uint32_t)below(history, 120),
                                    .start_minute = -1};
}

static void make_redemption(struct history *history, struct command *command)
{
    command->kind = ACT_REDEEM;
    command->act.redeem =
        (struct act_redeem){.member = any_member(history),
                            .counter = COUNTER,
                            .lines = {{.item = RICE, .quantity = 1 + (int64_t)below(history, 4)}},
                            .line_count = 1};
}

static void make_ask_or_end(struct history *history, struct command *command)
{
    struct entry_ref ask = {.request = any_earlier(history)};
    switch (below(history, 3)) {
    case 0:
        command->kind = ACT_SERVICE_GIVE;
        command->act.service_give = (struct act_service_give){.ask = ask,
                                                              .giver = any_member(history),
                                                              .category = CATEGORY,
                                                              .minutes = 30,
                                                              .start_minute = -1};
        return;
    case 1:
        command->kind = ACT_SERVICE_RELEASE;
        command->act.service_release = ask;
        return;
    default:
        command->kind = ACT_SERVICE_ASK;
        command->act.service_ask = (struct act_service_ask){
            .member = any_member(history), .counter = COUNTER, .item = HELP, .quantity = 1};
        return;
    }
}

static void make_other(struct history *history, struct command *command)
{
    if (below(history, 2) == 0) {
        command->kind = ACT_REVERSE;
        command->memo = BYTES_LITERAL("记错了");
        command->act.reverse = (struct entry_ref){.request = any_earlier(history)};
        return;
    }
    command->kind = ACT_MEMBER_UPDATE;
    command->act.member_update = (struct act_member_update){
        .member = 1 + below(history, MEMBERS),
        .has_person = true,
        .person = {.name = BYTES_LITERAL("李雷"), .birth_day = DAY_NONE}};
}

static void make_command(struct history *history, struct command *command)
{
    uint64_t kind = below(history, 100);
    if (history->count < 5 + MEMBERS + 3) {
        make_setting(command, history->count + 1);
    } else if (kind < 55) {
        make_service(history, command);
    } else if (kind < 75) {
        make_redemption(history, command);
    } else if (kind < 88) {
        make_ask_or_end(history, command);
    } else {
        make_other(history, command);
    }
}

struct history_request *history_make(struct history *history)
{
    if (history->count == HISTORY_REQUESTS_MAX) {
        return NULL;
    }
    struct history_request *request = &history->requests[history->count];
    bool is_setting = history->count < 5 + MEMBERS + 3;
    uint64_t kind = below(history, 10);
    memset(request, 0, sizeof(*request));
    request->number = history->next_number++;
    request->count = is_setting || kind < 6 ? 1 : 1 + below(history, HISTORY_COMMANDS_MAX);
    request->is_whole = !is_setting && kind >= 8;
    request->batch_id = id_of(request->number, BATCH_PLACE);
    request->sent_at = HISTORY_NEVER;
    atomic_store(&request->answered_at, HISTORY_NEVER);
    for (size_t line = 0; line < request->count; line++) {
        request->commands[line] =
            (struct command){.id = id_of(request->number, line), .day = DAY_NONE};
        make_command(history, &request->commands[line]);
    }
    history->count++;
    return request;
}

/* ---- answers ---- */

static void digest_add(uint64_t *digest, uint64_t word)
{
    *digest = (*digest ^ word) * DIGEST_PRIME;
    *digest ^= *digest >> 29;
}

static void digest_verdict(uint64_t *digest, const struct verdict *verdict)
{
    digest_add(digest, (uint64_t)verdict->code);
    digest_add(digest, (uint64_t)verdict->a);
    digest_add(digest, (uint64_t)verdict->b);
    digest_add(digest, (uint64_t)verdict->c);
}

static void digest_balances(uint64_t *digest, const struct engine_result *result)
{
    for (size_t i = 0; i < result->balance_count; i++) {
        const struct member_balances *each = &result->balances[i];
        digest_add(digest, each->member);
        digest_add(digest, (uint64_t)each->points_centi);
        digest_add(digest, (uint64_t)each->held_centi);
        digest_add(digest, (uint64_t)each->debt_centi);
        digest_add(digest, (uint64_t)each->minutes);
    }
}

static void digest_earning(uint64_t *digest, const struct earning *earning)
{
    digest_add(digest, earning->member);
    digest_add(digest, earning->tariff_entry);
    digest_add(digest, earning->counted_minutes);
    digest_add(digest, (uint64_t)earning->points_centi);
    digest_add(digest, earning->lot);
}

void history_answer_of(const struct engine_result *result, struct history_answer *answer)
{
    uint64_t digest = result->entry;
    digest_verdict(&digest, &result->verdict);
    digest_balances(&digest, result);
    digest_earning(&digest, &result->earning);
    digest_add(&digest, result->assigned);
    digest_add(&digest, result->assigned_card);
    digest_add(&digest, result->failed_line);
    digest_add(&digest, result->failed_code);
    for (size_t i = 0; i < result->line_count; i++) {
        digest_add(&digest, result->lines[i].item);
        digest_add(&digest, (uint64_t)result->lines[i].quantity);
        digest_add(&digest, (uint64_t)result->lines[i].price_centi);
        digest_add(&digest, result->lines[i].price_entry);
    }
    *answer = (struct history_answer){
        .code = result->verdict.code, .entry = result->entry, .digest = digest};
}

void history_cut(struct history *history, uint64_t moment)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->count; i++) {
        struct history_request *request = &history->requests[i];
        if (request->sent_at > moment) {
            continue;
        }
        bool is_answered = atomic_load(&request->answered_at) <= moment;
        request->sent_at = 0;
        atomic_store(&request->answered_at, is_answered ? 0 : HISTORY_NEVER);
        if (!is_answered) {
            memset(request->answers, 0, sizeof(request->answers));
        }
        if (kept != i) {
            memcpy(&history->requests[kept], request, sizeof(*request));
        }
        kept++;
    }
    history->count = kept;
}

struct history *history_copy(const struct history *history, uint64_t moment)
{
    struct history *copy = history_share(sizeof(*copy));
    memcpy(copy, history,
           offsetof(struct history, requests) + history->count * sizeof(history->requests[0]));
    history_cut(copy, moment);
    return copy;
}
