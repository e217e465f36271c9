/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member's account over a period. One thread.
 */
#include "statement.h"

#include "entry_view.h"

#include "base/checked.h"

/* Where a posting counts; NULL: in none of a member's accounts. */
static int64_t *statement_sum_of(struct statement_sums *sums, const Lovebank__V1__Posting *posting)
{
    const bool is_member = posting->account == LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_MEMBER;
    if (posting->asset == LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES) {
        return is_member ? &sums->minutes : NULL;
    }
    if (posting->asset != LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS) {
        return NULL;
    }
    if (posting->account == LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_HELD) {
        return &sums->held_centi;
    }
    if (posting->account == LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_DEBT) {
        return &sums->debt_centi;
    }
    return is_member ? &sums->points_centi : NULL;
}

static bool statement_sums_add(struct statement_sums *sums, const struct statement_sums *change)
{
    return checked_add_i64(sums->points_centi, change->points_centi, &sums->points_centi) &&
           checked_add_i64(sums->held_centi, change->held_centi, &sums->held_centi) &&
           checked_add_i64(sums->debt_centi, change->debt_centi, &sums->debt_centi) &&
           checked_add_i64(sums->minutes, change->minutes, &sums->minutes);
}

static bool statement_sums_equal(const struct statement_sums *a, const struct statement_sums *b)
{
    return a->points_centi == b->points_centi && a->held_centi == b->held_centi &&
           a->debt_centi == b->debt_centi && a->minutes == b->minutes;
}

static bool statement_lots_add(struct statement *statement, uint64_t lot, int64_t points_centi)
{
    struct statement_lot **at = &statement->lots;
    while (*at != NULL && (*at)->lot < lot) {
        at = &(*at)->next;
    }
    if (*at == NULL || (*at)->lot != lot) {
        struct statement_lot *made = cli_take(statement->cli, 1, sizeof(*made));
        *made = (struct statement_lot){.lot = lot, .next = *at};
        *at = made;
    }
    return checked_add_i64((*at)->points_centi, points_centi, &(*at)->points_centi);
}

/* Entries come newest first, so the place is near the front unless days were entered late. */
static void statement_lines_add(struct statement *statement, const struct statement_line *line)
{
    struct statement_line **at = &statement->lines;
    while (*at != NULL &&
           ((*at)->day < line->day || ((*at)->day == line->day && (*at)->number < line->number))) {
        at = &(*at)->next;
    }
    struct statement_line *made = cli_take(statement->cli, 1, sizeof(*made));
    *made = *line;
    made->next = *at;
    *at = made;
}

/* Its postings to the member's accounts, and the lots of them that are closed in. */
static bool statement_postings(struct statement *statement, const Lovebank__V1__Entry *entry,
                               struct statement_sums *change, bool *is_about)
{
    for (size_t i = 0; i < entry->n_postings; i++) {
        const Lovebank__V1__Posting *posting = entry->postings[i];
        int64_t *sum =
            posting->owner == statement->member ? statement_sum_of(change, posting) : NULL;
        if (sum == NULL) {
            continue;
        }
        *is_about = true;
        if (!checked_add_i64(*sum, posting->amount, sum) ||
            (sum == &change->points_centi && entry->day <= statement->to_day &&
             !statement_lots_add(statement, posting->lot, posting->amount))) {
            return false;
        }
    }
    return true;
}

bool statement_add(struct statement *statement, const Lovebank__V1__StoredEntry *stored,
                   const Lovebank__V1__Entry *entry)
{
    struct statement_line line = {.day = entry->day, .number = entry->number};
    bool is_about = false;
    if (!statement_postings(statement, entry, &line.change, &is_about) ||
        !statement_sums_add(&statement->all, &line.change)) {
        return false;
    }
    if (!is_about || entry->day > statement->to_day) {
        return true;
    }
    if (entry->day < statement->from_day &&
        !statement_sums_add(&statement->opening, &line.change)) {
        return false;
    }
    if (entry->day >= statement->from_day) {
        line.what = entry_view_what(statement->cli, entry);
        line.note = entry_view_note(statement->cli, stored, entry);
        statement_lines_add(statement, &line);
    }
    return statement_sums_add(&statement->closing, &line.change);
}

bool statement_adds_up(const struct statement *statement, const Lovebank__V1__Balances *balances)
{
    const struct statement_sums now = {balances->points_centi, balances->held_centi,
                                       -balances->debt_centi, balances->minutes};
    struct statement_sums sums = statement->opening;
    int64_t lots_centi = 0;
    for (const struct statement_line *line = statement->lines; line != NULL; line = line->next) {
        if (!statement_sums_add(&sums, &line->change)) {
            return false;
        }
    }
    for (const struct statement_lot *lot = statement->lots; lot != NULL; lot = lot->next) {
        if (!checked_add_i64(lots_centi, lot->points_centi, &lots_centi)) {
            return false;
        }
    }
    return statement_sums_equal(&sums, &statement->closing) &&
           statement_sums_equal(&statement->all, &now) &&
           lots_centi == statement->closing.points_centi;
}
