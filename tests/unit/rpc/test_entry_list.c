/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Pages of the log: order, filters, who sees what, and how much one page looks at. */
#include "fixture.h"

#include "entry/codec.h"

#define METHOD_ENTRY_GET  UINT16_C(4)
#define METHOD_ENTRY_LIST UINT16_C(8)
#define DAY_MS            INT64_C(86400000)

static Lovebank__V1__EntryListRequest newest_first(void)
{
    Lovebank__V1__EntryListRequest request = LOVEBANK__V1__ENTRY_LIST_REQUEST__INIT;
    request.newest_first = true;
    return request;
}

static Lovebank__V1__EntryListRequest after(uint64_t entry)
{
    Lovebank__V1__EntryListRequest request = LOVEBANK__V1__ENTRY_LIST_REQUEST__INIT;
    request.after_entry = entry;
    return request;
}

static const Lovebank__V1__EntryListResponse *list(struct service *service, struct actor actor,
                                                   const Lovebank__V1__EntryListRequest *request)
{
    const Lovebank__V1__EntryListResponse *page =
        service_answer(service, actor, METHOD_ENTRY_LIST, &request->base,
                       &lovebank__v1__entry_list_response__descriptor);
    assert_int_equal(page->durable_entry, book_head(service->book));
    return page;
}

static uint64_t number_at(struct service *service, const Lovebank__V1__EntryListResponse *page,
                          size_t i)
{
    struct entry entry;
    assert_true(i < page->n_entries);
    const ProtobufCBinaryData packed = page->entries[i]->packed;
    assert_int_equal(entry_unpack(bytes_of(packed.data, packed.len), &service->arena, &entry),
                     LB_OK);
    return entry.number;
}

/* The entries of the page are these, in this order. */
static void assert_page(struct service *service, const Lovebank__V1__EntryListResponse *page,
                        const uint64_t *numbers, size_t count)
{
    assert_int_equal(page->code, LB_OK);
    assert_int_equal(page->n_entries, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(number_at(service, page, i), numbers[i]);
    }
}

static uint64_t serve_by(struct book *book, uint32_t principal, uint64_t member)
{
    const struct command command = record_service(book, member, 60, TODAY);
    const struct engine_result result = do_as(book, principal, &command);
    assert_int_equal(result.verdict.code, LB_OK);
    return result.entry;
}

/* ---- accepts ---- */

static void older_first_every_entry_comes_once_and_next_ends_at_the_newest(void **state)
{
    struct service *service = service_new(*state);
    const uint64_t head = book_head(service->book);
    Lovebank__V1__EntryListRequest request = after(0);
    request.limit = 3;
    uint64_t expected = 1;
    while (request.after_entry < head) {
        const Lovebank__V1__EntryListResponse *page = list(service, trusted, &request);
        assert_true(page->n_entries >= 1 && page->n_entries <= 3);
        for (size_t i = 0; i < page->n_entries; i++) {
            assert_int_equal(number_at(service, page, i), expected++);
        }
        assert_int_equal(page->next, expected - 1);
        request.after_entry = page->next;
    }
    assert_int_equal(expected, head + 1);
    service_free(service);
}

static void newest_first_every_entry_comes_once_and_next_ends_at_zero(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__EntryListRequest request = newest_first();
    request.limit = 4;
    uint64_t expected = book_head(service->book);
    do {
        const Lovebank__V1__EntryListResponse *page = list(service, trusted, &request);
        for (size_t i = 0; i < page->n_entries; i++) {
            assert_int_equal(number_at(service, page, i), expected--);
        }
        request.before_entry = page->next;
    } while (request.before_entry != 0);
    assert_int_equal(expected, 0);
    service_free(service);
}

static void where_nothing_is_new_next_is_the_newest_also_from_beyond_it(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint64_t head = book_head(book);
    const uint64_t from[] = {head, head + 1, UINT64_MAX};
    for (size_t i = 0; i < 3; i++) {
        const Lovebank__V1__EntryListRequest request = after(from[i]);
        const Lovebank__V1__EntryListResponse *page = list(service, trusted, &request);
        assert_int_equal(page->n_entries, 0);
        assert_int_equal(page->next, head);
    }
    const struct command command = record_service(book, 1, 60, TODAY);
    const uint64_t entry = book_try(book, &command).entry;
    const Lovebank__V1__EntryListRequest request = after(head);
    assert_page(service, list(service, trusted, &request), &entry, 1);
    Lovebank__V1__EntryListRequest beyond = newest_first();
    beyond.before_entry = UINT64_MAX;
    beyond.limit = 1;
    assert_page(service, list(service, trusted, &beyond), &entry, 1);
    service_free(service);
}

static void an_empty_book_has_an_empty_page(void **state)
{
    struct service *service = service_new(*state);
    const Lovebank__V1__EntryListRequest older = after(0);
    Lovebank__V1__EntryListRequest newer = newest_first();
    newer.has_recorded_day = true;
    newer.recorded_day = TODAY;
    assert_int_equal(list(service, trusted, &older)->next, 0);
    assert_int_equal(list(service, trusted, &newer)->n_entries, 0);
    service_free(service);
}

static void act_principal_device_and_org_choose(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t here = add_operator(book, "here", ROLE_DESK, ORG);
    const uint32_t there = add_operator(book, "there", ROLE_DESK, OTHER_ORG);
    struct command open = command_of(book, ACT_DEVICE_OPEN);
    open.act.device_open =
        (struct act_device_open){.name = BYTES_LITERAL("desk"), .org = ORG, .token_hash = {1}};
    const uint32_t device = (uint32_t)book_try(book, &open).assigned;
    const struct command role = set_role(book, device, ROLE_DESK, ORG);
    book_do(book, &role, 1);
    const struct actor at_device = {.principal = here, .device = device};
    const struct command record = record_service(book, 2, 60, TODAY);
    const uint64_t one = serve_by(book, here, 1);
    const uint64_t at_desk = book_try_by(book, at_device, &record).entry;
    const uint64_t other = serve_by(book, there, OTHER_MEMBER);
    const uint64_t by_desk = serve_by(book, device, 3);

    Lovebank__V1__EntryListRequest request = newest_first();
    request.act = ACT_SERVICE_RECORD;
    assert_page(service, list(service, trusted, &request),
                (const uint64_t[]){by_desk, other, at_desk, one}, 4);
    request.org = ORG;
    assert_page(service, list(service, trusted, &request),
                (const uint64_t[]){by_desk, at_desk, one}, 3);
    request.principal = here;
    assert_page(service, list(service, trusted, &request), (const uint64_t[]){at_desk, one}, 2);
    request.principal = 0;
    request.device = device;
    assert_page(service, list(service, trusted, &request), (const uint64_t[]){by_desk, at_desk}, 2);
    const Lovebank__V1__EntryListResponse *named = list(service, trusted, &request);
    assert_string_equal(named->entries[0]->principal_name, "desk");
    assert_string_equal(named->entries[0]->device_name, "");
    assert_string_equal(named->entries[1]->principal_name, "here");
    assert_string_equal(named->entries[1]->device_name, "desk");
    request.org = OTHER_ORG;
    assert_int_equal(list(service, trusted, &request)->n_entries, 0);
    service_free(service);
}

/* By the tree of today: an org that was put below another counts there with all of its past. */
static void an_org_s_entries_are_those_of_what_is_below_it_today(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t there = add_operator(book, "there", ROLE_DESK, OTHER_ORG);
    const uint64_t entry = serve_by(book, there, OTHER_MEMBER);
    Lovebank__V1__EntryListRequest request = newest_first();
    request.org = ORG;
    request.act = ACT_SERVICE_RECORD;
    assert_int_equal(list(service, trusted, &request)->n_entries, 0);
    struct command move = command_of(book, ACT_ORG_UPDATE);
    move.act.org_update =
        (struct act_org_update){.org = OTHER_ORG, .parent = ORG, .name = BYTES_LITERAL("并入")};
    book_do(book, &move, 1);
    assert_page(service, list(service, trusted, &request), &entry, 1);
    service_free(service);
}

static void refusals_and_what_waits_are_left_out_when_asked(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    struct command policy = command_of(book, ACT_POLICY_SET);
    policy.act.policy_set = (struct act_policy_set){.service_minutes = 60, .proposal_days = 7};
    book_do(book, &policy, 1);
    const uint32_t desk = add_operator(book, "desk", ROLE_DESK, ORG);
    const struct command early = record_too_early(book, 1);
    const struct command long_one = record_service(book, 1, 90, TODAY);
    const uint64_t done = serve_by(book, desk, 1);
    const uint64_t refused = do_as(book, desk, &early).entry;
    const uint64_t waits = do_as(book, desk, &long_one).entry;
    Lovebank__V1__EntryListRequest request = newest_first();
    request.principal = desk;
    assert_page(service, list(service, trusted, &request), (const uint64_t[]){waits, refused, done},
                3);
    request.no_refused = true;
    assert_page(service, list(service, trusted, &request), &done, 1);
    service_free(service);
}

/* By the civil day of the book's zone, which is not that of UTC. */
static void a_day_s_entries_come_in_both_orders_and_no_other_day_s(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    uint64_t numbers[3][2];
    /* The last hour of TODAY there, then the first hours of the next day, and the next. */
    clock_step(&book->stepper, 15 * INT64_C(3600000));
    for (int day = 0; day < 3; day++) {
        for (int i = 0; i < 2; i++) {
            const struct command command = record_service(book, 1, 30, TODAY);
            numbers[day][i] = book_try(book, &command).entry;
        }
        clock_step(&book->stepper, day == 0 ? INT64_C(7200000) : DAY_MS);
    }
    for (int day = 0; day < 3; day++) {
        Lovebank__V1__EntryListRequest request = newest_first();
        request.act = ACT_SERVICE_RECORD;
        request.has_recorded_day = true;
        request.recorded_day = TODAY + day;
        const Lovebank__V1__EntryListResponse *page = list(service, trusted, &request);
        assert_page(service, page, (const uint64_t[]){numbers[day][1], numbers[day][0]}, 2);
        assert_int_equal(page->next, 0);
        request.newest_first = false;
        page = list(service, trusted, &request);
        assert_page(service, page, numbers[day], 2);
        assert_int_equal(page->next, book_head(book));
        request.limit = 1;
        page = list(service, trusted, &request);
        request.after_entry = numbers[day][0];
        assert_int_equal(page->n_entries, 1);
        assert_page(service, list(service, trusted, &request), &numbers[day][1], 1);
    }
    Lovebank__V1__EntryListRequest none = newest_first();
    const int32_t days[] = {INT32_MIN, TODAY - 1, TODAY + 3, INT32_MAX};
    none.has_recorded_day = true;
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        none.recorded_day = days[i];
        assert_int_equal(list(service, trusted, &none)->n_entries, 0);
        assert_int_equal(list(service, trusted, &none)->next, 0);
    }
    service_free(service);
}

/* As far as EntryGet gives it: each entry that is listed, and none that is not. */
static void a_list_shows_what_its_reader_may_read_and_nothing_else(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t here = add_operator(book, "here", ROLE_DESK, ORG);
    const uint32_t there = add_operator(book, "there", ROLE_COUNTER, OTHER_ORG);
    const uint32_t whole = add_operator(book, "whole", ROLE_AUDITOR, 0);
    const struct command import = open_import(book);
    (void)serve_by(book, here, 1);
    const uint64_t own = do_as(book, here, &import).entry; /* of no org: nobody else's */
    const struct command other = record_service(book, OTHER_MEMBER, 60, TODAY);
    (void)book_try(book, &other);
    const uint32_t readers[] = {here, there, whole};
    size_t counts[3] = {0};
    bool has_own[3] = {false};
    for (size_t i = 0; i < 3; i++) {
        const Lovebank__V1__EntryListRequest request = after(0);
        const Lovebank__V1__EntryListResponse *page = list(service, actor_of(readers[i]), &request);
        for (uint64_t number = 1; number <= book_head(book); number++) {
            Lovebank__V1__EntryRef ref = LOVEBANK__V1__ENTRY_REF__INIT;
            Lovebank__V1__EntryGetRequest get = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
            ref.entry = number;
            get.target = &ref;
            const bool is_listed =
                counts[i] < page->n_entries && number_at(service, page, counts[i]) == number;
            counts[i] += is_listed;
            has_own[i] = has_own[i] || (is_listed && number == own);
            assert_int_equal(
                service_ask(service, actor_of(readers[i]), METHOD_ENTRY_GET, &get.base),
                is_listed ? LB_OK : LB_OUT_OF_SCOPE);
        }
        assert_int_equal(counts[i], page->n_entries);
    }
    assert_true(counts[0] > 0 && counts[1] > 0);
    assert_int_equal(counts[2], book_head(book));
    assert_true(has_own[0] && !has_own[1] && has_own[2]);
    service_free(service);
}

/* A page ends after so many entries, wanted or not. */
static void a_page_looks_at_a_bounded_number_of_entries(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint64_t before = book_head(book);
    struct command commands[LB_PAGE_ROWS_MAX];
    for (size_t i = 0; i < LB_PAGE_ROWS_MAX; i++) {
        commands[i] = rename_member(book, 1, "张小明");
    }
    book_do(book, commands, LB_PAGE_ROWS_MAX);
    Lovebank__V1__EntryListRequest request = newest_first();
    request.act = ACT_ORG_OPEN;
    const Lovebank__V1__EntryListResponse *page = list(service, trusted, &request);
    assert_int_equal(page->n_entries, 0);
    assert_int_equal(page->next, before + 1);
    request.before_entry = page->next;
    page = list(service, trusted, &request);
    assert_int_equal(page->n_entries, 2);
    assert_int_equal(page->next, 0);
    Lovebank__V1__EntryListRequest older = after(before);
    older.act = ACT_ORG_OPEN;
    assert_int_equal(list(service, trusted, &older)->next, before + LB_PAGE_ROWS_MAX);
    service_free(service);
}

/* ---- rejects ---- */

static void an_unknown_org_is_told_in_the_answer(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__EntryListRequest request = newest_first();
    request.org = 8;
    const Lovebank__V1__EntryListResponse *page =
        service_answer(service, trusted, METHOD_ENTRY_LIST, &request.base,
                       &lovebank__v1__entry_list_response__descriptor);
    assert_int_equal(page->code, LB_ORG_UNKNOWN);
    assert_int_equal(page->a, 8);
    assert_int_equal(page->n_entries, 0);
    service_free(service);
}

static void a_beginning_for_the_other_direction_and_an_act_that_is_none_are_refused(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__EntryListRequest request = after(3);
    request.newest_first = true;
    assert_int_equal(service_ask(service, trusted, METHOD_ENTRY_LIST, &request.base),
                     LB_FIELD_INVALID);
    request = after(0);
    request.before_entry = 3;
    assert_int_equal(service_ask(service, trusted, METHOD_ENTRY_LIST, &request.base),
                     LB_FIELD_INVALID);
    const uint32_t acts[] = {1, 19, 51, UINT32_MAX};
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        request = after(0);
        request.act = acts[i];
        assert_int_equal(service_ask(service, trusted, METHOD_ENTRY_LIST, &request.base),
                         LB_FIELD_INVALID);
    }
    service_free(service);
}

static void a_viewer_and_a_stranger_see_no_entries(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t viewer = add_operator(book, "viewer", ROLE_VIEWER, 0);
    const Lovebank__V1__EntryListRequest request = after(0);
    assert_int_equal(service_ask(service, actor_of(viewer), METHOD_ENTRY_LIST, &request.base),
                     LB_UNAUTHORISED);
    assert_int_equal(service_ask(service, nobody, METHOD_ENTRY_LIST, &request.base),
                     LB_LOGIN_REQUIRED);
    service_free(service);
}

/* ---- faults ---- */

static void a_page_for_which_there_is_no_memory_is_to_be_tried_later(void **state)
{
    struct book *book = *state;
    const Lovebank__V1__EntryListRequest request = newest_first();
    uint32_t result = LB_TRY_LATER;
    unsigned failures = 0;
    for (size_t bytes = 64; result != LB_OK; bytes *= 2) {
        struct service *service = service_new_within(book, bytes);
        result = service_ask(service, trusted, METHOD_ENTRY_LIST, &request.base);
        failures += result == LB_TRY_LATER;
        assert_true(result == LB_OK || result == LB_TRY_LATER);
        service_free(service);
    }
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST_WITH_TOWN(older_first_every_entry_comes_once_and_next_ends_at_the_newest),
        TEST_WITH_TOWN(newest_first_every_entry_comes_once_and_next_ends_at_zero),
        TEST_WITH_TOWN(where_nothing_is_new_next_is_the_newest_also_from_beyond_it),
        cmocka_unit_test_setup_teardown(an_empty_book_has_an_empty_page, book_set_up,
                                        book_tear_down),
        TEST_WITH_TOWN(act_principal_device_and_org_choose),
        TEST_WITH_TOWN(an_org_s_entries_are_those_of_what_is_below_it_today),
        TEST_WITH_TOWN(refusals_and_what_waits_are_left_out_when_asked),
        TEST_WITH_TOWN(a_day_s_entries_come_in_both_orders_and_no_other_day_s),
        TEST_WITH_TOWN(a_list_shows_what_its_reader_may_read_and_nothing_else),
        TEST_WITH_TOWN(a_page_looks_at_a_bounded_number_of_entries),
        /* rejects */
        TEST_WITH_TOWN(an_unknown_org_is_told_in_the_answer),
        TEST_WITH_TOWN(a_beginning_for_the_other_direction_and_an_act_that_is_none_are_refused),
        TEST_WITH_TOWN(a_viewer_and_a_stranger_see_no_entries),
        /* faults */
        TEST_WITH_TOWN(a_page_for_which_there_is_no_memory_is_to_be_tried_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
