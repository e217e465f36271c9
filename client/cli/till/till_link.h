/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's connection: one call at a time over the asynchronous client, so that the screen can
 * say each second that it still waits. One thread.
 */
#ifndef CLI_TILL_LINK_H
#define CLI_TILL_LINK_H

#include "cli.h"

struct event;
struct event_base;

/* How long an answer has been waited for, in seconds from 1. */
typedef void till_link_wait_fn(void *context, unsigned seconds);

struct till_link {
    struct cli *cli;
    struct event_base *base;
    struct event *tick;
    struct lb_client *client;
    till_link_wait_fn *on_wait; /* or NULL */
    void *context;
    unsigned waited_s;
    int64_t numbers[3]; /* of the last failure */
};

/* What is wrong is told. */
LB_MUST_CHECK bool till_link_open(struct cli *cli, struct till_link *link, enum cli_exit *exit);
void till_link_close(struct till_link *link);
/* As lb_session_call. */
LB_MUST_CHECK int till_link_call(struct till_link *link, enum lb_method method,
                                 const ProtobufCMessage *request,
                                 const ProtobufCMessageDescriptor *response_type,
                                 ProtobufCMessage **response);

#endif
