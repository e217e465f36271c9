/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Protobuf messages and bytes, for every message of proto/lovebank/v1: unpacking through an arena,
 * packing into it. Not the meaning of any message. Names protobuf-c's types, so only entry, wire
 * and rpc include it. Safe from any thread, one arena per thread.
 */
#ifndef ENTRY_MESSAGE_H
#define ENTRY_MESSAGE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/*
 * Unpacks a message of that kind into the arena; it lives, with all its texts, until the arena is
 * reset, and is never freed. LB_OK; LB_MALFORMED: not a message of that kind, or one of its texts
 * holds a NUL (protobuf-c would cut it there without a word); LB_MEMORY: the arena is exhausted.
 */
LB_MUST_CHECK enum lb_result entry_message_unpack(const ProtobufCMessageDescriptor *descriptor,
                                                  struct bytes packed, struct arena *arena,
                                                  ProtobufCMessage **message);

/* Packs into the arena: fields by rising number, the same message gives the same bytes.
 * LB_OK, LB_MEMORY. */
LB_MUST_CHECK enum lb_result entry_message_pack(const ProtobufCMessage *message,
                                                struct arena *arena, struct bytes *packed);

/* Looks through packed bytes without unpacking. LB_OK, or LB_MALFORMED as entry_message_unpack says
 * (enum and integer values are not judged further). */
LB_MUST_CHECK enum lb_result entry_message_scan(const ProtobufCMessageDescriptor *descriptor,
                                                struct bytes packed);

/* A text for a message: a copy with a NUL in the arena. The empty text when there is no room: then
 * the arena is exhausted, which its user checks once, at the end. */
char *entry_text_to_pb(struct arena *arena, struct bytes text);
/* A view of a text of a message, which lives as long as that. */
struct bytes entry_text_from_pb(const char *text);

#endif
