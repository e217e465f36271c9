/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What can be told of a packed entry without unpacking it. Pure.
 */
#include "entry/codec.h"
#include "entry/unpacker.h"
#include "lovebank/v1/commands.pb-c.h"

/* Of message Entry, as test_entry_codec checks on entries of each kind. */
#define ENTRY_COMMAND           5
#define ENTRY_PERSON_COMMITMENT 19

/* true also for bytes that are no command. */
static bool peek_erases(struct bytes command)
{
    struct unpacker in = {.left = command};
    while (unpacker_has_more(&in)) {
        const uint64_t key = unpacker_varint(&in);
        if (key >> 3 == LOVEBANK__V1__COMMAND__ACT_MEMBER_ERASE) {
            return true;
        }
        unpacker_skip(&in, key);
    }
    return in.bad;
}

bool entry_may_change_person(struct bytes packed)
{
    struct unpacker in = {.left = packed};
    while (unpacker_has_more(&in)) {
        const uint64_t key = unpacker_varint(&in);
        if (key == UNPACKER_KEY(ENTRY_COMMAND, UNPACKER_LENGTH)) {
            if (peek_erases(unpacker_bytes(&in))) {
                return true;
            }
        } else if (key >> 3 == ENTRY_PERSON_COMMITMENT) {
            return true;
        } else {
            unpacker_skip(&in, key);
        }
    }
    return in.bad;
}
