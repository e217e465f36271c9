/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Payloads of requests and responses. The write method has domain structs of its own
 * (wire/write.h); the handler of a query reads and fills the generated messages themselves, with
 *   wire_unpack, wire_pack                                    here
 *   texts and views of them                                   entry/message.h
 *   member and entry references, persons, tariffs, items      entry/command_codec.h
 *   balances, earnings, priced lines                          entry/amounts_codec.h
 * Not the frame around a payload, and not JSON. Safe from any thread, one arena per thread.
 */
#ifndef WIRE_PAYLOAD_H
#define WIRE_PAYLOAD_H

#include "bank/entry.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

#include <protobuf-c/protobuf-c.h>

/*
 * Enough for whatever fits into one frame and is meant well: a full batch of the largest commands
 * and its answer take three quarters (a test measures it), the engine's results the rest. What
 * needs more answers LB_MEMORY.
 */
#define WIRE_ARENA_BYTES_MAX (64u << 20)

/* The verdict is LB_OK; LB_MALFORMED, with the message's name; or LB_MEMORY. The message lives in
 * the arena. Enum numbers are not judged: a handler reads them by name. */
LB_MUST_CHECK struct verdict wire_unpack(const ProtobufCMessageDescriptor *descriptor,
                                         struct bytes payload, struct arena *arena,
                                         ProtobufCMessage **message);

/* LB_OK; LB_MEMORY, also when the arena was exhausted while the message was filled; or
 * LB_FRAME_TOO_LARGE with the size and the cap: then the answer must be asked for in pages. */
LB_MUST_CHECK struct verdict wire_pack(const ProtobufCMessage *message, struct arena *arena,
                                       struct bytes *payload);

#endif
