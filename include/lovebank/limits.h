/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Every limit that client and server share, with its unit, and how they depend on each other.
 * Pure data; safe from any thread.
 */
#ifndef LOVEBANK_LIMITS_H
#define LOVEBANK_LIMITS_H

#include <stdint.h>

/* Wire: one frame is a 16-byte header and a payload. */
#define LB_PROTOCOL_VERSION        1
#define LB_FRAME_HEADER_BYTES      16
#define LB_FRAME_PAYLOAD_BYTES_MAX (4u << 20)

/* One write request. 8,190 commands: what the largest rival takes in one batch. */
#define LB_BATCH_COMMANDS_MAX 8190
/* Lines of one command: goods of a redemption or delivery, classes of a member. */
#define LB_COMMAND_LINES_MAX 32
/* Postings of one entry: each line may touch several lots on both sides. */
#define LB_ENTRY_POSTINGS_MAX 512
/* A stored entry, packed. */
#define LB_ENTRY_BYTES_MAX (64u << 10)
/* Rows of one answer page. */
#define LB_PAGE_ROWS_MAX 1000

/* Texts, in bytes of UTF-8 (a Chinese character has 3). */
#define LB_NAME_BYTES_MAX    192
#define LB_MEMO_BYTES_MAX    1024
#define LB_CONTACT_BYTES_MAX 192

/* Numbers. */
#define LB_MEMBER_MAX          UINT64_C(99999999)     /* 8 digits */
#define LB_CARD_MAX            UINT64_C(9999999999)   /* 10 digits, the last a check digit */
#define LB_ORG_MAX             UINT64_C(999999999999) /* 12 digits, as the statistics office codes */
#define LB_CODE_MAX            UINT32_C(999999)       /* class, category, item, counter */
#define LB_QUANTITY_MAX        INT64_C(1000000)       /* units of an item in one line */
#define LB_POINTS_CENTI_MAX    INT64_C(100000000000)  /* 10^9 points in one amount */
#define LB_DAY_MINUTES         1440
#define LB_OPENING_MINUTES_MAX UINT32_C(10000000) /* a passbook may give one sum of many years */

/* Who acts. */
#define LB_PRINCIPAL_MAX       UINT32_C(99999999)
#define LB_PRINCIPAL_ROLES_MAX 16
#define LB_LOGIN_BYTES_MIN     2
#define LB_LOGIN_BYTES_MAX     32
#define LB_TOKEN_BYTES         32 /* of a device or a session: random */
#define LB_PASSWORD_CHARS_MIN  10
#define LB_PASSWORD_CHARS_MAX  128
#define LB_VERIFIER_BYTES_MAX  128 /* of a credential */
#define LB_PROPOSAL_DAYS_MAX   365

#define LB_REQUEST_ID_BYTES 16
#define LB_HASH_BYTES       32

_Static_assert(LB_ENTRY_BYTES_MAX < LB_FRAME_PAYLOAD_BYTES_MAX, "an entry fits in a frame");
_Static_assert(LB_COMMAND_LINES_MAX * 8 < LB_ENTRY_POSTINGS_MAX, "lines leave room for lots");

#endif
