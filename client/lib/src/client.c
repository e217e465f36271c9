/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The client's connection: its states and what leads from one to the next. One table of allowed
 * moves, one function that moves. Not the bytes (stream.c) and not the queue (calls.c). One thread.
 */
#include "client.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/random.h"
#include "lovebank/v1/services.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLIENT_NAME_DEFAULT      "lovebank"
#define CLIENT_IN_FLIGHT_DEFAULT 32

/* clang-format off */
static const bool client_moves[6][6] = {
    /* to:                 IDLE   PAUSING CONNECT SECURE GREET  READY */
    [CLIENT_IDLE]       = {false, true,  false, false, false, false},
    [CLIENT_PAUSING]    = {true,  true,  true,  false, false, false},
    [CLIENT_CONNECTING] = {true,  true,  false, true,  true,  false},
    [CLIENT_SECURING]   = {true,  true,  false, false, true,  false},
    [CLIENT_GREETING]   = {true,  true,  false, false, false, true},
    [CLIENT_READY]      = {true,  true,  false, false, false, false},
};
/* clang-format on */

static void client_move(struct lb_client *client, enum client_state to)
{
    LB_ASSERT(client_moves[client->state][to]);
    client->state = to;
}

bool client_is_valid(const struct lb_client *client)
{
    bool has_socket = client->state >= CLIENT_CONNECTING;
    return (client->fd >= 0) == has_socket && client->in_size <= client->in_cap &&
           (client->call_count == 0) == TAILQ_EMPTY(&client->calls) &&
           client->in_flight <= client->call_count &&
           (client->sending_bytes == 0 ||
            (client->sending != NULL && client->state == CLIENT_READY));
}

static void client_set_timer(struct lb_client *client, uint32_t ms)
{
    const struct timeval wait = {ms / 1000, (suseconds_t)(ms % 1000) * 1000};
    /* Fails only without memory for the heap of timers, which holds this event already. */
    (void)evtimer_add(&client->timer, &wait);
}

static void client_close_socket(struct lb_client *client)
{
    if (client->fd >= 0) {
        (void)event_del(&client->readable);
        (void)event_del(&client->writable);
        (void)event_del(&client->turn);
        if (client->tls != NULL) {
            client_tls_end(client->tls);
        }
        (void)close(client->fd);
        client->fd = -1;
    }
    (void)event_del(&client->timer);
    client->in_size = 0;
    calls_rewind(client);
}

static void client_give_up(struct lb_client *client, const struct lb_reply *reply)
{
    const struct lb_reply last = *reply; /* reply may live in the client */
    client_close_socket(client);
    client_move(client, CLIENT_IDLE);
    client->is_out = false;
    client->attempts = 0;
    calls_end_all(client, &last);
}

/* Doubling from the first pause, a quarter up or down by chance: clients do not come in step. */
static uint32_t client_pause_ms(const struct lb_client *client)
{
    if (client->attempts == 0) {
        return 0;
    }
    uint64_t pause = client->config.pause_first_ms;
    for (unsigned i = 1; i < client->attempts && pause < client->config.pause_max_ms; i++) {
        pause *= 2;
    }
    if (pause > client->config.pause_max_ms) {
        pause = client->config.pause_max_ms;
    }
    uint8_t chance = 128;
    if (!random_fill(random_system(), &chance, sizeof(chance))) {
        chance = 128;
    }
    return (uint32_t)(pause * 3 / 4 + pause * chance / 512);
}

void client_lost(struct lb_client *client, const struct lb_reply *reply)
{
    const struct lb_reply why = *reply;
    client_close_socket(client);
    client_move(client, CLIENT_PAUSING);
    if (client->call_count == 0) {
        (void)event_del(&client->deadline);
        client_move(client, CLIENT_IDLE);
        client->is_out = false;
        client->attempts = 0;
        return;
    }
    int64_t now_ms = clock_monotonic_ms(clock_system());
    if (!client->is_out) {
        client->is_out = true;
        client->out_since_ms = now_ms;
    }
    client->out_reply = why;
    int64_t patience_ms =
        client->was_connected ? client->config.patience_ms : client->config.first_ms;
    uint32_t pause_ms = client_pause_ms(client);
    if (now_ms + pause_ms - client->out_since_ms > patience_ms) {
        client_give_up(client, &client->out_reply);
        return;
    }
    client_set_timer(client, pause_ms);
}

void client_wake(struct lb_client *client)
{
    if (client->state == CLIENT_IDLE) {
        client_move(client, CLIENT_PAUSING); /* from the loop, not inside the caller's call */
        client_set_timer(client, 0);
    } else if (client->state == CLIENT_READY && !client->is_reading &&
               client->in_flight < client->in_flight_max) {
        event_active(&client->turn, EV_TIMEOUT, 0);
    }
}

static void client_make_hello(struct lb_client *client)
{
    Lovebank__V1__HelloRequest hello;
    lovebank__v1__hello_request__init(&hello);
    hello.protocol_version = LB_PROTOCOL_VERSION;
    hello.client = client->name;
    if (client->has_token) {
        hello.token = (ProtobufCBinaryData){.len = sizeof(client->token), .data = client->token};
    }
    size_t payload_bytes = lovebank__v1__hello_request__get_packed_size(&hello);
    LB_ASSERT(LB_FRAME_HEADER_BYTES + payload_bytes <= sizeof(client->hello));
    if (++client->last_request_id == 0) {
        client->last_request_id = 1;
    }
    client->hello_id = client->last_request_id;
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = client->hello_id,
        .method = LB_METHOD_HELLO,
        .kind = LB_FRAME_REQUEST,
    };
    lb_frame_header_encode(&header, client->hello);
    (void)lovebank__v1__hello_request__pack(&hello, client->hello + LB_FRAME_HEADER_BYTES);
    client->hello_bytes = LB_FRAME_HEADER_BYTES + payload_bytes;
}

static void client_connect(struct lb_client *client)
{
    const struct lb_reply unreachable = {.result = LB_UNREACHABLE};
    int fd = address_connect(&client->address, client->attempts);
    client->attempts++;
    if (fd < 0) {
        client_lost(client, &unreachable);
        return;
    }
    client->fd = fd;
    client_move(client, CLIENT_CONNECTING);
    (void)event_assign(&client->readable, client->base, fd, EV_READ | EV_PERSIST,
                       stream_on_readable, client);
    (void)event_assign(&client->writable, client->base, fd, EV_WRITE | EV_PERSIST,
                       stream_on_writable, client);
    client_set_timer(client, client->config.connect_ms);
    if (event_add(&client->writable, NULL) != 0) {
        client_lost(client, &unreachable);
    }
}

static void client_on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct lb_client *client = context;
    const struct lb_reply unreachable = {.result = LB_UNREACHABLE};
    switch (client->state) {
    case CLIENT_PAUSING:
        client_connect(client);
        return;
    case CLIENT_CONNECTING:
    case CLIENT_SECURING:
    case CLIENT_GREETING:
        client_lost(client, &unreachable);
        return;
    case CLIENT_IDLE:
    case CLIENT_READY:
        return;
    }
}

void client_distrusts(struct lb_client *client)
{
    const struct lb_reply refused = {.result = LB_TLS_FAILED};
    client_give_up(client, &refused);
}

void client_connected(struct lb_client *client)
{
    const struct lb_reply unreachable = {.result = LB_UNREACHABLE};
    if (event_add(&client->readable, NULL) != 0) {
        client_lost(client, &unreachable);
    } else if (client->tls == NULL) {
        client_secured(client);
    } else if (!client_tls_begin(client->tls, client->fd)) {
        client_distrusts(client);
    } else {
        client_move(client, CLIENT_SECURING);
    }
}

void client_secured(struct lb_client *client)
{
    client_move(client, CLIENT_GREETING);
    client_make_hello(client);
    client->hello_sent_bytes = 0;
}

static void client_take_greeting(struct lb_client *client, const struct lb_frame *frame)
{
    Lovebank__V1__HelloResponse *hello =
        lovebank__v1__hello_response__unpack(NULL, frame->header.payload_bytes, frame->payload);
    struct lb_reply refused = {.result = LB_MALFORMED};
    if (hello != NULL) {
        refused.result = (int)hello->code;
        refused.numbers[0] = LB_PROTOCOL_VERSION;
        refused.numbers[1] = hello->protocol_version;
        client->token_result = (int)hello->token_code;
        client->in_flight_max =
            hello->inflight_max == 0 ? CLIENT_IN_FLIGHT_DEFAULT : hello->inflight_max;
        lovebank__v1__hello_response__free_unpacked(hello, NULL);
    }
    if (refused.result != LB_OK) {
        client_give_up(client, &refused);
        return;
    }
    (void)event_del(&client->timer);
    client_move(client, CLIENT_READY);
    client->was_connected = true;
    calls_rewind(client);
}

static struct lb_reply client_read_error(const struct lb_frame *frame)
{
    struct lb_frame_error error;
    struct lb_reply reply = {.result = LB_MALFORMED};
    if (lb_frame_error_decode(frame->payload, frame->header.payload_bytes, &error) == LB_OK &&
        error.result != LB_OK && error.result <= INT32_MAX) {
        reply.result = (int)error.result;
        for (uint32_t i = 0; i < error.number_count; i++) {
            reply.numbers[i] = (int64_t)error.numbers[i];
        }
    }
    return reply;
}

/* An error of the connection itself, or in place of a greeting. */
static void client_take_refusal(struct lb_client *client, const struct lb_reply *reply)
{
    if (lb_result_class(reply->result) == LB_CLASS_RETRYABLE) {
        client_lost(client, reply);
    } else {
        client_give_up(client, reply);
    }
}

static void client_take_answer(struct lb_client *client, const struct lb_frame *frame)
{
    struct lb_reply reply = {
        .result = LB_OK, .payload = frame->payload, .payload_bytes = frame->header.payload_bytes};
    if (frame->header.kind == LB_FRAME_ERROR) {
        reply = client_read_error(frame);
        if (frame->header.request_id == 0) {
            client_take_refusal(client, &reply);
            return;
        }
    }
    struct call *call = calls_find(client, frame->header.request_id, frame->header.method);
    if (call == NULL || reply.result == LB_SHUTTING_DOWN) {
        return; /* too late, or to be asked again on the next connection */
    }
    client->is_out = false;
    client->attempts = 0;
    call_end(call, &reply);
}

void client_take_frame(struct lb_client *client, const struct lb_frame *frame)
{
    const struct lb_reply malformed = {.result = LB_MALFORMED};
    if (frame->header.kind == LB_FRAME_REQUEST) {
        client_give_up(client, &malformed);
    } else if (client->state == CLIENT_READY) {
        client_take_answer(client, frame);
    } else if (frame->header.kind == LB_FRAME_ERROR) {
        const struct lb_reply reply = client_read_error(frame);
        client_take_refusal(client, &reply);
    } else if (frame->header.request_id == client->hello_id) {
        client_take_greeting(client, frame);
    } else {
        client_give_up(client, &malformed);
    }
}

static uint32_t client_or_default(uint32_t value, uint32_t fallback)
{
    return value == 0 ? fallback : value;
}

enum lb_result lb_client_new(struct event_base *base, const struct lb_client_config *config,
                             struct lb_client **out)
{
    *out = NULL;
    const char *address = config->address == NULL ? LB_CLIENT_ADDRESS_DEFAULT : config->address;
    const char *name = config->name == NULL ? CLIENT_NAME_DEFAULT : config->name;
    struct lb_client *client = calloc(1, sizeof(*client));
    if (client == NULL) {
        return LB_MEMORY;
    }
    if (!address_parse(address, &client->address) || strlen(name) >= sizeof(client->name)) {
        free(client);
        return LB_CONFIG_INVALID;
    }
    if (client->address.kind == ADDRESS_TLS) {
        client->tls = client_tls_new(config, client->address.place);
        if (client->tls == NULL) {
            free(client);
            return LB_MEMORY;
        }
    }
    memcpy(client->name, name, strlen(name) + 1);
    client->has_token = config->token != NULL;
    if (client->has_token) {
        memcpy(client->token, config->token, sizeof(client->token));
    }
    client->base = base;
    client->config = (struct lb_client_config){
        .connect_ms = client_or_default(config->connect_ms, 5000),
        .call_ms = client_or_default(config->call_ms, 60000),
        .patience_ms = client_or_default(config->patience_ms, 30000),
        .first_ms = client_or_default(config->first_ms, 1000),
        .pause_first_ms = client_or_default(config->pause_first_ms, 50),
        .pause_max_ms = client_or_default(config->pause_max_ms, 2000),
    };
    client->fd = -1;
    client->in_flight_max = CLIENT_IN_FLIGHT_DEFAULT;
    TAILQ_INIT(&client->calls);
    (void)evtimer_assign(&client->timer, base, client_on_timer, client);
    (void)evtimer_assign(&client->deadline, base, calls_on_deadline, client);
    (void)event_assign(&client->turn, base, -1, 0, stream_on_turn, client);
    LB_ASSERT(client_is_valid(client));
    *out = client;
    return LB_OK;
}

void lb_client_free(struct lb_client *client)
{
    if (client == NULL) {
        return;
    }
    const struct lb_reply closing = {.result = LB_SHUTTING_DOWN};
    client->is_closing = true;
    client_close_socket(client);
    calls_end_all(client, &closing);
    client_tls_free(client->tls);
    free(client->in);
    explicit_bzero(client->token, sizeof(client->token));
    explicit_bzero(client->hello, sizeof(client->hello));
    free(client);
}

const char *lb_client_trouble(const struct lb_client *client, bool chinese)
{
    return client->tls == NULL ? NULL : client_tls_text(client->tls, chinese);
}

int lb_client_token_result(const struct lb_client *client)
{
    return client->token_result;
}
