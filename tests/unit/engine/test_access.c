/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who may send a command is decided before its id is looked at, for each command and for batches;
 * credentials stand sealed beside the entry and nowhere in it.
 */
#include "rows_fixture.h"
#include "second_fixture.h"

#include "entry/codec.h"

#define DESK   1 /* principals */
#define VIEWER 2
#define FAR    3 /* a desk of another org */
#define OTHER  (ORG + 1)

static struct command set_role(struct book *book, uint32_t principal, enum role role, uint64_t org)
{
    struct command command = command_of(book, ACT_ROLE_SET);
    command.act.role_set = (struct act_role_set){.principal = principal,
                                                 .roles = {.items = {{role, org}}, .count = 1}};
    return command;
}

static int access_set_up(void **state)
{
    (void)furnished_set_up(state);
    struct book *book = *state;
    struct command other = open_org(book);
    other.act.org_open.org = OTHER;
    const struct command commands[] = {
        other,
        open_operator(book, BYTES_LITERAL("desk"), 0),
        open_operator(book, BYTES_LITERAL("viewer"), 0),
        open_operator(book, BYTES_LITERAL("far"), 0),
        set_role(book, DESK, ROLE_DESK, ORG),
        set_role(book, VIEWER, ROLE_VIEWER, ORG),
        set_role(book, FAR, ROLE_DESK, OTHER),
    };
    book_do(book, commands, sizeof(commands) / sizeof(commands[0]));
    return 0;
}

#define ACCESS_TEST(name) cmocka_unit_test_setup_teardown(name, access_set_up, book_tear_down)

static enum lb_result code_as(struct book *book, uint32_t principal, const struct command *command)
{
    return book_try_as(book, principal, command).verdict.code;
}

/* All or nothing; the request's verdict, or that of its last line. */
static struct engine_result batch_as(struct book *book, uint32_t principal, struct id batch_id,
                                     const struct command *commands, size_t count)
{
    struct request request;
    request_init(&request, book, commands, count);
    request.write.actor = (struct actor){.principal = principal};
    request.write.all_or_nothing = true;
    request.write.batch_id = batch_id;
    request_do(&request);
    struct engine_result result = {.verdict = request.write.verdict};
    if (result.verdict.code == LB_OK) {
        result = request.write.results[count - 1];
        result.lines = NULL;
    }
    request_fini(&request);
    return result;
}

/* ---- accepts ---- */

static void who_may_send_a_command_has_it_done_under_its_own_name(void **state)
{
    struct book *book = *state;
    struct arena arena;
    struct entry entry;
    const struct command command = record_service(book, 1, 60, TODAY);
    assert_int_equal(code_as(book, DESK, &command), LB_OK);
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, book_head(book));
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(entry_unpack(bytes_of(row.data, row.size), &arena, &entry), LB_OK);
    assert_int_equal(entry.actor.principal, DESK);
    assert_int_equal(entry.actor.peer, 0);
    arena_fini(&arena);
}

static void a_credential_is_sealed_beside_the_entry_that_commits_to_it(void **state)
{
    struct book *book = *state;
    static const uint8_t code[LB_HASH_BYTES] = {9, 8, 7};
    struct command command = command_of(book, ACT_CREDENTIAL_SET);
    command.act.credential_set = (struct act_credential_set){
        .principal = VIEWER, .credential = {CREDENTIAL_ONE_TIME, {code, sizeof(code)}, 1234}};
    assert_int_equal(book_try(book, &command).verdict.code, LB_OK);

    struct arena arena;
    struct bytes packed;
    struct entry entry;
    struct credential credential;
    uint8_t commitment[LB_HASH_BYTES];
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, book_head(book));
    struct row_copy sealed = row_copy_number(book, TABLE_CREDENTIAL, VIEWER);
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(entry_unpack(bytes_of(row.data, row.size), &arena, &entry), LB_OK);
    assert_null(bank_command_credential(&entry.command));
    assert_int_equal(people_open_row(book->people, PEOPLE_CREDENTIAL, VIEWER,
                                     bytes_of(sealed.data, sealed.size), &arena, &packed,
                                     commitment),
                     LB_OK);
    assert_true(entry.credential_commitment.is_set);
    assert_memory_equal(commitment, entry.credential_commitment.hash, LB_HASH_BYTES);
    assert_int_equal(entry_unpack_credential(packed, &arena, &credential), LB_OK);
    assert_int_equal(credential.kind, CREDENTIAL_ONE_TIME);
    assert_int_equal(credential.expires_ms, 1234);
    assert_true(bytes_equal(credential.verifier, bytes_of(code, sizeof(code))));
    arena_fini(&arena);
    assert_verify_finds(book, "");
}

static void the_same_id_with_another_credential_is_the_same_command(void **state)
{
    struct book *book = *state;
    static const uint8_t code[LB_HASH_BYTES] = {1, 2, 3};
    struct command command = open_operator(book, BYTES_LITERAL("new.one"), 0);
    struct engine_result first = book_try(book, &command);
    assert_int_equal(first.verdict.code, LB_OK);
    command.act.operator_open.credential.verifier = bytes_of(code, sizeof(code));
    struct engine_result again = book_try(book, &command);
    assert_true(again.replayed);
    assert_int_equal(again.assigned, first.assigned);
}

/* ---- rejects ---- */

static void who_may_not_is_refused_and_nothing_is_recorded(void **state)
{
    struct book *book = *state;
    uint64_t head = book_head(book);
    const struct command command = record_service(book, 1, 60, TODAY);
    assert_int_equal(code_as(book, VIEWER, &command), LB_UNAUTHORISED);
    assert_int_equal(code_as(book, FAR, &command), LB_OUT_OF_SCOPE);
    assert_int_equal(code_as(book, 99, &command), LB_LOGIN_REQUIRED);
    assert_int_equal(code_as(book, 0, &command), LB_LOGIN_REQUIRED);
    assert_int_equal(book_head(book), head);
    assert_int_equal(code_as(book, DESK, &command), LB_OK); /* the id was not used up */
}

static void the_form_of_the_message_goes_first_and_its_content_last(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 0, TODAY); /* invalid */
    assert_int_equal(code_as(book, VIEWER, &command), LB_UNAUTHORISED);
    assert_int_equal(code_as(book, DESK, &command), LB_MINUTES_INVALID);
    command.act.service_record.category = 0; /* malformed */
    assert_int_equal(code_as(book, VIEWER, &command), LB_FIELD_MISSING);
}

static void who_may_not_is_not_told_what_stands_under_a_known_id(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 60, TODAY);
    assert_int_equal(code_as(book, DESK, &command), LB_OK);
    assert_true(book_try_as(book, DESK, &command).replayed);
    assert_int_equal(code_as(book, VIEWER, &command), LB_UNAUTHORISED);
    command.act.service_record.minutes = 61;
    assert_int_equal(code_as(book, DESK, &command), LB_ID_REUSED);
    assert_int_equal(code_as(book, FAR, &command), LB_OUT_OF_SCOPE);
    const struct command taken = set_role(book, DESK, ROLE_VIEWER, ORG);
    book_do(book, &taken, 1);
    assert_int_equal(code_as(book, DESK, &command), LB_UNAUTHORISED);
}

static void a_batch_with_a_line_that_is_not_allowed_does_nothing(void **state)
{
    struct book *book = *state;
    uint64_t head = book_head(book);
    const struct command commands[] = {record_service(book, 1, 60, TODAY),
                                       set_item(book, RICE, ITEM_GOODS)};
    struct engine_result result = batch_as(book, DESK, id_of(BATCH_ID_BASE), commands, 2);
    assert_int_equal(result.verdict.code, LB_UNAUTHORISED);
    assert_int_equal(result.entry, 0);
    assert_int_equal(book_head(book), head);
}

static void the_answer_to_a_refused_batch_is_for_those_who_may_send_it(void **state)
{
    struct book *book = *state;
    const struct command commands[] = {record_service(book, 1, 60, TODAY),
                                       record_too_early(book, 1)};
    const struct id id = id_of(BATCH_ID_BASE);
    assert_int_equal(batch_as(book, DESK, id, commands, 2).verdict.code, LB_BEFORE_JOINED);
    assert_true(batch_as(book, DESK, id, commands, 2).replayed);
    assert_int_equal(batch_as(book, VIEWER, id, commands, 2).verdict.code, LB_UNAUTHORISED);
    assert_int_equal(batch_as(book, FAR, id, commands, 2).verdict.code, LB_OUT_OF_SCOPE);
    assert_int_equal(batch_as(book, 0, id, commands, 2).verdict.code, LB_LOGIN_REQUIRED);
    const struct command nothing[] = {commands[0], command_of(book, ACT_NONE)};
    assert_int_equal(batch_as(book, 0, id, nothing, 2).verdict.code, LB_UNAUTHORISED);
    const struct command taken = set_role(book, DESK, ROLE_VIEWER, ORG);
    book_do(book, &taken, 1);
    assert_int_equal(batch_as(book, DESK, id, commands, 2).verdict.code, LB_UNAUTHORISED);
}

/* What was looked up for one command is not used for the next when it has changed in between. */
static void roles_taken_away_hold_within_the_same_request(void **state)
{
    struct book *book = *state;
    struct command both = set_role(book, DESK, ROLE_ADMINISTRATOR, 0);
    both.act.role_set.roles.items[1] = (struct role_in_org){ROLE_DESK, ORG};
    both.act.role_set.roles.count = 2;
    const struct command another = set_role(book, FAR, ROLE_ADMINISTRATOR, 0);
    const struct command givers[] = {both, another};
    book_do(book, givers, 2);
    const struct command commands[] = {record_service(book, 1, 60, TODAY),
                                       set_role(book, DESK, ROLE_VIEWER, ORG),
                                       record_service(book, 2, 60, TODAY)};
    /* Rolled back, the roles are as before. */
    struct engine_result last = batch_as(book, DESK, id_of(BATCH_ID_BASE), commands, 3);
    assert_int_equal(last.verdict.code, LB_UNAUTHORISED);
    assert_int_equal(code_as(book, DESK, &commands[0]), LB_OK);
    struct request request;
    request_init(&request, book, commands, 3);
    request.write.actor = (struct actor){.principal = DESK};
    request_do(&request);
    assert_true(request.write.results[0].replayed);
    assert_int_equal(request.write.results[1].verdict.code, LB_OK);
    assert_int_equal(request.write.results[2].verdict.code, LB_UNAUTHORISED);
    request_fini(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        ACCESS_TEST(who_may_send_a_command_has_it_done_under_its_own_name),
        ACCESS_TEST(a_credential_is_sealed_beside_the_entry_that_commits_to_it),
        ACCESS_TEST(the_same_id_with_another_credential_is_the_same_command),
        /* rejects */
        ACCESS_TEST(who_may_not_is_refused_and_nothing_is_recorded),
        ACCESS_TEST(the_form_of_the_message_goes_first_and_its_content_last),
        ACCESS_TEST(who_may_not_is_not_told_what_stands_under_a_known_id),
        ACCESS_TEST(a_batch_with_a_line_that_is_not_allowed_does_nothing),
        ACCESS_TEST(the_answer_to_a_refused_batch_is_for_those_who_may_send_it),
        ACCESS_TEST(roles_taken_away_hold_within_the_same_request),
    };
    return cmocka_run_group_tests_name("engine access", tests, NULL, NULL);
}
