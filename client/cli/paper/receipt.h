/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A receipt as text: what a member takes home from a counter or desk, and the line of a paper
 * passbook (存折). It knows neither server nor printer: receipt_view.h fills it in, printer.h takes
 * it away. Pure; safe from any thread.
 */
#ifndef CLI_RECEIPT_H
#define CLI_RECEIPT_H

#include "proof_code.h"

#include "lovebank/limits.h"

#include <stddef.h>
#include <stdint.h>

#define RECEIPT_BYTES_MAX        32768 /* 32 lines of the longest names on the narrowest paper */
#define RECEIPT_LOTS_MAX         3
#define RECEIPT_TIME_BYTES       17 /* "2016-05-01 08:30" and NUL */
#define RECEIPT_PASSBOOK_COLUMNS 80

/* Columns of the two common papers. */
#define RECEIPT_COLUMNS_58_MM 32
#define RECEIPT_COLUMNS_80_MM 48

struct receipt_line {
    const char *name;
    const char *unit; /* "袋"; "" when there is none */
    int64_t quantity;
    int64_t price_centi; /* of one */
};

/* Points that can be spent up to a day. */
struct receipt_lot {
    int32_t day;
    int64_t points_centi;
};

/* Texts are never NULL: "" is left out. They must outlive the receipt. */
struct receipt {
    bool is_chinese;
    bool is_reprint;
    const char *org;
    const char *place;             /* the counter */
    const char *act;               /* "兑换商品" */
    const char *what;              /* the kind of service, or what a reversal is about */
    char when[RECEIPT_TIME_BYTES]; /* recorded, in the book's zone */
    char day[11];                  /* the business day */
    uint32_t desk;                 /* 0: not said */
    const char *name;              /* masked */
    uint64_t member;
    uint64_t card; /* 0: none; only its last 4 digits are shown */
    struct receipt_line lines[LB_COMMAND_LINES_MAX];
    size_t line_count;
    int64_t minutes;      /* what it changed for the member */
    int64_t points_centi; /* likewise */
    int64_t balance_centi;
    int64_t held_centi;
    int64_t debt_centi;    /* owed; what is earned next settles it */
    int64_t expired_centi; /* of the balance: past their last day; 0 also when it is not known */
    struct receipt_lot lots[RECEIPT_LOTS_MAX]; /* next to expire */
    size_t lot_count;
    uint64_t entry;
    uint64_t reversed_by; /* 0: it stands */
    char code[PROOF_CODE_BYTES];
};

/* The receipt on paper of so many columns, with some empty lines to tear it off. */
void receipt_format(const struct receipt *receipt, size_t columns, char text[RECEIPT_BYTES_MAX]);
/* One line of at most RECEIPT_PASSBOOK_COLUMNS columns, unless its numbers alone are wider, with
 * its line end: date, content, hours, points, balance, entry, proof code. */
void receipt_format_passbook(const struct receipt *receipt, char text[RECEIPT_BYTES_MAX]);

#endif
