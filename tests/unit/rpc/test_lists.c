/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Lists of accounts and of what waits for a second person; who made an entry, and what for. */
#include "fixture.h"

#define METHOD_ENTRY_GET      UINT16_C(4)
#define METHOD_PRINCIPAL_LIST UINT16_C(44)
#define METHOD_PROPOSAL_LIST  UINT16_C(45)

/* ---- accounts ---- */

static const Lovebank__V1__PrincipalListResponse *accounts(struct service *service, uint32_t after,
                                                           uint32_t limit)
{
    Lovebank__V1__PrincipalListRequest request = LOVEBANK__V1__PRINCIPAL_LIST_REQUEST__INIT;
    request.after = after;
    request.limit = limit;
    return service_answer(service, trusted, METHOD_PRINCIPAL_LIST, &request.base,
                          &lovebank__v1__principal_list_response__descriptor);
}

static void accounts_come_with_their_roles_of_today(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    (void)add_operator(book, "li.na", ROLE_DESK, ORG);
    struct command device = command_of(book, ACT_DEVICE_OPEN);
    device.act.device_open = (struct act_device_open){
        .name = BYTES_LITERAL("兑换台"), .org = ORG, .counter = COUNTER, .token_hash = {1}};
    struct command later = set_role(book, 1, ROLE_ADMINISTRATOR, 0);
    later.day = TODAY + 1;
    const struct command commands[] = {device, later};
    book_do(book, commands, 2);

    const Lovebank__V1__PrincipalListResponse *list = accounts(service, 0, 0);
    assert_int_equal(list->n_principals, 2);
    assert_int_equal(list->next, 0);
    const Lovebank__V1__PrincipalInfo *info = list->principals[0];
    assert_int_equal(info->principal, 1);
    assert_false(info->is_device);
    assert_string_equal(info->name, "li.na");
    assert_int_equal(info->state, PRINCIPAL_ACTIVE);
    assert_int_equal(info->n_roles, 1);
    assert_int_equal(info->roles[0]->role, ROLE_DESK);
    assert_int_equal(info->roles[0]->org, ORG);
    info = list->principals[1];
    assert_true(info->is_device);
    assert_string_equal(info->name, "兑换台");
    assert_int_equal(info->org, ORG);
    assert_int_equal(info->counter, COUNTER);
    assert_int_equal(info->n_roles, 0);
    service_free(service);
}

static void accounts_come_in_pages(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    (void)add_operator(book, "one", ROLE_DESK, ORG);
    (void)add_operator(book, "two", ROLE_DESK, ORG);
    (void)add_operator(book, "three", ROLE_DESK, ORG);
    const Lovebank__V1__PrincipalListResponse *page = accounts(service, 0, 2);
    assert_int_equal(page->n_principals, 2);
    assert_int_equal(page->next, 2);
    page = accounts(service, page->next, 2);
    assert_int_equal(page->n_principals, 1);
    assert_string_equal(page->principals[0]->name, "three");
    assert_int_equal(page->next, 0);
    assert_int_equal(accounts(service, UINT32_MAX, 2)->n_principals, 0);
    service_free(service);
}

static void accounts_are_shown_in_scope(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const uint32_t manager = add_operator(book, "manager", ROLE_ADMINISTRATOR, ORG);
    (void)add_operator(book, "chief", ROLE_ADMINISTRATOR, 0);
    (void)add_operator(book, "elsewhere", ROLE_DESK, OTHER_ORG);
    struct command here = command_of(book, ACT_DEVICE_OPEN);
    here.act.device_open =
        (struct act_device_open){.name = BYTES_LITERAL("here"), .org = ORG, .token_hash = {1}};
    struct command there = command_of(book, ACT_DEVICE_OPEN);
    there.act.device_open = (struct act_device_open){
        .name = BYTES_LITERAL("there"), .org = OTHER_ORG, .token_hash = {2}};
    const struct command commands[] = {here, there, open_operator(book, "anothers")};
    book_do(book, commands, 3);
    const struct command opened = open_operator(book, "new");
    assert_int_equal(do_as(book, manager, &opened).verdict.code, LB_OK);

    const Lovebank__V1__PrincipalListRequest request = LOVEBANK__V1__PRINCIPAL_LIST_REQUEST__INIT;
    const Lovebank__V1__PrincipalListResponse *list =
        service_answer(service, actor_of(manager), METHOD_PRINCIPAL_LIST, &request.base,
                       &lovebank__v1__principal_list_response__descriptor);
    assert_int_equal(list->n_principals, 3);
    assert_string_equal(list->principals[0]->name, "manager");
    assert_string_equal(list->principals[1]->name, "here");
    assert_string_equal(list->principals[2]->name, "new");
    assert_int_equal(list->next, 0);
    assert_int_equal(accounts(service, 0, 0)->n_principals, 7);
    service_free(service);
}

/* ---- what waits ---- */

struct desks {
    uint32_t desk;     /* records more than the policy allows alone */
    uint32_t reviewer; /* both of ORG */
    uint32_t elsewhere;
};

static struct desks desks_open(struct book *book)
{
    struct command policy = command_of(book, ACT_POLICY_SET);
    policy.act.policy_set = (struct act_policy_set){.service_minutes = 60, .proposal_days = 7};
    book_do(book, &policy, 1);
    return (struct desks){
        .desk = add_operator(book, "desk", ROLE_DESK, ORG),
        .reviewer = add_operator(book, "reviewer", ROLE_REVIEWER, ORG),
        .elsewhere = add_operator(book, "elsewhere", ROLE_REVIEWER, OTHER_ORG),
    };
}

/* Waits. The entry. */
static uint64_t propose(struct book *book, uint32_t principal, uint64_t member)
{
    struct command command = record_service(book, member, 90, TODAY);
    command.memo = BYTES_LITERAL("两次合并");
    const struct engine_result result = do_as(book, principal, &command);
    assert_int_equal(result.verdict.code, LB_WAITING);
    return result.entry;
}

static uint64_t confirm(struct book *book, uint32_t principal, uint64_t proposal)
{
    struct command command = command_of(book, ACT_PROPOSAL_DECIDE);
    command.act.proposal_decide =
        (struct act_proposal_decide){.proposal = {.entry = proposal}, .confirm = true};
    const struct engine_result result = do_as(book, principal, &command);
    assert_int_equal(result.verdict.code, LB_OK);
    return result.entry;
}

static const Lovebank__V1__ProposalListResponse *
proposals(struct service *service, struct actor actor, bool with_decided, uint64_t before)
{
    Lovebank__V1__ProposalListRequest request = LOVEBANK__V1__PROPOSAL_LIST_REQUEST__INIT;
    request.with_decided = with_decided;
    request.before_entry = before;
    request.limit = 2;
    return service_answer(service, actor, METHOD_PROPOSAL_LIST, &request.base,
                          &lovebank__v1__proposal_list_response__descriptor);
}

static void what_waits_comes_newest_first_until_it_is_decided_or_expires(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const struct desks desks = desks_open(book);
    const struct actor reviewer = actor_of(desks.reviewer);
    const uint64_t first = propose(book, desks.desk, 1);
    (void)propose(book, desks.desk, 2);
    const uint64_t third = propose(book, desks.desk, 3);

    const Lovebank__V1__ProposalListResponse *page = proposals(service, reviewer, false, 0);
    assert_int_equal(page->n_proposals, 2);
    assert_int_equal(page->next, first + 1);
    assert_int_equal(page->proposals[0]->expires_day, TODAY + 7);
    assert_string_equal(page->proposals[0]->entry->memo, "两次合并");
    assert_string_equal(page->proposals[0]->entry->principal_name, "desk");
    page = proposals(service, reviewer, false, page->next);
    assert_int_equal(page->n_proposals, 1);
    assert_int_equal(page->next, 0);

    const uint64_t confirmed = confirm(book, desks.reviewer, third);
    assert_int_equal(proposals(service, reviewer, false, third)->n_proposals, 2);
    assert_int_equal(proposals(service, reviewer, false, third + 1)->n_proposals, 2);
    page = proposals(service, reviewer, true, 0);
    assert_int_equal(page->proposals[0]->decided_by, confirmed);
    assert_true(page->proposals[0]->confirmed);

    clock_step(&book->stepper, 8 * INT64_C(86400000));
    assert_int_equal(proposals(service, reviewer, false, 0)->n_proposals, 0);
    assert_int_equal(proposals(service, reviewer, true, 0)->n_proposals, 2);
    service_free(service);
}

static void what_waits_is_shown_to_its_maker_and_in_scope(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const struct desks desks = desks_open(book);
    const uint32_t viewer = add_operator(book, "viewer", ROLE_VIEWER, ORG);
    (void)propose(book, desks.desk, 1);
    assert_int_equal(proposals(service, trusted, false, 0)->n_proposals, 1);
    assert_int_equal(proposals(service, actor_of(desks.desk), false, 0)->n_proposals, 1);
    assert_int_equal(proposals(service, actor_of(desks.reviewer), false, 0)->n_proposals, 1);
    assert_int_equal(proposals(service, actor_of(desks.elsewhere), false, 0)->n_proposals, 0);
    const Lovebank__V1__ProposalListRequest request = LOVEBANK__V1__PROPOSAL_LIST_REQUEST__INIT;
    assert_int_equal(service_ask(service, actor_of(viewer), METHOD_PROPOSAL_LIST, &request.base),
                     LB_UNAUTHORISED);
    service_free(service);
}

/* Acts on orgs count for no member: only who may decide such a one sees it beside its maker. */
static void an_act_of_the_registry_that_waits_is_shown_to_who_may_decide_it(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    struct command policy = command_of(book, ACT_POLICY_SET);
    policy.act.policy_set = (struct act_policy_set){.back_days = 1, .proposal_days = 7};
    book_do(book, &policy, 1);
    const uint32_t administrator = add_operator(book, "administrator", ROLE_ADMINISTRATOR, ORG);
    struct command update = command_of(book, ACT_ORG_UPDATE);
    update.day = TODAY - 10;
    update.act.org_update = (struct act_org_update){.org = ORG, .name = BYTES_LITERAL("新名")};
    assert_int_equal(do_as(book, administrator, &update).verdict.code, LB_WAITING);
    const uint32_t beside = add_operator(book, "beside", ROLE_ADMINISTRATOR, ORG);
    const uint32_t reviewer = add_operator(book, "reviewer", ROLE_REVIEWER, ORG);
    const uint32_t elsewhere = add_operator(book, "elsewhere", ROLE_REVIEWER, OTHER_ORG);
    assert_int_equal(proposals(service, actor_of(administrator), false, 0)->n_proposals, 1);
    assert_int_equal(proposals(service, actor_of(reviewer), false, 0)->n_proposals, 1);
    assert_int_equal(proposals(service, actor_of(beside), false, 0)->n_proposals, 0);
    assert_int_equal(proposals(service, actor_of(elsewhere), false, 0)->n_proposals, 0);
    service_free(service);
}

static void a_confirmed_act_names_both_persons_and_what_it_was_for(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const struct desks desks = desks_open(book);
    const uint64_t confirmed = confirm(book, desks.reviewer, propose(book, desks.desk, 1));
    Lovebank__V1__EntryRef ref = LOVEBANK__V1__ENTRY_REF__INIT;
    Lovebank__V1__EntryGetRequest request = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    ref.entry = confirmed;
    request.target = &ref;
    const Lovebank__V1__EntryGetResponse *answer =
        service_answer(service, trusted, METHOD_ENTRY_GET, &request.base,
                       &lovebank__v1__entry_get_response__descriptor);
    assert_string_equal(answer->entry->principal_name, "desk");
    assert_string_equal(answer->entry->approver_name, "reviewer");
    assert_string_equal(answer->entry->memo, "两次合并");
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST_WITH_TOWN(accounts_come_with_their_roles_of_today),
        TEST_WITH_TOWN(accounts_come_in_pages),
        TEST_WITH_TOWN(what_waits_comes_newest_first_until_it_is_decided_or_expires),
        TEST_WITH_TOWN(an_act_of_the_registry_that_waits_is_shown_to_who_may_decide_it),
        TEST_WITH_TOWN(a_confirmed_act_names_both_persons_and_what_it_was_for),
        /* rejects */
        TEST_WITH_TOWN(accounts_are_shown_in_scope),
        TEST_WITH_TOWN(what_waits_is_shown_to_its_maker_and_in_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
