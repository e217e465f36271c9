/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Calls that tell how long they take. One thread.
 */
#include "till_link.h"

#include <event2/event.h>
#include <string.h>

/* Someone stands at the counter: what has no answer by then is shown, and asked again on Enter. */
#define TILL_PATIENCE_MS 10000

struct till_call {
    struct till_link *link;
    const ProtobufCMessageDescriptor *response_type;
    bool is_done;
    int result;
    ProtobufCMessage *response;
};

static void till_link_on_tick(evutil_socket_t fd, short what, void *context)
{
    struct till_link *link = context;
    (void)fd;
    (void)what;
    link->waited_s++;
    if (link->on_wait != NULL) {
        link->on_wait(link->context, link->waited_s);
    }
}

bool till_link_open(struct cli *cli, struct till_link *link, enum cli_exit *exit)
{
    struct lb_client_config config = {
        .name = "lovebank-till/" LB_VERSION,
        .call_ms = TILL_PATIENCE_MS,
        .patience_ms = TILL_PATIENCE_MS,
    };
    *link = (struct till_link){.cli = cli};
    if (!cli_configure(cli, &config, exit)) {
        return false;
    }
    link->base = event_base_new();
    link->tick =
        link->base == NULL ? NULL : event_new(link->base, -1, EV_PERSIST, till_link_on_tick, link);
    enum lb_result result =
        link->tick == NULL ? LB_MEMORY : lb_client_new(link->base, &config, &link->client);
    if (result == LB_OK) {
        return true;
    }
    *exit = cli_fail(cli, (int)result, NULL, cli->address);
    till_link_close(link);
    return false;
}

void till_link_close(struct till_link *link)
{
    lb_client_free(link->client);
    if (link->tick != NULL) {
        event_free(link->tick);
    }
    if (link->base != NULL) {
        event_base_free(link->base);
    }
    *link = (struct till_link){0};
}

static void till_link_on_done(void *context, const struct lb_reply *reply)
{
    struct till_call *call = context;
    memcpy(call->link->numbers, reply->numbers, sizeof(call->link->numbers));
    call->is_done = true;
    call->result = reply->result;
    if (reply->result == LB_OK) {
        call->response = protobuf_c_message_unpack(call->response_type, NULL, reply->payload_bytes,
                                                   reply->payload);
        call->result = call->response == NULL ? LB_MALFORMED : LB_OK;
    }
}

int till_link_call(struct till_link *link, enum lb_method method, const ProtobufCMessage *request,
                   const ProtobufCMessageDescriptor *response_type, ProtobufCMessage **response)
{
    static const struct timeval second = {.tv_sec = 1};
    struct till_call call = {.link = link, .response_type = response_type};
    *response = NULL;
    memset(link->numbers, 0, sizeof(link->numbers));
    enum lb_result result = lb_client_call_message(
        link->client, (uint16_t)method, cli_request(link->cli, request), till_link_on_done, &call);
    if (result != LB_OK) {
        return (int)result;
    }
    link->waited_s = 0;
    (void)event_add(link->tick, &second);
    while (!call.is_done && event_base_loop(link->base, EVLOOP_ONCE) == 0) {
    }
    (void)event_del(link->tick);
    *response = call.response;
    return call.is_done ? call.result : LB_INTERNAL;
}
