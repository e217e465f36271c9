/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Who may read what: every method, by every role, in its scope, out of it, and over the whole book.
 */
#include "../../../server/rpc/src/method.h"
#include "fixture.h"

/* Where a method's right has to be had for what is asked of it here, which is in ORG. */
enum where {
    AT_ORG,
    AT_BOOK,
    ANYWHERE,
};

struct read_case {
    const char *method;
    enum where where;
    const ProtobufCMessage *request;
};

static uint16_t method_number(const char *name)
{
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const struct rpc_method *method = rpc_method_find((uint16_t)number);
        if (method != NULL && strcmp(method->name, name) == 0) {
            return (uint16_t)number;
        }
    }
    fail_msg("there is no method %s", name);
    return 0;
}

static uint64_t serve(struct book *book, uint64_t member)
{
    const struct command command = record_service(book, member, 60, TODAY);
    return book_try(book, &command).entry;
}

/* ---- every method that reads, by every role ---- */

static uint32_t expected(const struct rpc_method *method, enum role role, enum where where,
                         uint64_t role_org)
{
    if (!role_has_right(role, method->right)) {
        return LB_UNAUTHORISED;
    }
    const bool is_within =
        where == ANYWHERE || role_org == 0 || (where == AT_ORG && role_org == ORG);
    return is_within ? LB_OK : LB_OUT_OF_SCOPE;
}

static void check_reads(struct service *service, const struct read_case *reads, size_t count,
                        enum role role, uint64_t role_org)
{
    char login[32];
    snprintf(login, sizeof(login), "r%d-%llu", (int)role, (unsigned long long)role_org);
    const uint32_t principal = add_operator(service->book, login, role, role_org);
    for (size_t i = 0; i < count; i++) {
        const uint16_t number = method_number(reads[i].method);
        const struct rpc_method *method = rpc_method_find(number);
        const uint32_t result = service_ask(service, actor_of(principal), number, reads[i].request);
        if (result != expected(method, role, reads[i].where, role_org)) {
            fail_msg("%s by role %d at %llu: %s", method->name, (int)role,
                     (unsigned long long)role_org, lb_result_name((int)result));
        }
    }
}

static void every_read_is_as_the_table_of_roles_says_in_scope_and_out_of_it(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__MemberRef member = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__EntryRef entry = LOVEBANK__V1__ENTRY_REF__INIT;
    Lovebank__V1__EntryGetRequest entry_get = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    const Lovebank__V1__VerifyRequest verify = LOVEBANK__V1__VERIFY_REQUEST__INIT;
    const Lovebank__V1__EntryListRequest entry_list = LOVEBANK__V1__ENTRY_LIST_REQUEST__INIT;
    const Lovebank__V1__ImportListRequest import_list = LOVEBANK__V1__IMPORT_LIST_REQUEST__INIT;
    Lovebank__V1__BackupRequest backup;
    lovebank__v1__backup_request__init(&backup);
    const Lovebank__V1__OrgListRequest org_list = LOVEBANK__V1__ORG_LIST_REQUEST__INIT;
    const Lovebank__V1__CatalogueRequest catalogue = LOVEBANK__V1__CATALOGUE_REQUEST__INIT;
    const Lovebank__V1__StockRequest stock = LOVEBANK__V1__STOCK_REQUEST__INIT;
    Lovebank__V1__MemberGetRequest member_get = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    Lovebank__V1__MemberFindRequest member_find;
    lovebank__v1__member_find_request__init(&member_find);
    Lovebank__V1__HistoryRequest history = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    Lovebank__V1__StarsRequest stars = LOVEBANK__V1__STARS_REQUEST__INIT;
    Lovebank__V1__ReportRequest report = LOVEBANK__V1__REPORT_REQUEST__INIT;
    const Lovebank__V1__PrincipalListRequest principals =
        LOVEBANK__V1__PRINCIPAL_LIST_REQUEST__INIT;
    const Lovebank__V1__ProposalListRequest proposals = LOVEBANK__V1__PROPOSAL_LIST_REQUEST__INIT;
    member.member = 1;
    entry.entry = serve(service->book, 1);
    entry_get.target = &entry;
    member_get.member = &member;
    member_find.text = (char *)(uintptr_t) "张";
    history.member = &member;
    stars.org = report.org = ORG;
    stars.year = report.year = 2016;
    const struct read_case reads[] = {
        {"entry_get", AT_ORG, &entry_get.base},
        {"entry_list", ANYWHERE, &entry_list.base},
        {"verify", AT_BOOK, &verify.base},
        {"import_list", ANYWHERE, &import_list.base},
        {"backup", AT_BOOK, &backup.base},
        {"org_list", ANYWHERE, &org_list.base},
        {"catalogue", ANYWHERE, &catalogue.base},
        {"stock", ANYWHERE, &stock.base},
        {"member_get", AT_ORG, &member_get.base},
        {"member_find", ANYWHERE, &member_find.base},
        {"history", AT_ORG, &history.base},
        {"stars", AT_ORG, &stars.base},
        {"report", AT_ORG, &report.base},
        {"principal_list", ANYWHERE, &principals.base},
        {"proposal_list", ANYWHERE, &proposals.base},
    };
    const size_t count = sizeof(reads) / sizeof(reads[0]);
    const uint64_t orgs[] = {0, ORG, OTHER_ORG};
    size_t with_right = 0;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const struct rpc_method *method = rpc_method_find((uint16_t)number);
        with_right += method != NULL && method->right != RIGHT_NONE;
    }
    assert_int_equal(with_right, count); /* none is left out above */
    for (int role = ROLE_VIEWER; role <= ROLE_DISTRICT; role++) {
        for (size_t i = 0; i < sizeof(orgs) / sizeof(orgs[0]); i++) {
            check_reads(service, reads, count, (enum role)role, orgs[i]);
        }
    }
    service_free(service);
}

/* ---- accepts ---- */

static size_t find(struct service *service, uint32_t principal, const char *text, uint64_t org)
{
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    request.text = (char *)(uintptr_t)text;
    request.org = org;
    const Lovebank__V1__MemberFindResponse *answer =
        service_answer(service, actor_of(principal), method_number("member_find"), &request.base,
                       &lovebank__v1__member_find_response__descriptor);
    return answer->n_members;
}

static void only_members_in_scope_are_found(void **state)
{
    struct service *service = service_new(*state);
    book_wait_work(service->book); /* the index of names */
    const uint32_t whole = add_operator(service->book, "whole", ROLE_VIEWER, 0);
    const uint32_t here = add_operator(service->book, "here", ROLE_VIEWER, ORG);
    const uint32_t there = add_operator(service->book, "there", ROLE_VIEWER, OTHER_ORG);
    assert_int_equal(find(service, whole, "张", 0), 4);
    assert_int_equal(find(service, whole, "张", OTHER_ORG), 1);
    assert_int_equal(find(service, here, "张", 0), 3);
    assert_int_equal(find(service, here, "张", ORG), 3);
    assert_int_equal(find(service, here, "张", OTHER_ORG), 0);
    assert_int_equal(find(service, there, "张", 0), 1);
    assert_int_equal(find(service, there, "张小明", 0), 0);
    service_free(service);
}

static size_t find_id_number(struct service *service, uint32_t principal, const char *number)
{
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    request.id_number = (char *)(uintptr_t)number;
    const Lovebank__V1__MemberFindResponse *answer =
        service_answer(service, actor_of(principal), method_number("member_find"), &request.base,
                       &lovebank__v1__member_find_response__descriptor);
    assert_true(answer->n_members <= 1);
    return answer->n_members == 0 ? 0 : (size_t)answer->members[0]->member;
}

static void who_has_an_id_number_is_found_in_scope_alone(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    struct command command = register_member(book, 20, "王芳");
    command.act.member_register.person.id_number = BYTES_LITERAL("11010519491231002X");
    book_do(book, &command, 1);
    const uint32_t here = add_operator(book, "here", ROLE_DESK, ORG);
    const uint32_t there = add_operator(book, "there", ROLE_DESK, OTHER_ORG);
    assert_int_equal(find_id_number(service, here, "11010519491231002x"), 20);
    assert_int_equal(find_id_number(service, here, "110105194912310038"), 0);
    assert_int_equal(find_id_number(service, there, "11010519491231002X"), 0);
    service_free(service);
}

static uint32_t get_entry(struct service *service, uint32_t principal, uint64_t number)
{
    Lovebank__V1__EntryRef ref = LOVEBANK__V1__ENTRY_REF__INIT;
    Lovebank__V1__EntryGetRequest request = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    ref.entry = number;
    request.target = &ref;
    return service_ask(service, actor_of(principal), method_number("entry_get"), &request.base);
}

static void an_entry_is_read_by_the_org_that_it_was_to_count_for(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t whole = add_operator(book, "whole", ROLE_AUDITOR, 0);
    const uint32_t here = add_operator(book, "here", ROLE_AUDITOR, ORG);
    const uint32_t there = add_operator(book, "there", ROLE_AUDITOR, OTHER_ORG);
    const struct command refused = record_too_early(book, 1);
    struct command elsewhere = record_service(book, 1, 30, TODAY);
    elsewhere.act.service_record.org = OTHER_ORG;
    const struct command tariff = set_tariff(book);
    const struct command goods = set_item(book, RICE, ITEM_GOODS);
    book_do(book, &goods, 1);
    const struct command stock = receive_stock(book);
    const struct command issue = redeem(book, OTHER_MEMBER); /* at a counter of ORG, refused */
    /* Before it joined the member was in no org: then the one that it came to is told. */
    const uint64_t of_here[] = {serve(book, 1), book_try(book, &stock).entry,
                                book_try(book, &issue).entry, book_try(book, &refused).entry};
    const uint64_t of_there[] = {serve(book, OTHER_MEMBER), book_try(book, &elsewhere).entry};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(get_entry(service, here, of_here[i]), LB_OK);
        assert_int_equal(get_entry(service, there, of_here[i]), LB_OUT_OF_SCOPE);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(get_entry(service, here, of_there[i]), LB_OUT_OF_SCOPE);
        assert_int_equal(get_entry(service, there, of_there[i]), LB_OK);
    }
    const uint64_t of_all = book_try(book, &tariff).entry;
    assert_int_equal(get_entry(service, here, of_all), LB_OUT_OF_SCOPE);
    assert_int_equal(get_entry(service, whole, of_all), LB_OK);
    service_free(service);
}

static size_t list_imports(struct service *service, uint32_t principal)
{
    const Lovebank__V1__ImportListRequest request = LOVEBANK__V1__IMPORT_LIST_REQUEST__INIT;
    const Lovebank__V1__ImportListResponse *answer =
        service_answer(service, actor_of(principal), method_number("import_list"), &request.base,
                       &lovebank__v1__import_list_response__descriptor);
    return answer->n_imports;
}

static void imports_are_shown_to_who_opened_them_and_over_the_whole_book(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t whole = add_operator(book, "whole", ROLE_AUDITOR, 0);
    const uint32_t own = add_operator(book, "own", ROLE_DESK, ORG);
    const uint32_t beside = add_operator(book, "beside", ROLE_DESK, ORG);
    const struct command opened = open_import(book);
    const struct command by_server = open_import(book);
    book_do(book, &by_server, 1);
    const uint64_t import = do_as(book, own, &opened).assigned;
    assert_int_equal(list_imports(service, whole), 2);
    assert_int_equal(list_imports(service, own), 1);
    assert_int_equal(list_imports(service, beside), 0);
    Lovebank__V1__HistoryRequest history = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    history.import = import;
    const uint16_t method = method_number("history");
    assert_int_equal(service_ask(service, actor_of(whole), method, &history.base), LB_OK);
    assert_int_equal(service_ask(service, actor_of(own), method, &history.base), LB_OK);
    assert_int_equal(service_ask(service, actor_of(beside), method, &history.base),
                     LB_OUT_OF_SCOPE);
    service_free(service);
}

static void a_counter_s_history_is_read_at_its_org(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t here = add_operator(book, "here", ROLE_COUNTER, ORG);
    const uint32_t there = add_operator(book, "there", ROLE_COUNTER, OTHER_ORG);
    const uint32_t viewer = add_operator(book, "viewer", ROLE_VIEWER, 0);
    Lovebank__V1__HistoryRequest history = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    const uint16_t method = method_number("history");
    history.counter = COUNTER;
    assert_int_equal(service_ask(service, actor_of(here), method, &history.base), LB_OK);
    assert_int_equal(service_ask(service, actor_of(there), method, &history.base), LB_OUT_OF_SCOPE);
    assert_int_equal(service_ask(service, actor_of(viewer), method, &history.base),
                     LB_UNAUTHORISED);
    service_free(service);
}

static const Lovebank__V1__StatusResponse *status_by(struct service *service, struct actor actor)
{
    const Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    return service_answer(service, actor, method_number("status"), &request.base,
                          &lovebank__v1__status_response__descriptor);
}

static void the_status_counts_members_for_who_is_logged_in_alone(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t viewer = add_operator(book, "viewer", ROLE_VIEWER, ORG);
    assert_int_equal(status_by(service, trusted)->members, 4);
    assert_int_equal(status_by(service, actor_of(viewer))->members, 4);
    (void)book_status(book); /* the tree has caught up */
    const Lovebank__V1__StatusResponse *status = status_by(service, nobody);
    assert_string_equal(status->version, "test");
    assert_int_equal(status->durable_entry, book_head(book));
    assert_int_equal(status->tree_size, book_head(book));
    assert_int_equal(status->tree_root.len, LB_HASH_BYTES);
    assert_int_equal(status->today_day, TODAY);
    assert_int_equal(status->members + status->cards + status->connections, 0);
    assert_int_equal(status->started_ms + (int64_t)status->entries_written, 0);
    assert_int_equal(status->requests + status->checkpoint_entry, 0);
    service_free(service);
}

/* In memory all is where it stays, without checkpoints. */
static void the_status_counts_requests_and_says_up_to_where_the_database_is(void **state)
{
    struct service *service = service_new(*state);
    const Lovebank__V1__StatusResponse *status = status_by(service, trusted);
    assert_int_equal(status->requests, 1);
    assert_int_equal(status->checkpoint_entry, book_head(service->book));
    assert_int_equal(status->checkpoint_ms, 0);
    assert_int_equal(status->backup_ms, 0);
    assert_false(status->backup_verified);
    service_send(service, nobody, UINT16_MAX, BYTES_LITERAL("")); /* refused, and counted */
    assert_int_equal(status_by(service, trusted)->requests, 3);
    service_free(service);
}

/* ---- rejects ---- */

static void without_a_log_in_only_open_methods_answer(void **state)
{
    struct service *service = service_new(*state);
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const struct rpc_method *method = rpc_method_find((uint16_t)number);
        if (method == NULL || (method->flags & RPC_OPEN) != 0) {
            continue;
        }
        struct lb_frame_error error;
        /* Not even whether the request can be read. */
        service_send(service, nobody, (uint16_t)number, BYTES_LITERAL("\xff"));
        assert_int_equal(service->kind, LB_FRAME_ERROR);
        assert_int_equal(
            lb_frame_error_decode(service->payload.data, service->payload.size, &error), LB_OK);
        assert_int_equal(error.result, LB_LOGIN_REQUIRED);
    }
    service_free(service);
}

static void an_account_that_is_locked_unknown_or_without_roles_reads_nothing(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const Lovebank__V1__OrgListRequest request = LOVEBANK__V1__ORG_LIST_REQUEST__INIT;
    const uint16_t method = method_number("org_list");
    const uint32_t locked = add_operator(book, "locked", ROLE_ADMINISTRATOR, 0);
    (void)add_operator(book, "another", ROLE_ADMINISTRATOR, 0);
    const struct command open = open_operator(book, "idle");
    const uint32_t idle = (uint32_t)book_try(book, &open).assigned;
    assert_int_equal(service_ask(service, actor_of(locked), method, &request.base), LB_OK);
    struct command lock = command_of(book, ACT_PRINCIPAL_SET);
    lock.act.principal_set =
        (struct act_principal_set){.principal = locked, .state = PRINCIPAL_IS_LOCKED};
    book_do(book, &lock, 1);
    assert_int_equal(service_ask(service, actor_of(locked), method, &request.base),
                     LB_PRINCIPAL_LOCKED);
    assert_int_equal(service_ask(service, actor_of(idle), method, &request.base), LB_UNAUTHORISED);
    assert_int_equal(service_ask(service, actor_of(77), method, &request.base), LB_LOGIN_REQUIRED);
    service_free(service);
}

/* Requests of one turn share a view, and what was allowed to one caller there. */
static void what_one_caller_may_read_another_of_the_same_turn_may_not(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t here = add_operator(book, "here", ROLE_DESK, ORG);
    const uint32_t there = add_operator(book, "there", ROLE_DESK, OTHER_ORG);
    const uint32_t viewer = add_operator(book, "viewer", ROLE_VIEWER, ORG);
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    struct actor at_device = actor_of(here);
    at_device.device = 77; /* there is none */
    request.member = &ref;
    const struct {
        struct actor actor;
        uint64_t member;
        bool with_person;
        uint32_t expected;
    } asked[] = {
        {actor_of(here), 1, false, LB_OK},
        {actor_of(there), 1, false, LB_OUT_OF_SCOPE},
        {actor_of(here), 1, false, LB_OK},
        {actor_of(here), OTHER_MEMBER, false, LB_OUT_OF_SCOPE},
        {at_device, 1, false, LB_LOGIN_REQUIRED},
        {actor_of(viewer), 2, false, LB_OK},
        {actor_of(viewer), 2, true, LB_UNAUTHORISED},
    };
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        ref.member = asked[i].member;
        request.with_person = asked[i].with_person;
        assert_int_equal(
            service_ask_within(service, asked[i].actor, method_number("member_get"), &request.base),
            asked[i].expected);
    }
    rpc_turn_end(service->rpc);
    service_free(service);
}

static void a_search_is_for_a_name_or_an_id_number(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    const uint16_t method = method_number("member_find");
    assert_int_equal(service_ask(service, trusted, method, &request.base), LB_FIELD_MISSING);
    request.text = (char *)(uintptr_t) "张";
    request.id_number = (char *)(uintptr_t) "11010519491231002X";
    assert_int_equal(service_ask(service, trusted, method, &request.base), LB_FIELD_INVALID);
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_TOWN(every_read_is_as_the_table_of_roles_says_in_scope_and_out_of_it),
        /* accepts */
        TEST_WITH_TOWN(only_members_in_scope_are_found),
        TEST_WITH_TOWN(who_has_an_id_number_is_found_in_scope_alone),
        TEST_WITH_TOWN(an_entry_is_read_by_the_org_that_it_was_to_count_for),
        TEST_WITH_TOWN(imports_are_shown_to_who_opened_them_and_over_the_whole_book),
        TEST_WITH_TOWN(a_counter_s_history_is_read_at_its_org),
        TEST_WITH_TOWN(the_status_counts_members_for_who_is_logged_in_alone),
        TEST_WITH_TOWN(the_status_counts_requests_and_says_up_to_where_the_database_is),
        /* rejects */
        TEST_WITH_TOWN(without_a_log_in_only_open_methods_answer),
        TEST_WITH_TOWN(an_account_that_is_locked_unknown_or_without_roles_reads_nothing),
        TEST_WITH_TOWN(what_one_caller_may_read_another_of_the_same_turn_may_not),
        TEST_WITH_TOWN(a_search_is_for_a_name_or_an_id_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
