/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The JSON mapping of proto3, by the descriptors of protobuf-c: for HTTP. Fields by their JSON
 * names (lowerCamelCase) or their own, 64-bit numbers as strings, bytes as base64, enums by name or
 * number; what has its default value is left out. It knows no message, and no floating point: a
 * descriptor with such a field is a programmer's error. Not known either, for protobuf-c has them
 * not: `optional`, maps, the option json_name. Safe from any thread, one arena per thread.
 */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

#include <protobuf-c/protobuf-c.h>

/* Which field, which value and what is allowed; in both languages, "zh / en". It may quote what was
 * sent, shortened: for the sender, not for a log. */
#define JSON_PROBLEM_BYTES 512

/*
 * An object of text, in UTF-8, as a message in the arena, which needs the text no longer. null
 * means that the field is not there; a number may be a string, and one that is whole may have a
 * point or an exponent. LB_OK; LB_MALFORMED: not JSON, a field that the message does not have or
 * has twice, two of one oneof, a value that does not fit (problem says which, and is "" otherwise);
 * LB_MEMORY.
 *
 * Beside the arena the parsed text is on the heap during the call: itself, and up to 64 MiB for its
 * values, more of which are LB_MALFORMED. So it may show that the heap has no memory, for jansson
 * does not tell.
 */
LB_MUST_CHECK enum lb_result json_parse(struct bytes text,
                                        const ProtobufCMessageDescriptor *descriptor,
                                        struct arena *arena, ProtobufCMessage **message,
                                        char problem[static JSON_PROBLEM_BYTES]);

/* The message as JSON, without line breaks; *text is in the arena, of which it takes up to four
 * times its size, 1 KiB at least. What is not UTF-8 in a text becomes U+FFFD; a field that the
 * descriptor does not have is left out. LB_OK, LB_MEMORY. */
LB_MUST_CHECK enum lb_result json_print(const ProtobufCMessage *message, struct arena *arena,
                                        struct bytes *text);

#endif
