/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * entry_list: a page of the log, older or newer first, of what the caller may read and asks for. A
 * page looks at a bounded number of entries, so it may be short, even empty, and yet not be the
 * last. Where there is nothing new no entry is looked at. Loop's thread.
 */
#include "authorise.h"

#include "bank/records.h"
#include "base/date.h"
#include "lovebank/v1/queries.pb-c.h"
#include "stored_entry.h"

#include <string.h>

#define ENTRY_ROWS_DEFAULT 50
#define ENTRY_LOOKS_MAX    LB_PAGE_ROWS_MAX /* some 5 ms */
#define ENTRY_BYTES_MAX    (1u << 20)

_Static_assert(ENTRY_BYTES_MAX + LB_ENTRY_BYTES_MAX + LB_MEMO_BYTES_MAX <
                   LB_FRAME_PAYLOAD_BYTES_MAX / 2,
               "a page that has become full by its last entry fits in a frame");

/* The entries that can be asked for, from first to last; first > last: none. */
struct entry_span {
    uint64_t first;
    uint64_t last;
};

struct entry_page {
    const Lovebank__V1__EntryListRequest *request;
    uint32_t limit;
    unsigned looks; /* entries looked at, shown or not */
    size_t bytes;
    struct rpc_rows rows;
};

/* ---- what is asked ---- */

static bool act_is_known(uint32_t act)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&lovebank__v1__command__descriptor, act);
    return act == 0 || (field != NULL && (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0);
}

/* Where a page begins is said for the one direction or the other. */
static struct verdict entry_list_check(const Lovebank__V1__EntryListRequest *request)
{
    const uint64_t idle = request->newest_first ? request->after_entry : request->before_entry;
    if (idle != 0) {
        return (struct verdict){LB_FIELD_INVALID, (int64_t)idle, 0, 0,
                                request->newest_first ? "after_entry" : "before_entry"};
    }
    if (!act_is_known(request->act)) {
        return (struct verdict){LB_FIELD_INVALID, request->act, ACT_ORG_OPEN, ACT_OPENING_BALANCE,
                                "act"};
    }
    return (struct verdict){.code = LB_OK, .text = ""};
}

static enum lb_result entry_read(struct rpc_call *call, uint64_t number, struct entry *entry)
{
    struct bytes packed;
    const enum lb_result result = engine_view_entry(&call->view, number, &packed, entry);
    return result == LB_ENTRY_UNKNOWN ? LB_STORAGE_CORRUPT : result;
}

/* The first entry recorded on that day or later, as times never fall along the log. */
static enum lb_result entry_seek_day(struct rpc_call *call, int64_t day, uint64_t *number)
{
    struct engine_status status;
    engine_status(call->rpc->ports.engine, &status);
    uint64_t low = 1;
    uint64_t high = call->view.head_entry + 1;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        struct entry entry;
        const enum lb_result result = entry_read(call, middle, &entry);
        if (result != LB_OK) {
            return result;
        }
        if (date_day_of_ms(entry.recorded_ms, status.zone_east_s) < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *number = low;
    return LB_OK;
}

static enum lb_result entry_list_span(struct rpc_call *call,
                                      const Lovebank__V1__EntryListRequest *request,
                                      struct entry_span *span)
{
    const uint64_t head = call->view.head_entry;
    *span = (struct entry_span){1, head};
    if (request->newest_first && request->before_entry != 0 && request->before_entry <= head) {
        span->last = request->before_entry - 1;
    } else if (!request->newest_first) {
        span->first = request->after_entry < head ? request->after_entry + 1 : head + 1;
    }
    if (!request->has_recorded_day || span->first > span->last) {
        return LB_OK;
    }
    uint64_t first = 0;
    uint64_t end = 0;
    enum lb_result result = entry_seek_day(call, request->recorded_day, &first);
    if (result == LB_OK) {
        result = entry_seek_day(call, (int64_t)request->recorded_day + 1, &end);
    }
    if (result == LB_OK) {
        span->first = first > span->first ? first : span->first;
        span->last = end - 1 < span->last ? end - 1 : span->last;
    }
    return result;
}

/* ---- a page ---- */

/* Operators at the device, or the device itself, of which an entry says nothing more. */
static bool actor_is_at(const struct actor *actor, uint32_t device)
{
    return actor->device == device || (actor->device == 0 && actor->principal == device);
}

static bool entry_is_wanted(struct rpc_call *call, const Lovebank__V1__EntryListRequest *request,
                            const struct entry *entry)
{
    const struct views views = call->view.bank.views;
    return (request->act == 0 || request->act == (uint32_t)entry->command.kind) &&
           (request->principal == 0 || request->principal == entry->actor.principal) &&
           (request->device == 0 || actor_is_at(&entry->actor, request->device)) &&
           (!request->no_refused || entry->verdict.code == LB_OK) &&
           (request->org == 0 ||
            org_is_within(views, bank_entry_org(views, entry), request->org, rpc_today(call)));
}

/* Adds the entry if it is wanted and the caller may read it. */
static enum lb_result entry_look(struct rpc_call *call, uint64_t number, struct entry_page *page)
{
    struct entry entry;
    enum lb_result result = entry_read(call, number, &entry);
    page->looks++;
    if (result != LB_OK || !entry_is_wanted(call, page->request, &entry) ||
        !rpc_may_read_entry(call, &entry)) {
        return result;
    }
    Lovebank__V1__StoredEntry *stored =
        rpc_rows_add(call, &page->rows, &lovebank__v1__stored_entry__descriptor);
    if (stored == NULL) {
        return LB_MEMORY;
    }
    result = rpc_stored_entry(call, number, stored, &entry);
    if (result == LB_OK) {
        page->bytes += stored->packed.len + strlen(stored->memo);
    }
    return result;
}

static bool page_has_room(const struct entry_page *page)
{
    return page->rows.count < page->limit && page->looks < ENTRY_LOOKS_MAX &&
           page->bytes < ENTRY_BYTES_MAX;
}

/* *next as EntryListResponse.next. */
static enum lb_result entry_list_walk(struct rpc_call *call, struct entry_span span,
                                      struct entry_page *page, uint64_t *next)
{
    enum lb_result result = LB_OK;
    const bool is_falling = page->request->newest_first;
    while (result == LB_OK && span.first <= span.last && page_has_room(page)) {
        result = entry_look(call, is_falling ? span.last-- : span.first++, page);
    }
    const bool is_end = span.first > span.last;
    if (is_falling) {
        *next = is_end ? 0 : span.last + 1;
    } else {
        *next = is_end ? call->view.head_entry : span.first - 1;
    }
    return result;
}

enum lb_result rpc_entry_list(struct rpc_call *call)
{
    const Lovebank__V1__EntryListRequest *request =
        (const Lovebank__V1__EntryListRequest *)call->request;
    const struct verdict verdict = entry_list_check(request);
    if (verdict.code != LB_OK) {
        return rpc_call_fail(call, verdict);
    }
    Lovebank__V1__EntryListResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    if (request->org != 0 && !dated_exists(call->view.bank.views, DATED_ORG, request->org)) {
        response->code = LB_ORG_UNKNOWN;
        response->a = (int64_t)request->org;
        return LB_OK;
    }
    const uint32_t wanted = request->limit == 0 ? ENTRY_ROWS_DEFAULT : request->limit;
    struct entry_page page = {.request = request,
                              .limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX};
    struct entry_span span;
    enum lb_result result = entry_list_span(call, request, &span);
    if (result == LB_OK) {
        result = entry_list_walk(call, span, &page, &response->next);
    }
    response->entries = (Lovebank__V1__StoredEntry **)page.rows.items;
    response->n_entries = page.rows.count;
    response->durable_entry = call->view.head_entry;
    return result;
}
