/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * report: totals of a year for an org and a class, and their breakdown. Runs on the work thread.
 */
#include "authorise.h"
#include "call.h"

#include "lovebank/v1/queries.pb-c.h"
#include "report/breakdown.h"

/* Twelve fields of a tag and at most ten bytes, four more around them. */
#define REPORT_ROW_BYTES_MAX (12 * (1 + 10) + 4)

_Static_assert(BREAKDOWN_ROWS_MAX *REPORT_ROW_BYTES_MAX + REPORT_ROW_BYTES_MAX * 2 <
                   LB_FRAME_PAYLOAD_BYTES_MAX,
               "all rows and the totals fit in a frame");

/* The response and its rows name the counts alike. */
#define REPORT_PUT_COUNTS(message, from)                                      \
    do {                                                                      \
        (message)->service_persons = (from)->service_persons;                 \
        (message)->service_person_times = (from)->service_person_times;       \
        (message)->minutes = (from)->minutes;                                 \
        (message)->earned_centi = (from)->earned_centi;                       \
        (message)->redemption_persons = (from)->redemption_persons;           \
        (message)->redemption_person_times = (from)->redemption_person_times; \
        (message)->received_persons = (from)->received_persons;               \
        (message)->received_person_times = (from)->received_person_times;     \
        (message)->redeemed_centi = (from)->redeemed_centi;                   \
    } while (0)

static enum lb_result report_rows(struct rpc_call *call, const struct breakdown *breakdown,
                                  Lovebank__V1__ReportResponse *response)
{
    struct rpc_rows rows = {0};
    for (size_t i = 0; i < breakdown->count; i++) {
        const struct breakdown_row *from = &breakdown->rows[i];
        Lovebank__V1__ReportRow *row =
            rpc_rows_add(call, &rows, &lovebank__v1__report_row__descriptor);
        if (row == NULL) {
            return LB_MEMORY;
        }
        row->month = from->month;
        row->org = from->org;
        row->category = from->category;
        REPORT_PUT_COUNTS(row, &from->counts);
    }
    response->rows = (Lovebank__V1__ReportRow **)rows.items;
    response->n_rows = rows.count;
    return LB_OK;
}

enum lb_result rpc_report(struct rpc_call *call)
{
    const Lovebank__V1__ReportRequest *request = (const Lovebank__V1__ReportRequest *)call->request;
    Lovebank__V1__ReportResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    const enum lb_result authorised = rpc_authorise_year(call, request->org, request->year);
    if (authorised != LB_OK) {
        return authorised;
    }
    const struct breakdown_source source = {
        .engine = call->rpc->ports.engine,
        .is_stopped = rpc_is_stopped,
        .context = call->rpc,
    };
    const struct breakdown_query query = {
        .totals = {.year = request->year, .org = request->org, .class_id = request->class_id},
        .by_month = request->by_month,
        .by_org = request->by_org,
        .by_category = request->by_category,
    };
    struct breakdown breakdown;
    struct verdict verdict;
    const enum lb_result result =
        breakdown_make(&source, &query, &call->arena, &breakdown, &verdict);
    if (result != LB_OK || verdict.code == LB_FIELD_INVALID || verdict.code == LB_MEMORY) {
        return result != LB_OK ? result : rpc_call_fail(call, verdict);
    }
    response->code = verdict.code;
    response->a = verdict.a;
    response->b = verdict.b;
    response->as_of_entry = breakdown.as_of_entry;
    if (verdict.code != LB_OK) {
        return LB_OK;
    }
    response->members = breakdown.totals.members;
    REPORT_PUT_COUNTS(response, &breakdown.totals.counts);
    return report_rows(call, &breakdown, response);
}
