/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The report method over an engine and a store in memory: rows, refusals, memory, stopping. */
#include "../engine/fixture.h"

#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "rpc/rpc.h"

#include <string.h>

#define METHOD_REPORT UINT16_C(31)
#define MEMORY_BYTES  ((size_t)64 << 20)

struct service {
    struct book *book;
    struct rpc *rpc;
    struct arena arena; /* of requests and answers */
    bool is_awake;      /* under the book's lock */
    unsigned replies;
    enum lb_frame_kind kind;
    struct bytes payload;
};

static void take_reply(void *context, struct rpc_token token, enum lb_frame_kind kind,
                       struct bytes payload)
{
    struct service *service = context;
    assert_int_equal(token.words[0], 7);
    service->replies++;
    service->kind = kind;
    assert_true(arena_copy(&service->arena, payload, &service->payload));
}

static void wake(void *context)
{
    struct service *service = context;
    pthread_mutex_lock(&service->book->lock);
    service->is_awake = true;
    pthread_cond_broadcast(&service->book->changed);
    pthread_mutex_unlock(&service->book->lock);
}

static struct service *service_new(struct book *book, size_t memory_bytes_max)
{
    struct service *service = calloc(1, sizeof(*service));
    assert_non_null(service);
    service->book = book;
    arena_init(&service->arena, arena_memory_heap(), MEMORY_BYTES);
    const struct rpc_config config = {.version = "test",
                                      .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
                                      .inflight_max = 1,
                                      .memory_bytes_max = memory_bytes_max};
    const struct rpc_ports ports = {.engine = book->engine,
                                    .store = book->store,
                                    .clock = &book->clock,
                                    .log = &book->log,
                                    .reply = take_reply,
                                    .wake = wake,
                                    .context = service};
    assert_int_equal(rpc_new(&config, &ports, &service->rpc), LB_OK);
    return service;
}

static void service_free(struct service *service)
{
    book_wait_work(service->book);
    rpc_free(service->rpc);
    arena_fini(&service->arena);
    free(service);
}

/* One request and its reply, kind and payload. */
static void ask(struct service *service, const Lovebank__V1__ReportRequest *request)
{
    struct bytes payload;
    const unsigned replies = service->replies;
    assert_int_equal(entry_message_pack(&request->base, &service->arena, &payload), LB_OK);
    const struct rpc_request call = {.method = METHOD_REPORT,
                                     .payload = payload,
                                     .actor = {.is_trusted = true},
                                     .token = {.words = {7}}};
    assert_int_equal(rpc_dispatch(service->rpc, &call), RPC_GO_ON);
    if (service->replies == replies) {
        pthread_mutex_lock(&service->book->lock);
        while (!service->is_awake) {
            pthread_cond_wait(&service->book->changed, &service->book->lock);
        }
        service->is_awake = false;
        pthread_mutex_unlock(&service->book->lock);
        rpc_complete(service->rpc);
    }
    assert_int_equal(service->replies, replies + 1);
}

static const Lovebank__V1__ReportResponse *answer_to(struct service *service,
                                                     const Lovebank__V1__ReportRequest *request)
{
    ProtobufCMessage *message = NULL;
    ask(service, request);
    assert_int_equal(service->kind, LB_FRAME_RESPONSE);
    assert_int_equal(entry_message_unpack(&lovebank__v1__report_response__descriptor,
                                          service->payload, &service->arena, &message),
                     LB_OK);
    return (const Lovebank__V1__ReportResponse *)message;
}

static uint32_t error_to(struct service *service, const Lovebank__V1__ReportRequest *request)
{
    struct lb_frame_error error;
    ask(service, request);
    assert_int_equal(service->kind, LB_FRAME_ERROR);
    assert_int_equal(lb_frame_error_decode(service->payload.data, service->payload.size, &error),
                     LB_OK);
    return error.result;
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
    struct service *service = service_new(book, MEMORY_BYTES);
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
    struct service *service = service_new(book, MEMORY_BYTES);
    const Lovebank__V1__ReportRequest request = request_of_2016();
    const Lovebank__V1__ReportResponse *answer = answer_to(service, &request);
    assert_int_equal(answer->n_rows, 0);
    assert_int_equal(answer->service_person_times, 3);
    service_free(service);
}

static void an_unknown_org_is_told_in_the_answer_and_a_year_by_an_error(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book, MEMORY_BYTES);
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
    struct service *service = service_new(book, (size_t)1 << 20);
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
    struct service *service = service_new(book, MEMORY_BYTES);
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
