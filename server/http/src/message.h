/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Messages in the server's arena, packed and in JSON. Server's thread.
 */
#ifndef HTTP_SRC_MESSAGE_H
#define HTTP_SRC_MESSAGE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "json/json.h"

/* LB_OK, LB_MALFORMED with a problem in both languages, LB_MEMORY. */
LB_MUST_CHECK enum lb_result http_message_pack(const ProtobufCMessageDescriptor *descriptor,
                                               struct bytes json, struct arena *arena,
                                               struct bytes *packed,
                                               char problem[static JSON_PROBLEM_BYTES]);
/* NULL: memory is short (the arena is exhausted), or it is none of those messages. */
LB_MUST_CHECK ProtobufCMessage *http_message_unpack(const ProtobufCMessageDescriptor *descriptor,
                                                    struct bytes packed, struct arena *arena);
/* LB_OK, LB_INTERNAL: not such a message, LB_MEMORY. */
LB_MUST_CHECK enum lb_result http_message_print(const ProtobufCMessageDescriptor *descriptor,
                                                struct bytes packed, struct arena *arena,
                                                struct bytes *json);

#endif
