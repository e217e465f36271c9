/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The blocking session: a client with an event base of its own, turned until the answer is there.
 * One thread.
 */
#include "lovebank/client.h"

#include "base/assert.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* One request and, later, its answer. */
struct ticket {
    TAILQ_ENTRY(ticket) link;
    struct lb_session *session;
    bool is_done;
    struct lb_reply reply; /* payload is a copy */
    uint8_t *payload;
};
TAILQ_HEAD(ticket_queue, ticket);

struct lb_session {
    struct event_base *base;
    struct lb_client *client;
    struct ticket_queue submitted; /* in order */
    size_t submitted_count;
    int64_t numbers[LB_FRAME_ERROR_NUMBERS_MAX];
};

enum lb_result lb_session_open(const struct lb_client_config *config, struct lb_session **out)
{
    enum lb_result result = LB_MEMORY;
    *out = NULL;
    struct lb_session *session = calloc(1, sizeof(*session));
    if (session == NULL) {
        return LB_MEMORY;
    }
    TAILQ_INIT(&session->submitted);
    session->base = event_base_new();
    if (session->base == NULL) {
        goto free_session;
    }
    result = lb_client_new(session->base, config, &session->client);
    if (result != LB_OK) {
        goto free_base;
    }
    *out = session;
    return LB_OK;

free_base:
    event_base_free(session->base);
free_session:
    free(session);
    return result;
}

static void ticket_free(struct ticket *ticket)
{
    free(ticket->payload);
    free(ticket);
}

void lb_session_close(struct lb_session *session)
{
    if (session == NULL) {
        return;
    }
    lb_client_free(session->client); /* ends the calls, so every ticket is done */
    while (!TAILQ_EMPTY(&session->submitted)) {
        struct ticket *ticket = TAILQ_FIRST(&session->submitted);
        TAILQ_REMOVE(&session->submitted, ticket, link);
        ticket_free(ticket);
    }
    event_base_free(session->base);
    free(session);
}

static void ticket_on_done(void *context, const struct lb_reply *reply)
{
    struct ticket *ticket = context;
    ticket->is_done = true;
    ticket->reply = *reply;
    ticket->reply.payload = NULL;
    if (reply->result == LB_OK && reply->payload_bytes > 0) {
        ticket->payload = malloc(reply->payload_bytes);
        if (ticket->payload == NULL) {
            ticket->reply.result = LB_MEMORY;
            return;
        }
        memcpy(ticket->payload, reply->payload, reply->payload_bytes);
    }
}

/* Failures before a request went out have no numbers, but for one. */
static int session_fail(struct lb_session *session, int result, const ProtobufCMessage *request)
{
    memset(session->numbers, 0, sizeof(session->numbers));
    if (result == LB_FRAME_TOO_LARGE) {
        session->numbers[0] = (int64_t)protobuf_c_message_get_packed_size(request);
        session->numbers[1] = LB_FRAME_PAYLOAD_BYTES_MAX;
    }
    return result;
}

static int session_start(struct lb_session *session, enum lb_method method,
                         const ProtobufCMessage *request, struct ticket **out)
{
    struct ticket *ticket = calloc(1, sizeof(*ticket));
    if (ticket == NULL) {
        return session_fail(session, LB_MEMORY, request);
    }
    ticket->session = session;
    enum lb_result result =
        lb_client_call_message(session->client, (uint16_t)method, request, ticket_on_done, ticket);
    if (result != LB_OK) {
        ticket_free(ticket);
        return session_fail(session, (int)result, request);
    }
    *out = ticket;
    return LB_OK;
}

static int session_finish(struct lb_session *session, struct ticket *ticket,
                          const ProtobufCMessageDescriptor *response_type,
                          ProtobufCMessage **response)
{
    while (!ticket->is_done) {
        int turned = event_base_loop(session->base, EVLOOP_ONCE);
        LB_ASSERT(turned == 0); /* a call that waits has a timer at least */
    }
    int result = ticket->reply.result;
    memcpy(session->numbers, ticket->reply.numbers, sizeof(session->numbers));
    if (result == LB_OK) {
        *response = protobuf_c_message_unpack(response_type, NULL, ticket->reply.payload_bytes,
                                              ticket->payload);
        result = *response == NULL ? LB_MALFORMED : LB_OK;
    }
    ticket_free(ticket);
    return result;
}

int lb_session_call(struct lb_session *session, enum lb_method method,
                    const ProtobufCMessage *request,
                    const ProtobufCMessageDescriptor *response_type, ProtobufCMessage **response)
{
    struct ticket *ticket = NULL;
    *response = NULL;
    int result = session_start(session, method, request, &ticket);
    return result != LB_OK ? result : session_finish(session, ticket, response_type, response);
}

int lb_session_submit(struct lb_session *session, enum lb_method method,
                      const ProtobufCMessage *request)
{
    struct ticket *ticket = NULL;
    int result = session_start(session, method, request, &ticket);
    if (result == LB_OK) {
        TAILQ_INSERT_TAIL(&session->submitted, ticket, link);
        session->submitted_count++;
    }
    return result;
}

int lb_session_next(struct lb_session *session, const ProtobufCMessageDescriptor *response_type,
                    ProtobufCMessage **response)
{
    *response = NULL;
    struct ticket *ticket = TAILQ_FIRST(&session->submitted);
    LB_ASSERT(ticket != NULL);
    TAILQ_REMOVE(&session->submitted, ticket, link);
    session->submitted_count--;
    return session_finish(session, ticket, response_type, response);
}

size_t lb_session_submitted_count(const struct lb_session *session)
{
    return session->submitted_count;
}

const char *lb_session_trouble(const struct lb_session *session, bool chinese)
{
    return lb_client_trouble(session->client, chinese);
}

const int64_t *lb_session_numbers(const struct lb_session *session)
{
    return session->numbers;
}

int lb_session_token_result(const struct lb_session *session)
{
    return lb_client_token_result(session->client);
}
