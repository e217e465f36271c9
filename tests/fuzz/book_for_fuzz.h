/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A small town's book in memory with an engine that is stepped and a clock that stands still, for
 * targets that take requests. It is made once; what an input wrote is taken back after it, so that
 * every input finds the same. One thread.
 */
#ifndef BOOK_FOR_FUZZ_H
#define BOOK_FOR_FUZZ_H

#include "bank/roles.h"
#include "base/assert.h"
#include "base/wire.h"
#include "engine/engine.h"
#include "ledger/book.h"
#include "people/people.h"
#include "rpc/rpc.h"
#include "store/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TODAY                17166 /* 2016-12-31 */
#define START_MS             (TODAY * INT64_C(86400000))
#define SEED                 UINT64_C(2016)
#define ORG                  UINT64_C(990101001010)
#define OTHER_ORG            UINT64_C(990101002010)
#define FUZZ_GROUPS_MAX      (STORE_MEM_LIES_MAX - 16) /* of one input; what follows it needs some */
#define FUZZ_RETURNS_MAX     4096 /* then the store is made anew, as rows taken back leave traces */
#define FUZZ_MEMORY_BYTES    ((size_t)64 << 20)
#define FUZZ_ASSETS_MAX      64
#define FUZZ_PASSWORD_PREFIX "argon2 of "

/* The accounts of the town, by number. */
enum fuzz_principal {
    FUZZ_NOBODY,
    FUZZ_VIEWER,
    FUZZ_DESK, /* member 1; has a proposal that waits */
    FUZZ_COUNTER,
    FUZZ_REVIEWER,
    FUZZ_AUDITOR,
    FUZZ_ADMINISTRATOR,
    FUZZ_DISTRICT,
    FUZZ_OTHER_DESK, /* in the other org */
    FUZZ_DEVICE,
    FUZZ_PRINCIPALS,
};
static const enum role fuzz_roles[FUZZ_PRINCIPALS] = {
    [FUZZ_VIEWER] = ROLE_VIEWER,     [FUZZ_DESK] = ROLE_DESK,
    [FUZZ_COUNTER] = ROLE_COUNTER,   [FUZZ_REVIEWER] = ROLE_REVIEWER,
    [FUZZ_AUDITOR] = ROLE_AUDITOR,   [FUZZ_ADMINISTRATOR] = ROLE_ADMINISTRATOR,
    [FUZZ_DISTRICT] = ROLE_DISTRICT, [FUZZ_OTHER_DESK] = ROLE_DESK,
    [FUZZ_DEVICE] = ROLE_DESK,
};
static const char *const fuzz_logins[FUZZ_PRINCIPALS] = {
    [FUZZ_VIEWER] = "viewer",   [FUZZ_DESK] = "desk",       [FUZZ_COUNTER] = "counter",
    [FUZZ_REVIEWER] = "review", [FUZZ_AUDITOR] = "auditor", [FUZZ_ADMINISTRATOR] = "admin",
    [FUZZ_DISTRICT] = "region", [FUZZ_OTHER_DESK] = "other"};

struct fuzz_book {
    char directory[64]; /* of the key file */
    char key_path[96];
    struct store *store;
    struct people *people;
    struct random_seeded seeded;
    struct random_source random;
    struct clock_stepper stepper;
    struct clock clock;
    struct log log;
    struct engine *engine;
    uint64_t first_entries; /* of the town */
    uint64_t next_id;
    unsigned returns;
};

static inline void fuzz_log_nothing(void *context, struct bytes line)
{
    (void)context;
    LB_ASSERT(line.size > 0 && line.size <= LOG_LINE_BYTES_MAX);
}

/* Nothing of the store fails here, so this never comes. */
static inline void fuzz_book_stops(void *context, enum lb_result why)
{
    (void)context;
    LB_ASSERT(why == LB_OK);
}

static inline void fuzz_settle(struct fuzz_book *book)
{
    while (engine_step(book->engine)) {
    }
}

/* --- the town --------------------------------------------------------------------------------- */

static inline struct command fuzz_command(struct fuzz_book *book, enum act_kind kind, int32_t day)
{
    struct command command = {.id = {{0xee}}, .day = day, .kind = kind};
    struct wire_writer writer = {.data = command.id.bytes + 8, .cap = 8};
    wire_put_u64(&writer, ++book->next_id);
    return command;
}

static inline void fuzz_write_is_done(struct engine_write *write)
{
    *(bool *)write->context = true;
}

static inline struct engine_result fuzz_do_as(struct fuzz_book *book, struct actor actor,
                                              const struct command *command)
{
    struct arena arena;
    bool is_done = false;
    arena_init(&arena, arena_memory_heap(), FUZZ_MEMORY_BYTES);
    struct engine_write write = {.commands = command,
                                 .command_count = 1,
                                 .actor = actor,
                                 .arena = &arena,
                                 .done = fuzz_write_is_done,
                                 .context = &is_done};
    LB_ASSERT(engine_write_submit(book->engine, &write) == LB_OK);
    fuzz_settle(book);
    LB_ASSERT(is_done && write.verdict.code == LB_OK);
    struct engine_result result = write.results[0];
    result.lines = NULL;
    arena_fini(&arena);
    return result;
}

static inline uint64_t fuzz_do(struct fuzz_book *book, const struct command *command)
{
    const struct actor server = {.is_trusted = true};
    const struct engine_result result = fuzz_do_as(book, server, command);
    LB_ASSERT(result.verdict.code == LB_OK);
    return result.assigned;
}

static inline void fuzz_open_org(struct fuzz_book *book, uint64_t org)
{
    struct command command = fuzz_command(book, ACT_ORG_OPEN, TODAY - 400);
    command.act.org_open =
        (struct act_org_open){.org = org, .kind = ORG_COMMUNITY, .name = BYTES_LITERAL("幸福社区")};
    fuzz_do(book, &command);
}

static inline void fuzz_open_counter(struct fuzz_book *book, uint32_t counter, uint64_t org)
{
    struct command command = fuzz_command(book, ACT_COUNTER_OPEN, TODAY - 300);
    command.act.counter_open = (struct act_counter_open){
        .counter = counter, .org = org, .name = BYTES_LITERAL("爱心超市")};
    fuzz_do(book, &command);
    command = fuzz_command(book, ACT_STOCK_RECEIVE, DAY_NONE);
    command.act.stock_receive = (struct act_stock_receive){
        .counter = counter,
        .lines = {{.item = 11, .quantity = 100, .best_before_day = DAY_NONE}},
        .line_count = 1};
    fuzz_do(book, &command);
}

static inline void fuzz_open_catalogue(struct fuzz_book *book)
{
    struct command command = fuzz_command(book, ACT_TARIFF_SET, TODAY - 365);
    command.act.tariff_set = (struct act_tariff_set){.category = 7,
                                                     .name = BYTES_LITERAL("家政"),
                                                     .points_per_hour_centi = 100,
                                                     .coefficient_permille = 1000,
                                                     .rounding_minutes = 30,
                                                     .expiry_kind = EXPIRY_YEAR_END,
                                                     .day_minutes_max = 480};
    fuzz_do(book, &command);
    for (uint32_t item = 11; item <= 12; item++) {
        command = fuzz_command(book, ACT_ITEM_SET, TODAY - 365);
        command.act.item_set = (struct act_item_set){.item = item,
                                                     .kind = item == 11 ? ITEM_GOODS : ITEM_SERVICE,
                                                     .name = item == 11 ? BYTES_LITERAL("大米")
                                                                        : BYTES_LITERAL("理发"),
                                                     .unit = BYTES_LITERAL("份"),
                                                     .price_centi = 10};
        fuzz_do(book, &command);
    }
    fuzz_open_counter(book, 3, ORG);
    fuzz_open_counter(book, 4, OTHER_ORG);
}

static inline struct command fuzz_record(struct fuzz_book *book, uint64_t member, uint32_t minutes)
{
    struct command command = fuzz_command(book, ACT_SERVICE_RECORD, TODAY - 3);
    command.act.service_record = (struct act_service_record){
        .member = {.member = member}, .category = 7, .minutes = minutes, .start_minute = -1};
    return command;
}

/* Members 1 to 3, and 4 in the other org. */
static inline void fuzz_register_members(struct fuzz_book *book)
{
    for (uint64_t member = 1; member <= 4; member++) {
        struct command command = fuzz_command(book, ACT_MEMBER_REGISTER, TODAY - 300);
        command.act.member_register = (struct act_member_register){
            .member = member,
            .org = member == 4 ? OTHER_ORG : ORG,
            .person = {.name = BYTES_LITERAL("张小明"), .birth_day = DAY_NONE}};
        fuzz_do(book, &command);
        command = fuzz_command(book, ACT_CARD_ISSUE, DAY_NONE);
        command.act.card = (struct act_card){.member = member};
        fuzz_do(book, &command);
        command = fuzz_record(book, member, 120);
        fuzz_do(book, &command);
    }
}

static inline void fuzz_open_account(struct fuzz_book *book, uint32_t principal)
{
    const char *login = fuzz_logins[principal];
    struct command command = fuzz_command(book, ACT_DEVICE_OPEN, DAY_NONE);
    if (login != NULL) {
        command.kind = ACT_OPERATOR_OPEN;
        command.act.operator_open = (struct act_operator_open){
            .login = bytes_of_text(login), .member = principal == FUZZ_DESK ? 1 : 0};
    } else {
        uint8_t token[LB_TOKEN_BYTES];
        memset(token, 0xdd, sizeof(token));
        command.act.device_open =
            (struct act_device_open){.name = BYTES_LITERAL("前台"), .org = ORG, .counter = 3};
        auth_token_hash(token, command.act.device_open.token_hash);
    }
    LB_ASSERT(fuzz_do(book, &command) == principal);
    const bool is_whole = principal == FUZZ_ADMINISTRATOR || principal == FUZZ_DISTRICT;
    const uint64_t org = principal == FUZZ_OTHER_DESK ? OTHER_ORG : ORG;
    command = fuzz_command(book, ACT_ROLE_SET, DAY_NONE);
    command.act.role_set = (struct act_role_set){
        .principal = principal,
        .roles = {.items = {{fuzz_roles[principal], is_whole ? 0 : org}}, .count = 1}};
    fuzz_do(book, &command);
}

/* Of the login name's own making; the viewer has a one-time code of zeros instead. */
static inline void fuzz_set_credential(struct fuzz_book *book, uint32_t principal)
{
    char verifier[64];
    uint8_t code[16] = {0};
    uint8_t hash[LB_HASH_BYTES];
    const struct bytes part = bytes_of(code, sizeof(code));
    snprintf(verifier, sizeof(verifier), FUZZ_PASSWORD_PREFIX "%s-password",
             fuzz_logins[principal]);
    people_sha256(&part, 1, hash);
    struct command command = fuzz_command(book, ACT_CREDENTIAL_SET, DAY_NONE);
    command.act.credential_set = (struct act_credential_set){
        .principal = principal,
        .credential = {.kind = CREDENTIAL_PASSWORD, .verifier = bytes_of_text(verifier)}};
    if (principal == FUZZ_VIEWER) {
        command.act.credential_set.credential =
            (struct credential){.kind = CREDENTIAL_ONE_TIME,
                                .verifier = bytes_of(hash, sizeof(hash)),
                                .expires_ms = START_MS + INT64_C(3600000)};
    }
    fuzz_do(book, &command);
}

static inline void fuzz_open_accounts(struct fuzz_book *book)
{
    for (uint32_t principal = 1; principal < FUZZ_PRINCIPALS; principal++) {
        fuzz_open_account(book, principal);
        if (fuzz_logins[principal] != NULL) {
            fuzz_set_credential(book, principal);
        }
    }
    struct command policy = fuzz_command(book, ACT_POLICY_SET, DAY_NONE);
    policy.act.policy_set = (struct act_policy_set){.service_minutes = 240,
                                                    .points_centi = 1000,
                                                    .back_days = 30,
                                                    .import_rows = 50,
                                                    .reversals = true,
                                                    .undo_minutes = 10,
                                                    .proposal_days = 14};
    fuzz_do(book, &policy);
    const struct command waits = fuzz_record(book, 2, 300);
    const struct actor desk = {.principal = FUZZ_DESK};
    LB_ASSERT(fuzz_do_as(book, desk, &waits).verdict.code == LB_WAITING);
}

/* --- its life --------------------------------------------------------------------------------- */

static inline void fuzz_book_start(struct fuzz_book *book)
{
    const struct engine_config config = {.zone_east_s = 28800,
                                         .queue_commands_max = 10000,
                                         .group_commands_max = 8190,
                                         .work_queue_max = 8,
                                         .is_stepped = true};
    book->seeded.state = SEED;
    book->stepper = (struct clock_stepper){.now_ms = START_MS, .monotonic_ms = 1};
    LB_ASSERT(people_open(book->key_path, true, &book->random, &book->people) == LB_OK);
    const struct engine_ports ports = {.store = book->store,
                                       .people = book->people,
                                       .clock = &book->clock,
                                       .log = &book->log,
                                       .stop = fuzz_book_stops};
    LB_ASSERT(engine_open(&config, &ports, &book->engine) == LB_OK);
    fuzz_settle(book); /* the index of names */
}

static inline uint64_t fuzz_book_entries(struct fuzz_book *book)
{
    struct engine_status status;
    engine_status(book->engine, &status);
    LB_ASSERT(!status.read_only && status.tree_size <= status.durable_entry);
    return status.durable_entry;
}

/* The writes of this input are as many as can be taken back. */
static inline bool fuzz_book_is_full(struct fuzz_book *book)
{
    struct engine_status status;
    engine_status(book->engine, &status);
    return status.groups >= FUZZ_GROUPS_MAX;
}

static inline void fuzz_book_build(struct fuzz_book *book)
{
    const struct store_mem_options options = {.is_async = false};
    (void)unlink(book->key_path);
    LB_ASSERT(store_mem_open(arena_memory_heap(), &options, &book->store) == LB_OK);
    book->returns = 0;
    book->next_id = 0;
    fuzz_book_start(book);
    fuzz_open_org(book, ORG);
    fuzz_open_org(book, OTHER_ORG);
    fuzz_open_catalogue(book);
    fuzz_register_members(book);
    fuzz_open_accounts(book);
    book->first_entries = fuzz_book_entries(book);
    engine_close(book->engine);
    people_close(book->people);
    fuzz_book_start(book);
    store_mem_lie(book->store);
}

/* Kept for the life of the process, as libFuzzer has no end to undo it at. */
static inline struct fuzz_book *fuzz_book_new(void)
{
    struct fuzz_book *book = calloc(1, sizeof(*book));
    LB_ASSERT(book != NULL);
    const char *base = getenv("TMPDIR");
    snprintf(book->directory, sizeof(book->directory), "%.32s/lovebank-fuzz-XXXXXX",
             base == NULL ? "/tmp" : base);
    LB_ASSERT(mkdtemp(book->directory) != NULL);
    snprintf(book->key_path, sizeof(book->key_path), "%s/epoch.key", book->directory);
    book->random = random_of_seeded(&book->seeded);
    book->clock = clock_of_stepper(&book->stepper);
    book->log = (struct log){LOG_DEBUG, &book->clock, fuzz_log_nothing, NULL};
    fuzz_book_build(book);
    return book;
}

/* As it was before the input; the engine is another. */
static inline void fuzz_book_return(struct fuzz_book *book)
{
    const bool is_rotated = people_epoch(book->people) != 1;
    engine_close(book->engine);
    people_close(book->people);
    store_mem_crash(book->store, 0);
    store_mem_restart(book->store);
    if (is_rotated || ++book->returns == FUZZ_RETURNS_MAX) {
        book->store->ops->close(book->store);
        fuzz_book_build(book); /* the town's key is gone */
    } else {
        fuzz_book_start(book);
        store_mem_lie(book->store);
    }
    LB_ASSERT(fuzz_book_entries(book) == book->first_entries);
}

static inline void fuzz_book_free(struct fuzz_book *book)
{
    engine_close(book->engine);
    people_close(book->people);
    book->store->ops->close(book->store);
    (void)unlink(book->key_path);
    LB_ASSERT(rmdir(book->directory) == 0);
    free(book);
}

/* --- what must hold --------------------------------------------------------------------------- */

/* Of each asset, all balances together are zero. */
static inline void fuzz_check_sums(struct fuzz_book *book)
{
    const struct store_ops *ops = book->store->ops;
    struct {
        struct asset asset;
        int64_t sum;
    } sums[FUZZ_ASSETS_MAX] = {0};
    uint8_t at[BOOK_BALANCE_KEY_BYTES + 1] = {0};
    size_t at_size = 0;
    struct store_snapshot *snapshot = NULL;
    struct book_row row;
    struct bytes key;
    struct bytes value;
    LB_ASSERT(ops->snapshot_open(book->store, &snapshot) == LB_OK);
    while (ops->snapshot_seek(snapshot, TABLE_BALANCE, bytes_of(at, at_size), true, 0, &key,
                              &value) == LB_OK) {
        size_t i = 0;
        LB_ASSERT(book_row_decode(key, value, &row) && row.amount != 0);
        while (sums[i].asset.kind != 0 &&
               (sums[i].asset.kind != row.asset.kind || sums[i].asset.item != row.asset.item)) {
            LB_ASSERT(++i < FUZZ_ASSETS_MAX);
        }
        sums[i].asset = row.asset;
        sums[i].sum += row.amount; /* the sanitizer looks at it */
        memcpy(at, key.data, key.size);
        at[key.size] = 0;
        at_size = key.size + 1;
    }
    ops->snapshot_close(snapshot);
    for (size_t i = 0; i < FUZZ_ASSETS_MAX; i++) {
        LB_ASSERT(sums[i].sum == 0);
    }
}

/* Each entry of the input by itself. */
static inline void fuzz_check_entries(struct fuzz_book *book)
{
    const uint64_t entries = fuzz_book_entries(book);
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), FUZZ_MEMORY_BYTES);
    LB_ASSERT(engine_view_open(book->engine, &arena, &view) == LB_OK);
    LB_ASSERT(view.head_entry == entries);
    for (uint64_t number = book->first_entries + 1; number <= entries; number++) {
        struct bytes packed;
        struct entry *entry = arena_take(&arena, sizeof(*entry));
        LB_ASSERT(entry != NULL && engine_view_entry(&view, number, &packed, entry) == LB_OK);
        LB_ASSERT(entry->number == number && packed.size <= LB_ENTRY_BYTES_MAX);
        LB_ASSERT(bank_entry_problem(entry) == NULL);
    }
    engine_view_close(&view);
    arena_fini(&arena);
}

#endif
