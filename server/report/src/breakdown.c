/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The way through the log: where the year can begin in it, and page after page from there on; what
 * stands goes to the tally. Threading: see report/breakdown.h.
 */
#include "report/breakdown.h"

#include "bank/records.h"
#include "base/date.h"
#include "scope.h"
#include "tally.h"

#define PAGE_ENTRIES          2000
#define ENTRY_ARENA_BYTES_MAX (4u << 20) /* one entry, unpacked */
#define DAY_MS                INT64_C(86400000)

struct reading {
    const struct breakdown_source *source;
    int32_t first_day; /* of the year */
    int32_t last_day;
    uint64_t next;       /* the entry to be read */
    uint64_t last;       /* the newest when the totals were made */
    struct arena arena;  /* of one entry */
    struct tally *tally; /* NULL: no rows are asked for */
};

/* Those who can occur in the year's entries, and count. */
static enum lb_result admit_members(struct views views, const struct breakdown_query *query,
                                    struct arena *arena, struct tally *tally)
{
    const struct totals_query *who = &query->totals;
    struct scope scope;
    const struct verdict verdict =
        scope_make(views, who->year, who->org, who->class_id, arena, &scope);
    enum lb_result result = verdict.code;
    struct year_row year;
    uint64_t org = 0;
    for (uint64_t at = 0; result == LB_OK && year_next(views, who->year, at, &year);
         at = year.member + 1) {
        if (scope_holds(&scope, views, year.member, &org)) {
            result = tally_admit(tally, year.member);
        }
    }
    return result;
}

static enum lb_result read_entry(struct reading *reading, struct engine_view *view, uint64_t number,
                                 struct entry *entry)
{
    struct bytes packed;
    arena_reset(&reading->arena);
    return engine_view_entry(view, number, &packed, entry);
}

/*
 * Sets `next` to the first entry that can be of the year. Nothing is entered before its day has
 * come, and entries stand in the order in which they were recorded: so none recorded before the
 * year is of it. Two days more than enough, for whatever zone the book was kept in.
 */
static enum lb_result skip_years_before(struct reading *reading, struct engine_view *view)
{
    const int64_t begin_ms = (reading->first_day - INT64_C(2)) * DAY_MS;
    uint64_t end = reading->last + 1;
    while (reading->next < end) {
        const uint64_t middle = reading->next + (end - reading->next) / 2;
        struct entry entry;
        const enum lb_result result = read_entry(reading, view, middle, &entry);
        if (result != LB_OK) {
            return result;
        }
        if (entry.recorded_ms < begin_ms) {
            reading->next = middle + 1;
        } else {
            end = middle;
        }
    }
    return LB_OK;
}

/* Done, of the year, and not taken back as of the last entry. */
static bool entry_counts(const struct reading *reading, struct views views,
                         const struct entry *entry)
{
    if (entry->verdict.code != LB_OK || entry->day < reading->first_day ||
        entry->day > reading->last_day) {
        return false;
    }
    const uint64_t by = reversed_by(views, entry->number);
    return by == 0 || by > reading->last;
}

static enum lb_result read_page(struct reading *reading)
{
    struct engine_view view;
    enum lb_result result = engine_view_open(reading->source->engine, &reading->arena, &view);
    if (result != LB_OK) {
        return result;
    }
    for (unsigned i = 0; i < PAGE_ENTRIES && result == LB_OK && reading->next <= reading->last;
         i++) {
        struct entry entry;
        result = read_entry(reading, &view, reading->next, &entry);
        if (result == LB_OK && entry_counts(reading, view.bank.views, &entry)) {
            result = tally_add(reading->tally, &entry);
        }
        reading->next++;
    }
    const enum lb_result fault = views_fault(view.bank.views);
    engine_view_close(&view);
    return fault != LB_OK ? fault : result;
}

/* Until all that the totals count is found, or the end. LB_ROWS_TOO_MANY, LB_AMOUNT_OVERFLOW too.
 */
static enum lb_result read_log(struct reading *reading, const struct counts *totals)
{
    const struct breakdown_source *source = reading->source;
    const uint64_t person_times = totals->service_person_times + totals->redemption_person_times +
                                  totals->received_person_times;
    enum lb_result result = LB_OK;
    while (result == LB_OK && reading->next <= reading->last &&
           reading->tally->person_times < person_times) {
        result = source->is_stopped(source->context) ? LB_SHUTTING_DOWN : read_page(reading);
    }
    return result;
}

/* What belongs to one state of the book: the totals, who counts, where to begin. */
static enum lb_result begin(struct reading *reading, const struct breakdown_query *query,
                            struct arena *arena, struct breakdown *breakdown,
                            struct verdict *verdict)
{
    struct engine_view view;
    enum lb_result result = engine_view_open(reading->source->engine, &reading->arena, &view);
    if (result != LB_OK) {
        return result;
    }
    breakdown->as_of_entry = view.head_entry;
    reading->last = view.head_entry;
    *verdict = totals_make(view.bank.views, &query->totals, arena, &breakdown->totals);
    if (verdict->code == LB_OK && reading->tally != NULL) {
        reading->first_day = date_to_day((struct date){query->totals.year, 1, 1});
        reading->last_day = date_to_day((struct date){query->totals.year, 12, 31});
        result = admit_members(view.bank.views, query, arena, reading->tally);
        if (result == LB_OK) {
            result = skip_years_before(reading, &view);
        }
    }
    const enum lb_result fault = views_fault(view.bank.views);
    engine_view_close(&view);
    return fault != LB_OK ? fault : result;
}

static enum lb_result break_down(struct reading *reading, const struct breakdown_query *query,
                                 struct arena *arena, struct breakdown *breakdown,
                                 struct verdict *verdict)
{
    enum lb_result result = tally_init(reading->tally, query, arena);
    if (result != LB_OK) {
        return result;
    }
    result = begin(reading, query, arena, breakdown, verdict);
    if (result == LB_OK && verdict->code == LB_OK) {
        result = read_log(reading, &breakdown->totals.counts);
        breakdown->rows = tally_finish(reading->tally);
        breakdown->count = reading->tally->row_count;
    }
    tally_fini(reading->tally);
    if (result == LB_ROWS_TOO_MANY || result == LB_AMOUNT_OVERFLOW) {
        *verdict = (struct verdict){
            .code = result,
            .a = result == LB_ROWS_TOO_MANY ? BREAKDOWN_ROWS_MAX : 0,
            .text = "",
        };
        result = LB_OK;
    }
    return result;
}

enum lb_result breakdown_make(const struct breakdown_source *source,
                              const struct breakdown_query *query, struct arena *arena,
                              struct breakdown *breakdown, struct verdict *verdict)
{
    struct tally tally = {.row_count = 0};
    const bool has_rows = query->by_month || query->by_org || query->by_category;
    struct reading reading = {.source = source, .next = 1, .tally = has_rows ? &tally : NULL};
    *breakdown = (struct breakdown){.rows = NULL};
    arena_init(&reading.arena, arena->memory, ENTRY_ARENA_BYTES_MAX);
    const enum lb_result result = has_rows ? break_down(&reading, query, arena, breakdown, verdict)
                                           : begin(&reading, query, arena, breakdown, verdict);
    arena_fini(&reading.arena);
    return result;
}
