/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Requests to rpc over a book in memory, by whoever is to ask; a small town of two communities with
 * operators. One thread asks; long reads run on the engine's.
 */
#ifndef TESTS_UNIT_RPC_FIXTURE_H
#define TESTS_UNIT_RPC_FIXTURE_H

#include "../engine/fixture.h"

#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "lovebank/v1/services.pb-c.h"
#include "rpc/rpc.h"

#define SERVICE_MEMORY_BYTES ((size_t)64 << 20)
#define OTHER_ORG            UINT64_C(990101002010)
#define OTHER_MEMBER         9 /* in OTHER_ORG; 1 to 3 are in ORG */

static const struct actor nobody = {0};
static const struct actor trusted = {.is_trusted = true, .peer = 1001};

static inline struct actor actor_of(uint32_t principal)
{
    return (struct actor){.principal = principal};
}

struct service {
    struct book *book;
    struct rpc *rpc;
    struct arena arena;                 /* of requests and answers */
    bool is_awake;                      /* under the book's lock */
    int64_t alarm_ms;                   /* that rpc asked for last; 0: none */
    struct auth_connection *connection; /* of all requests; NULL: it is gone */
    unsigned replies;
    enum lb_frame_kind kind;
    struct bytes payload;
};

static inline void service_take_reply(void *context, struct rpc_token token,
                                      enum lb_frame_kind kind, struct bytes payload)
{
    struct service *service = context;
    assert_int_equal(token.words[0], 7);
    service->replies++;
    service->kind = kind;
    assert_true(arena_copy(&service->arena, payload, &service->payload));
}

static inline void service_wake(void *context)
{
    struct service *service = context;
    pthread_mutex_lock(&service->book->lock);
    service->is_awake = true;
    pthread_cond_broadcast(&service->book->changed);
    pthread_mutex_unlock(&service->book->lock);
}

static inline void service_wake_after(void *context, int64_t ms)
{
    struct service *service = context;
    service->alarm_ms = ms;
}

static inline struct auth_connection *service_connection(void *context, struct rpc_token token)
{
    struct service *service = context;
    assert_int_equal(token.words[0], 7);
    return service->connection;
}

static inline void service_transports(void *context, struct rpc_transports *transports)
{
    (void)context;
    *transports = (struct rpc_transports){.connections = 1};
}

struct service_options {
    size_t memory_bytes_max; /* for requests */
    bool is_board_public;
    const struct clock *clock;
    struct auth *auth; /* NULL: none */
};

static inline struct service *service_new_with(struct book *book,
                                               const struct service_options *options)
{
    struct service *service = calloc(1, sizeof(*service));
    assert_non_null(service);
    service->book = book;
    arena_init(&service->arena, arena_memory_heap(), SERVICE_MEMORY_BYTES);
    const struct rpc_config config = {.version = "test",
                                      .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
                                      .inflight_max = 1,
                                      .memory_bytes_max = options->memory_bytes_max,
                                      .is_board_public = options->is_board_public};
    const struct rpc_ports ports = {.engine = book->engine,
                                    .store = book->store,
                                    .clock = options->clock,
                                    .log = &book->log,
                                    .auth = options->auth,
                                    .connection = service_connection,
                                    .reply = service_take_reply,
                                    .wake = service_wake,
                                    .wake_after = service_wake_after,
                                    .transports = service_transports,
                                    .context = service};
    assert_int_equal(rpc_new(&config, &ports, &service->rpc), LB_OK);
    return service;
}

/* With so much memory for requests. */
static inline struct service *service_new_within(struct book *book, size_t memory_bytes_max)
{
    const struct service_options options = {
        .memory_bytes_max = memory_bytes_max, .is_board_public = true, .clock = &book->clock};
    return service_new_with(book, &options);
}

static inline struct service *service_new(struct book *book)
{
    return service_new_within(book, SERVICE_MEMORY_BYTES);
}

static inline void service_free(struct service *service)
{
    book_wait_work(service->book);
    rpc_free(service->rpc);
    arena_fini(&service->arena);
    free(service);
}

/* One request and its reply, kind and payload; the turn goes on. */
static inline void service_send_within(struct service *service, struct actor actor, uint16_t method,
                                       struct bytes payload)
{
    const unsigned replies = service->replies;
    const struct rpc_request call = {
        .method = method, .payload = payload, .actor = actor, .token = {.words = {7}}};
    (void)rpc_dispatch(service->rpc, &call);
    while (service->replies == replies) { /* it may have been woken for something else */
        rpc_turn_end(service->rpc);
        pthread_mutex_lock(&service->book->lock);
        while (!service->is_awake) {
            pthread_cond_wait(&service->book->changed, &service->book->lock);
        }
        service->is_awake = false;
        pthread_mutex_unlock(&service->book->lock);
        rpc_complete(service->rpc);
    }
    assert_int_equal(service->replies, replies + 1);
}

/* The same in a turn of its own. */
static inline void service_send(struct service *service, struct actor actor, uint16_t method,
                                struct bytes payload)
{
    service_send_within(service, actor, method, payload);
    rpc_turn_end(service->rpc);
}

/* What the request comes to, within a turn: LB_OK with an answer, or the error frame's result. */
static inline uint32_t service_ask_within(struct service *service, struct actor actor,
                                          uint16_t method, const ProtobufCMessage *request)
{
    struct bytes payload;
    struct lb_frame_error error;
    assert_int_equal(entry_message_pack(request, &service->arena, &payload), LB_OK);
    service_send_within(service, actor, method, payload);
    if (service->kind == LB_FRAME_RESPONSE) {
        return LB_OK;
    }
    assert_int_equal(service->kind, LB_FRAME_ERROR);
    assert_int_equal(lb_frame_error_decode(service->payload.data, service->payload.size, &error),
                     LB_OK);
    return error.result;
}

/* The same in a turn of its own. */
static inline uint32_t service_ask(struct service *service, struct actor actor, uint16_t method,
                                   const ProtobufCMessage *request)
{
    const uint32_t result = service_ask_within(service, actor, method, request);
    rpc_turn_end(service->rpc);
    return result;
}

/* The answer. */
static inline const void *service_answer(struct service *service, struct actor actor,
                                         uint16_t method, const ProtobufCMessage *request,
                                         const ProtobufCMessageDescriptor *response)
{
    ProtobufCMessage *message = NULL;
    assert_int_equal(service_ask(service, actor, method, request), LB_OK);
    assert_int_equal(entry_message_unpack(response, service->payload, &service->arena, &message),
                     LB_OK);
    return message;
}

/* ---- the town ---- */

static inline struct command open_operator(struct book *book, const char *login)
{
    struct command command = command_of(book, ACT_OPERATOR_OPEN);
    command.act.operator_open = (struct act_operator_open){.login = bytes_of_text(login)};
    return command;
}

static inline struct command set_role(struct book *book, uint32_t principal, enum role role,
                                      uint64_t org)
{
    struct command command = command_of(book, ACT_ROLE_SET);
    command.act.role_set = (struct act_role_set){.principal = principal,
                                                 .roles = {.items = {{role, org}}, .count = 1}};
    return command;
}

/* A new operator with that role there. */
static inline uint32_t add_operator(struct book *book, const char *login, enum role role,
                                    uint64_t org)
{
    const struct command open = open_operator(book, login);
    const uint32_t principal = (uint32_t)book_try(book, &open).assigned;
    assert_int_not_equal(principal, 0);
    const struct command roles = set_role(book, principal, role, org);
    book_do(book, &roles, 1);
    return principal;
}

/* One command by that principal; its result without the lines. */
static inline struct engine_result do_as(struct book *book, uint32_t principal,
                                         const struct command *command)
{
    return book_try_by(book, actor_of(principal), command);
}

/* A book_furnish with a second community and a member there. */
static inline int town_set_up(void **state)
{
    (void)furnished_set_up(state);
    struct book *book = *state;
    struct command other = open_org(book);
    other.act.org_open.org = OTHER_ORG;
    struct command member = register_member(book, OTHER_MEMBER, "张小亮");
    member.act.member_register.org = OTHER_ORG;
    const struct command commands[] = {other, member, open_counter(book)};
    book_do(book, commands, 3);
    return 0;
}

#define TEST_WITH_TOWN(name) cmocka_unit_test_setup_teardown(name, town_set_up, book_tear_down)

#endif
