/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * report: totals of a year for an org and a class. Runs on the work thread.
 */
#include "call.h"

#include "lovebank/v1/queries.pb-c.h"
#include "report/totals.h"

enum lb_result rpc_report(struct rpc_call *call)
{
    const Lovebank__V1__ReportRequest *request = (const Lovebank__V1__ReportRequest *)call->request;
    Lovebank__V1__ReportResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    const struct totals_query query = {
        .year = request->year,
        .org = request->org,
        .class_id = request->class_id,
    };
    struct totals totals = {0};
    const struct verdict verdict =
        totals_make(call->view.bank.views, &query, &call->arena, &totals);
    if (verdict.code == LB_FIELD_INVALID || verdict.code == LB_MEMORY) {
        return rpc_call_fail(call, verdict);
    }
    response->code = verdict.code;
    response->a = verdict.a;
    response->b = verdict.b;
    response->as_of_entry = call->view.head_entry;
    response->members = totals.members;
    response->service_persons = totals.service_persons;
    response->service_person_times = totals.service_person_times;
    response->minutes = totals.minutes;
    response->earned_centi = totals.earned_centi;
    response->redemption_persons = totals.redemption_persons;
    response->redemption_person_times = totals.redemption_person_times;
    response->received_persons = totals.received_persons;
    response->received_person_times = totals.received_person_times;
    response->redeemed_centi = totals.redeemed_centi;
    return LB_OK;
}
