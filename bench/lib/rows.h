/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a service entry is made of, in bytes, so that the programs of bench/ move as many as the
 * server does. Messages are those that `lovebank bench` sends and gets (strace shows them); rows
 * are those of docs/storage-format.md, without LMDB's checksum of 8 bytes a value.
 */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

/* Messages: a frame's header, then so many bytes for each command or result. */
#define FRAME_HEADER_BYTES    16
#define RECORD_REQUEST_BYTES  41
#define RECORD_REPLY_BYTES    43
#define BALANCE_REQUEST_BYTES 7
#define BALANCE_REPLY_BYTES   71

/* Rows that one service entry writes, keys and values. The issuer's two balances and the head are
 * written once a group; of tiles, each entry fills a 256th of a row of level 0. */
#define ENTRY_KEY_BYTES         8
#define ENTRY_VALUE_BYTES       186
#define REQUEST_KEY_BYTES       16
#define REQUEST_VALUE_BYTES     8
#define BALANCE_KEY_BYTES       22
#define BALANCE_VALUE_BYTES     8
#define BALANCES_A_MEMBER       2
#define SERVICE_DAY_KEY_BYTES   20
#define SERVICE_DAY_VALUE_BYTES 8
#define YEAR_TOTAL_KEY_BYTES    12
#define YEAR_TOTAL_VALUE_BYTES  36
#define MEMBER_KEY_BYTES        8
#define MEMBER_VALUE_BYTES      69
#define HEAD_KEY_BYTES          4
#define HEAD_VALUE_BYTES        320
#define TILE_KEY_BYTES          9
#define TILE_LEAVES             256
#define TILE_VALUE_BYTES        (32 * TILE_LEAVES)
#define CHECKSUM_BYTES          8

/* The same as the journal holds it, each row with its table and lengths before it. With the group's
 * own rows the server writes 509 bytes an entry in batches of 1,000 (strace -e pwritev). */
#define JOURNAL_ROW_HEAD_BYTES 6
#define JOURNAL_ENTRY_BYTES                                                                 \
    (7 * JOURNAL_ROW_HEAD_BYTES + ENTRY_KEY_BYTES + ENTRY_VALUE_BYTES + REQUEST_KEY_BYTES + \
     REQUEST_VALUE_BYTES + BALANCES_A_MEMBER * (BALANCE_KEY_BYTES + BALANCE_VALUE_BYTES) +  \
     SERVICE_DAY_KEY_BYTES + SERVICE_DAY_VALUE_BYTES + YEAR_TOTAL_KEY_BYTES +               \
     YEAR_TOTAL_VALUE_BYTES + MEMBER_KEY_BYTES + MEMBER_VALUE_BYTES +                       \
     TILE_VALUE_BYTES / TILE_LEAVES)

#endif
