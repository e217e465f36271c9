/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member's account over a period of business days, worked out from the entries alone and held
 * against the server's tallies. Neither asks the server nor prints. One thread.
 */
#ifndef CLI_STATEMENT_H
#define CLI_STATEMENT_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

/* What a member has, or how it changes. */
struct statement_sums {
    int64_t points_centi; /* spendable and not, without what is held */
    int64_t held_centi;
    int64_t debt_centi; /* zero or below, as the book has it */
    int64_t minutes;
};

/* An entry within the period that posts to the member's accounts. */
struct statement_line {
    int32_t day;
    uint64_t number;
    const char *what;
    const char *note;
    struct statement_sums change;
    struct statement_line *next;
};

/* Points by the last day to spend them on. */
struct statement_lot {
    uint64_t lot; /* as in PointLot */
    int64_t points_centi;
    struct statement_lot *next;
};

/* Lines and lots are in memory of the arena. */
struct statement {
    struct cli *cli;
    uint64_t member;
    int32_t from_day;
    int32_t to_day;
    struct statement_sums opening; /* of the days before from_day */
    struct statement_sums closing; /* of the days up to to_day */
    struct statement_sums all;
    struct statement_line *lines; /* by day, then by number */
    struct statement_lot *lots;   /* at the end of to_day, rising */
};

/* Takes every entry of the member, newest first. Refusals change nothing. false: a sum is beyond
 * 64 bits. */
LB_MUST_CHECK bool statement_add(struct statement *statement,
                                 const Lovebank__V1__StoredEntry *stored,
                                 const Lovebank__V1__Entry *entry);
/* The changes before the period, in it, and after it add up to what the server says the member has;
 * the lines lead from the opening to the closing, and the lots to the closing. */
LB_MUST_CHECK bool statement_adds_up(const struct statement *statement,
                                     const Lovebank__V1__Balances *balances);

#endif
