/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till: what the counter's terminal knows and does, as a state machine. A key or an answer of
 * the server goes in; the new state and at most one request come out. It does no input or output:
 * till_screen.h shows the state, till_server.h carries requests out, command_till.c is the loop.
 *
 * Everything ends with Enter, so that a scanner and a person use the same line: 10 digits are a
 * card, 8 or more a barcode, up to 6 an item number, "3*" is a quantity, one letter a command, two
 * or more pinyin initials, Chinese a part of a name.
 *
 * Pure; one thread.
 */
#ifndef CLI_TILL_H
#define CLI_TILL_H

#include "base/arena.h"
#include "lovebank/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TILL_SCANS_MAX     64
#define TILL_HELD_MAX      9
#define TILL_PICKS_MAX     9
#define TILL_QUEUE_MAX     16
#define TILL_QUANTITY_MAX  999
#define TILL_EARLIER_MAX   2
#define TILL_NAME_BYTES    (LB_NAME_BYTES_MAX + 1)
#define TILL_INPUT_BYTES   256
#define TILL_MESSAGE_BYTES 1024
#define TILL_DAY_PAGE_ROWS 14

/* What can be scanned. Texts live as long as the catalogue. */
struct till_goods {
    uint32_t item;
    bool is_service;
    uint64_t barcode; /* 0: none */
    int64_t price_centi;
    const char *name;
    const char *unit;
    const char *key;      /* the name folded (text/text.h) */
    const char *initials; /* "dm" of 大米 */
};

struct till_catalogue {
    const struct till_goods *goods;
    size_t count;
};

/* An earlier redemption of the same day. */
struct till_earlier {
    uint64_t entry;
    int64_t points_centi; /* below zero */
    char what[TILL_NAME_BYTES];
};

struct till_member {
    uint64_t card; /* 0: nobody */
    uint64_t member;
    char name[TILL_NAME_BYTES]; /* masked */
    int64_t points_centi;       /* that can be spent today */
    int64_t expired_centi;      /* of the balance besides: past their last day */
    int64_t debt_centi;
    int64_t lot_centi; /* that expire next; 0: none do */
    int32_t lot_day;
    struct till_earlier earlier[TILL_EARLIER_MAX]; /* newest first */
    size_t earlier_count;                          /* may be more than are kept */
};

struct till_scan {
    uint32_t item;
    int64_t quantity;
};

struct till_basket {
    struct till_member member;
    struct till_scan scans[TILL_SCANS_MAX]; /* oldest first */
    size_t scan_count;
};

/* One entry of the counter's day. Texts live until the next answer that is not of PRINT. */
struct till_row {
    uint64_t entry;
    uint64_t reversed_by;  /* 0: it stands */
    uint64_t target_entry; /* of a reversal */
    uint64_t member;       /* 0: about nobody */
    bool is_redemption;
    bool is_refused; /* or not entered yet, when it waits */
    bool is_waiting; /* for a second person, or it waited once */
    uint32_t minute; /* of the day, when it was recorded */
    int64_t points_centi;
    const char *name; /* masked, or "" */
    const char *what;
    const struct till_scan *lines;
    size_t line_count;
};

/* Counted as `lovebank report` does: an entry that was reversed never happened. */
struct till_totals {
    uint64_t redemptions; /* person-times */
    uint64_t persons;
    int64_t points_centi;    /* spent */
    struct till_scan *goods; /* by item */
    size_t goods_count;
};

struct till_day {
    const struct till_row *rows; /* newest first */
    size_t row_count;
    struct till_totals totals;
};

enum till_mode {
    TILL_SELL,
    TILL_PICK,      /* several goods have what was typed in their names */
    TILL_RECALL,    /* which of the baskets held */
    TILL_REASON,    /* why an entry is undone */
    TILL_DAY,       /* the list of the day */
    TILL_UNSETTLED, /* a command has no answer yet: nothing else is booked */
};

/* What was asked for once; the second time does it. */
enum till_sure { TILL_UNSURE, TILL_SURE_TO_CLEAR, TILL_SURE_TO_QUIT };

enum till_tone { TILL_QUIET, TILL_GOOD, TILL_BAD };

enum till_want {
    TILL_NOTHING,
    TILL_WANT_CATALOGUE,
    TILL_WANT_MEMBER, /* of request.card */
    TILL_WANT_BOOK,   /* the basket */
    TILL_WANT_LAST,   /* the newest redemption of the day that stands */
    TILL_WANT_UNDO,   /* request.entry, for the reason in till.reason */
    TILL_WANT_DAY,
    TILL_WANT_SETTLE, /* the command without an answer, once more, under its own id */
    TILL_WANT_PRINT,  /* request.entry */
    TILL_WANT_QUIT,
};

struct till_request {
    enum till_want want;
    uint64_t card;
    uint64_t entry;
    bool is_original;
};

/* How a request ended. Pointers are NULL when there is nothing; they live until the next answer. */
struct till_answer {
    enum till_want to;
    bool is_done;      /* else `sentence` says why not */
    bool is_unsettled; /* of BOOK, UNDO, SETTLE: nobody knows whether it happened */
    bool is_waiting;   /* likewise: not entered, until a second person confirms proposal `entry` */
    bool is_reversal;  /* of SETTLE: what the command was */
    const char *sentence;
    uint64_t entry;
    int64_t total_centi;
    int64_t balance_centi;
    const struct till_member *member; /* of MEMBER; of BOOK, UNDO and SETTLE who it was */
    const struct till_row *row;       /* of LAST */
    const struct till_day *day;
    const struct till_catalogue *catalogue;
};

enum till_key_kind {
    TILL_KEY_CHARACTER,
    TILL_KEY_ENTER,
    TILL_KEY_ESCAPE,
    TILL_KEY_BACKSPACE,
    TILL_KEY_UP,
    TILL_KEY_DOWN,
    TILL_KEY_PAGE_UP,
    TILL_KEY_PAGE_DOWN,
};

struct till_key {
    enum till_key_kind kind;
    char text[5]; /* of a character, UTF-8 */
};

/* Invariant: the counts are within their arrays; input is UTF-8. */
struct till {
    bool is_chinese;
    bool has_printer;
    const char *counter_name;
    const char *org_name;
    uint32_t desk;
    struct till_catalogue catalogue;
    enum till_mode mode;
    char input[TILL_INPUT_BYTES];
    int64_t quantity; /* of the next scan; 0: not set */
    struct till_basket basket;
    bool is_booked; /* the basket shown is entered: the next scan begins a new one */
    struct till_basket held[TILL_HELD_MAX];
    size_t held_count;
    uint32_t picks[TILL_PICKS_MAX];
    size_t pick_count;
    uint64_t last_entry;  /* booked here; 0: none yet */
    struct till_row undo; /* what TILL_REASON is about; texts below */
    char undo_name[TILL_NAME_BYTES];
    char undo_what[TILL_NAME_BYTES];
    char reason[TILL_INPUT_BYTES];
    struct till_day day;
    size_t day_at;       /* the row chosen */
    bool is_for_reprint; /* TILL_WANT_LAST: to print it, not to undo it */
    bool has_reloaded;   /* the catalogue, for the line in `input_again` */
    char input_again[TILL_INPUT_BYTES];
    char queue[TILL_QUEUE_MAX][TILL_INPUT_BYTES]; /* lines that came while unsettled */
    size_t queue_count;
    bool is_stopped; /* a card was not taken: no goods go to the one before until a key says so */
    enum till_sure sure;
    bool rings; /* the bell, once; the loop takes it back */
    enum till_tone tone;
    char message[TILL_MESSAGE_BYTES];
    struct arena *scratch; /* for folding what was typed */
};

/* The caller sets is_chinese to desk and scratch, and calls this. */
void till_init(struct till *till);
struct till_request till_press(struct till *till, const struct till_key *key);
struct till_request till_take(struct till *till, const struct till_answer *answer);
/* The next line that came while unsettled; nothing when there is none or it must still wait. */
struct till_request till_next(struct till *till);

/* A line as if it were typed and Enter pressed. */
struct till_request till_line(struct till *till, const char *line);

const struct till_goods *till_find_item(const struct till *till, uint32_t item);
/* The basket's scans with each item once, at most LB_COMMAND_LINES_MAX of them. */
size_t till_lines(const struct till_basket *basket,
                  struct till_scan lines[static LB_COMMAND_LINES_MAX]);
/* What the basket costs; false: more than can be counted. */
bool till_total(const struct till *till, int64_t *total_centi);

/* For the parts of the till. */
/* Somebody or something is at hand that is not entered yet. */
bool till_is_open(const struct till *till);
/* 0: the newest of the day. */
struct till_request till_reprint(struct till *till, uint64_t entry);
/* A card that was shown is not taken. Whoever is at hand is not meant: without goods they are sent
 * away, with goods nothing more is added. */
void till_stop(struct till *till);
void till_tell(struct till *till, enum till_tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define TILL_TEXT(till, zh, en) ((till)->is_chinese ? (zh) : (en))

#endif
