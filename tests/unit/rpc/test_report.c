/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The report method over an engine and a store in memory: rows, refusals, memory, stopping. */
#include "fixture.h"

#define METHOD_REPORT UINT16_C(31)

static const Lovebank__V1__ReportResponse *answer_to(struct service *service,
                                                     const Lovebank__V1__ReportRequest *request)
{
    return service_answer(service, trusted, METHOD_REPORT, &request->base,
                          &lovebank__v1__report_response__descriptor);
}

static uint32_t error_to(struct service *service, const Lovebank__V1__ReportRequest *request)
{
    return service_ask(service, trusted, METHOD_REPORT, &request->base);
}

static Lovebank__V1__ReportRequest request_of_2016(void)
{
    Lovebank__V1__ReportRequest request = LOVEBANK__V1__REPORT_REQUEST__INIT;
    request.year = 2016;
    request.org = ORG;
    return request;
}

/* Member 1 serves on the last day of November and of December, member 2 in December. */
static void serve(struct book *book)
{
    const struct command commands[] = {record_service(book, 1, 60, TODAY - 31),
                                       record_service(book, 1, 90, TODAY),
                                       record_service(book, 2, 30, TODAY)};
    book_do(book, commands, 3);
}

static void rows_come_by_month_and_the_totals_with_them(void **state)
{
    struct book *book = *state;
    serve(book);
    struct service *service = service_new(book);
    Lovebank__V1__ReportRequest request = request_of_2016();
    request.by_month = true;
    request.by_category = true;
    const Lovebank__V1__ReportResponse *answer = answer_to(service, &request);
    assert_int_equal(answer->code, LB_OK);
    assert_int_equal(answer->as_of_entry, book_head(book));
    assert_int_equal(answer->members, 3);
    assert_int_equal(answer->service_persons, 2);
    assert_int_equal(answer->service_person_times, 3);
    assert_int_equal(answer->minutes, 180);
    assert_int_equal(answer->n_rows, 2);
    const Lovebank__V1__ReportRow *row = answer->rows[0];
    assert_int_equal(row->month, 11);
    assert_int_equal(row->org, 0);
    assert_int_equal(row->category, CATEGORY);
    assert_int_equal(row->service_persons, 1);
    assert_int_equal(row->earned_centi, 100);
    row = answer->rows[1];
    assert_int_equal(row->month, 12);
    assert_int_equal(row->service_persons, 2);
    assert_int_equal(row->service_person_times, 2);
    assert_int_equal(row->minutes, 120);
    assert_int_equal(row->earned_centi, 200);
    service_free(service);
}

static void without_a_breakdown_there_are_no_rows(void **state)
{
    struct book *book = *state;
    serve(book);
    struct service *service = service_new(book);
    const Lovebank__V1__ReportRequest request = request_of_2016();
    const Lovebank__V1__ReportResponse *answer = answer_to(service, &request);
    assert_int_equal(answer->n_rows, 0);
    assert_int_equal(answer->service_person_times, 3);
    service_free(service);
}

static void an_unknown_org_is_told_in_the_answer_and_a_year_by_an_error(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    Lovebank__V1__ReportRequest request = request_of_2016();
    request.by_org = true;
    request.org = 8;
    const Lovebank__V1__ReportResponse *answer = answer_to(service, &request);
    assert_int_equal(answer->code, LB_ORG_UNKNOWN);
    assert_int_equal(answer->a, 8);
    assert_int_equal(answer->n_rows, 0);
    request.year = 1;
    assert_int_equal(error_to(service, &request), LB_FIELD_INVALID);
    service_free(service);
}

static void no_memory_is_to_be_tried_later_and_is_given_back(void **state)
{
    struct book *book = *state;
    serve(book);
    struct service *service = service_new_within(book, (size_t)1 << 20);
    Lovebank__V1__ReportRequest request = request_of_2016();
    request.by_month = true;
    assert_int_equal(error_to(service, &request), LB_TRY_LATER);
    request.by_month = false;
    assert_int_equal(answer_to(service, &request)->service_person_times, 3);
    service_free(service);
}

static void a_server_that_stops_breaks_off(void **state)
{
    struct book *book = *state;
    serve(book);
    struct service *service = service_new(book);
    Lovebank__V1__ReportRequest request = request_of_2016();
    request.by_month = true;
    rpc_stop(service->rpc);
    assert_int_equal(error_to(service, &request), LB_SHUTTING_DOWN);
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST_WITH_BOOK(rows_come_by_month_and_the_totals_with_them),
        TEST_WITH_BOOK(without_a_breakdown_there_are_no_rows),
        /* rejects */
        TEST_WITH_BOOK(an_unknown_org_is_told_in_the_answer_and_a_year_by_an_error),
        /* faults */
        TEST_WITH_BOOK(no_memory_is_to_be_tried_later_and_is_given_back),
        TEST_WITH_BOOK(a_server_that_stops_breaks_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
