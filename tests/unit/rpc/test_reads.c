/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Reads on the loop's thread over an engine and a store in memory: what they see, and when. */
#include "../engine/fixture.h"

#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "rpc/rpc.h"

#define METHOD_MEMBER_GET UINT16_C(20)
#define MEMORY_BYTES      ((size_t)64 << 20)

struct service {
    struct rpc *rpc;
    struct arena arena; /* of requests and answers */
    unsigned replies;
    struct bytes payload;
};

static void take_reply(void *context, struct rpc_token token, enum lb_frame_kind kind,
                       struct bytes payload)
{
    struct service *service = context;
    (void)token;
    assert_int_equal(kind, LB_FRAME_RESPONSE);
    service->replies++;
    assert_true(arena_copy(&service->arena, payload, &service->payload));
}

static void service_open(struct service *service, struct book *book)
{
    *service = (struct service){0};
    arena_init(&service->arena, arena_memory_heap(), MEMORY_BYTES);
    const struct rpc_config config = {.version = "test",
                                      .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
                                      .inflight_max = 1,
                                      .memory_bytes_max = MEMORY_BYTES};
    const struct rpc_ports ports = {.engine = book->engine,
                                    .store = book->store,
                                    .clock = &book->clock,
                                    .log = &book->log,
                                    .reply = take_reply,
                                    .context = service};
    assert_int_equal(rpc_new(&config, &ports, &service->rpc), LB_OK);
}

static void service_close(struct service *service)
{
    rpc_turn_end(service->rpc);
    rpc_free(service->rpc);
    arena_fini(&service->arena);
}

/* The answer, within the turn. */
static const Lovebank__V1__MemberGetResponse *
ask_request(struct service *service, const Lovebank__V1__MemberGetRequest *request)
{
    ProtobufCMessage *message = NULL;
    struct bytes payload;
    const unsigned replies = service->replies;
    assert_int_equal(entry_message_pack(&request->base, &service->arena, &payload), LB_OK);
    const struct rpc_request call = {
        .method = METHOD_MEMBER_GET, .payload = payload, .actor = {.is_trusted = true}};
    assert_int_equal(rpc_dispatch(service->rpc, &call), RPC_GO_ON);
    assert_int_equal(service->replies, replies + 1);
    assert_int_equal(entry_message_unpack(&lovebank__v1__member_get_response__descriptor,
                                          service->payload, &service->arena, &message),
                     LB_OK);
    return (const Lovebank__V1__MemberGetResponse *)message;
}

static const Lovebank__V1__MemberGetResponse *ask(struct service *service, uint64_t member,
                                                  bool balances_only)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = member;
    request.member = &ref;
    request.balances_only = balances_only;
    return ask_request(service, &request);
}

/* accepts */

static void balances_only_leaves_out_the_rest(void **state)
{
    struct book *book = *state;
    struct service service;
    const struct command served = record_service(book, 1, 90, TODAY);
    book_do(book, &served, 1);
    service_open(&service, book);

    const Lovebank__V1__MemberGetResponse *in_full = ask(&service, 1, false);
    const Lovebank__V1__MemberGetResponse *brief = ask(&service, 1, true);
    assert_int_equal(in_full->info->balances->minutes, 90);
    assert_int_equal(in_full->info->org, ORG);
    assert_int_equal(in_full->info->n_years, 1);
    assert_string_not_equal(in_full->info->masked_name, "");
    assert_int_equal(brief->code, LB_OK);
    assert_int_equal(brief->as_of_entry, in_full->as_of_entry);
    assert_int_equal(brief->info->member, 1);
    assert_int_equal(brief->info->last_entry, in_full->info->last_entry);
    assert_int_equal(brief->info->balances->minutes, 90);
    assert_int_equal(brief->info->balances->points_centi, in_full->info->balances->points_centi);
    assert_int_equal(brief->info->org, 0);
    assert_int_equal(brief->info->n_lots + brief->info->n_years + brief->info->n_class_ids, 0);
    assert_string_equal(brief->info->masked_name, "");
    service_close(&service);
}

static void balances_only_is_the_same_in_whatever_form_it_is_asked_for(void **state)
{
    struct book *book = *state;
    struct service service;
    const struct command served = record_service(book, 2, 45, TODAY);
    book_do(book, &served, 1);
    service_open(&service, book);

    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = 2;
    request.member = &ref;
    request.balances_only = true;
    const Lovebank__V1__MemberGetResponse *quick = ask_request(&service, &request);
    const struct bytes first = service.payload;
    request.with_person = true;
    (void)ask_request(&service, &request);
    assert_int_equal(service.payload.size, first.size);
    assert_memory_equal(service.payload.data, first.data, first.size);
    struct bytes repacked;
    assert_int_equal(entry_message_pack(&quick->base, &service.arena, &repacked), LB_OK);
    assert_int_equal(repacked.size, first.size);
    assert_memory_equal(repacked.data, first.data, first.size);
    service_close(&service);
}

static void reads_of_one_turn_see_one_state_and_those_of_the_next_see_what_came_since(void **state)
{
    struct book *book = *state;
    struct service service;
    service_open(&service, book);

    const uint64_t before = ask(&service, 1, true)->as_of_entry;
    const struct command served = record_service(book, 1, 90, TODAY);
    book_do(book, &served, 1);
    assert_int_equal(ask(&service, 1, true)->as_of_entry, before);
    rpc_turn_end(service.rpc);
    const Lovebank__V1__MemberGetResponse *after = ask(&service, 1, true);
    assert_int_equal(after->as_of_entry, before + 1);
    assert_int_equal(after->info->balances->minutes, 90);
    service_close(&service);
}

static void a_long_turn_renews_its_state(void **state)
{
    struct book *book = *state;
    struct service service;
    service_open(&service, book);

    const uint64_t before = ask(&service, 1, true)->as_of_entry;
    const struct command served = record_service(book, 1, 90, TODAY);
    book_do(book, &served, 1);
    unsigned reads = 1;
    while (reads < 5000 && ask(&service, 1, true)->as_of_entry == before) {
        arena_reset(&service.arena);
        reads++;
    }
    assert_in_range(reads, 100, 4999);
    service_close(&service);
}

/* rejects */

static void a_member_that_is_not_there_is_told_in_the_answer(void **state)
{
    const uint64_t members[] = {0, 77, 127, 128, UINT64_MAX >> 1, UINT64_MAX};
    struct service service;
    service_open(&service, *state);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const Lovebank__V1__MemberGetResponse *answer = ask(&service, members[i], true);
        assert_int_equal(answer->code, LB_MEMBER_UNKNOWN);
        assert_null(answer->info);
    }
    service_close(&service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_BOOK(balances_only_leaves_out_the_rest),
        TEST_WITH_BOOK(balances_only_is_the_same_in_whatever_form_it_is_asked_for),
        TEST_WITH_BOOK(reads_of_one_turn_see_one_state_and_those_of_the_next_see_what_came_since),
        TEST_WITH_BOOK(a_long_turn_renews_its_state),
        TEST_WITH_BOOK(a_member_that_is_not_there_is_told_in_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
