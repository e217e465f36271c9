/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Proposals through the engine: what the ids of what waits and of what confirms it answer, batches,
 * previews; members forgotten; and verify against a forger of approvals.
 */
#include "rows_fixture.h"
#include "second_fixture.h"

#include "bank/records.h"

static int operators_set_up(void **state)
{
    (void)furnished_set_up(state);
    book_open_operators(*state);
    return 0;
}

#define PROPOSALS_TEST(name) cmocka_unit_test_setup_teardown(name, operators_set_up, book_tear_down)

/* Points and lines of a view are gone with it; numbers stay. */
static struct entry entry_of(struct book *book, uint64_t number)
{
    struct arena arena;
    struct engine_view view;
    struct bytes packed;
    struct entry entry;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    assert_int_equal(engine_view_entry(&view, number, &packed, &entry), LB_OK);
    engine_view_close(&view);
    arena_fini(&arena);
    return entry;
}

static bool memo_is(struct book *book, uint64_t number, const char *text)
{
    struct arena arena;
    struct engine_view view;
    struct bytes memo;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    assert_int_equal(engine_view_memo(&view, number, &memo), LB_OK);
    bool is_equal = bytes_equal(memo, bytes_of_text(text));
    engine_view_close(&view);
    arena_fini(&arena);
    return is_equal;
}

static enum lb_result person_of(struct book *book, uint64_t member)
{
    struct arena arena;
    struct engine_view view;
    struct person person;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    enum lb_result result = engine_view_person(&view, member, &person);
    engine_view_close(&view);
    arena_fini(&arena);
    return result;
}

/* accepts: answers */

static void id_of_what_waits_answers_waiting_until_it_is_decided(void **state)
{
    struct book *book = *state;
    struct command command;
    const uint64_t proposal = book_propose(book, &command);
    struct engine_result again = book_try_as(book, ANNE, &command);
    assert_int_equal(again.verdict.code, LB_WAITING);
    assert_int_equal(again.verdict.a, TODAY + 14);
    assert_int_equal(again.entry, proposal);
    assert_true(again.replayed);
    assert_int_equal(again.balances[0].minutes, 0);
}

static void id_of_what_was_confirmed_answers_as_the_act_did(void **state)
{
    struct book *book = *state;
    struct command command;
    struct command confirm = decide_proposal(book, book_propose(book, &command), true);
    struct engine_result done = book_try_as(book, BEN, &confirm);
    assert_int_equal(done.verdict.code, LB_OK);
    assert_int_equal(done.earning.minutes, 60);
    struct command later = record_service(book, 1, 30, TODAY);
    book_do(book, &later, 1);
    struct engine_result again = book_try_as(book, ANNE, &command);
    assert_true(again.replayed);
    assert_int_equal(again.verdict.code, LB_OK);
    assert_int_equal(again.entry, done.entry);
    assert_int_equal(again.balances[0].minutes, 60);
    assert_int_equal(again.reversed_by, 0);
    struct command reverse = reverse_request(book, command.id);
    const uint64_t by = book_try(book, &reverse).entry;
    assert_int_equal(book_try_as(book, ANNE, &command).reversed_by, by);
    assert_verify_finds(book, "");
}

static void id_of_the_confirmation_answers_the_same_for_ever(void **state)
{
    struct book *book = *state;
    struct command command;
    const uint64_t proposal = book_propose(book, &command);
    struct command confirm = decide_proposal(book, proposal, true);
    struct engine_result done = book_try_as(book, BEN, &confirm);
    book_stop(book);
    book_start(book);
    struct engine_result again = book_try_as(book, BEN, &confirm);
    assert_true(again.replayed);
    assert_int_equal(again.entry, done.entry);
    assert_int_equal(again.balances[0].minutes, 60);
    confirm.act.proposal_decide.proposal = (struct entry_ref){.request = command.id};
    assert_true(book_try_as(book, BEN, &confirm).replayed);
    confirm.act.proposal_decide.confirm = false;
    assert_int_equal(book_try_as(book, BEN, &confirm).verdict.code, LB_ID_REUSED);
    command.id = confirm.id;
    assert_int_equal(book_try_as(book, BEN, &command).verdict.code, LB_ID_REUSED);
}

static void id_of_what_was_refused_tells_by_whom(void **state)
{
    struct book *book = *state;
    struct command command;
    const uint64_t proposal = book_propose(book, &command);
    struct command refuse = decide_proposal(book, proposal, false);
    struct engine_result refused = book_try_as(book, BEN, &refuse);
    assert_int_equal(refused.verdict.code, LB_OK);
    struct engine_result again = book_try_as(book, ANNE, &command);
    assert_true(again.replayed);
    assert_int_equal(again.verdict.code, LB_PROPOSAL_REFUSED);
    assert_int_equal(again.verdict.a, refused.entry);
    assert_int_equal(again.entry, proposal);
    assert_true(book_try_as(book, BEN, &refuse).replayed);
    assert_verify_finds(book, "");
}

static void id_of_what_nobody_decided_in_time_tells_that_it_is_void(void **state)
{
    struct book *book = *state;
    struct command command;
    const uint64_t proposal = book_propose(book, &command);
    book->stepper.now_ms += 15 * INT64_C(86400000);
    struct engine_result again = book_try_as(book, ANNE, &command);
    assert_true(again.replayed);
    assert_int_equal(again.verdict.code, LB_PROPOSAL_EXPIRED);
    assert_int_equal(again.verdict.a, proposal);
    assert_int_equal(again.verdict.b, TODAY + 14);
    struct command confirm = decide_proposal(book, proposal, true);
    assert_int_equal(book_try_as(book, BEN, &confirm).verdict.code, LB_PROPOSAL_EXPIRED);
}

static void confirmed_entry_holds_the_words_that_were_proposed(void **state)
{
    struct book *book = *state;
    struct command policy = command_of(book, ACT_POLICY_SET);
    policy.act.policy_set = (struct act_policy_set){.back_days = 10, .proposal_days = 7};
    book_do(book, &policy, 1);
    struct command counter = open_counter(book);
    counter.memo = BYTES_LITERAL("新开的");
    const uint64_t proposal = book_try_as(book, ANNE, &counter).entry;
    struct command confirm = decide_proposal(book, proposal, true);
    struct engine_result done = book_try_as(book, BEN, &confirm);
    assert_int_equal(done.verdict.code, LB_OK);
    const struct entry entry = entry_of(book, done.entry);
    assert_int_equal(entry.command.kind, ACT_COUNTER_OPEN);
    assert_int_equal(entry.actor.principal, ANNE);
    assert_int_equal(entry.approver, BEN);
    assert_int_equal(entry.proposal, proposal);
    assert_true(
        memo_is(book, proposal, "新开的")); /* each one's words stay with each one's entry */
    assert_true(memo_is(book, done.entry, "看过了"));
    assert_verify_finds(book, ""); /* that the name is there, too */
}

/* They are the log's memory until the entry is packed. */
static void every_act_with_words_is_confirmed_word_for_word(void **state)
{
    struct book *book = *state;
    static const uint8_t token_hash[LB_HASH_BYTES] = {3};
    struct command policy = command_of(book, ACT_POLICY_SET);
    policy.act.policy_set = (struct act_policy_set){.back_days = 10, .proposal_days = 7};
    struct command org = open_org(book);
    org.act.org_open.org = ORG + 1;
    struct command renamed = command_of(book, ACT_ORG_UPDATE);
    renamed.act.org_update =
        (struct act_org_update){.org = ORG, .name = BYTES_LITERAL("和平里社区")};
    struct command class_set = command_of(book, ACT_CLASS_SET);
    class_set.act.class_set =
        (struct act_class_set){.class_id = 9, .name = BYTES_LITERAL("党员志愿者")};
    struct command activity = command_of(book, ACT_ACTIVITY_OPEN);
    activity.act.activity_open =
        (struct act_activity_open){.org = ORG, .name = BYTES_LITERAL("春节慰问")};
    struct command device = command_of(book, ACT_DEVICE_OPEN);
    device.act.device_open =
        (struct act_device_open){.name = BYTES_LITERAL("一号窗口"), .org = ORG};
    memcpy(device.act.device_open.token_hash, token_hash, sizeof(token_hash));
    struct command commands[] = {
        org, renamed, class_set, set_tariff(book), activity, set_item(book, 9, ITEM_GOODS), device};
    book_do(book, &policy, 1);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        commands[i].day = TODAY - 11;
        commands[i].memo = BYTES_LITERAL("补记");
        struct engine_result waits = book_try_as(book, ANNE, &commands[i]);
        assert_int_equal(waits.verdict.code, LB_WAITING);
        struct command confirm = decide_proposal(book, waits.entry, true);
        assert_int_equal(book_try_as(book, BEN, &confirm).verdict.code, LB_OK);
    }
    assert_verify_finds(book, ""); /* each is what was proposed */
}

static void preview_shows_what_would_wait_and_makes_nothing(void **state)
{
    struct book *book = *state;
    const uint64_t head = book_head(book);
    const struct command command = record_service(book, 1, 60, TODAY);
    struct request request;
    request_init(&request, book, &command, 1);
    request.write.actor = (struct actor){.principal = ANNE};
    request.write.dry_run = true;
    request_do(&request);
    assert_int_equal(request.write.results[0].verdict.code, LB_WAITING);
    assert_int_equal(request.write.results[0].entry, 0);
    request_fini(&request);
    assert_int_equal(book_head(book), head);
}

/* rejects */

static void nothing_of_a_batch_waits_the_line_that_would_is_named(void **state)
{
    struct book *book = *state;
    const struct command batch[] = {record_service(book, 2, 60, TODAY),
                                    record_service(book, 1, 60, TODAY)};
    struct request request;
    for (int round = 0; round < 2; round++) {
        request_init(&request, book, batch, 2);
        request.write.actor = (struct actor){.principal = ANNE};
        request.write.all_or_nothing = true;
        request.write.batch_id = id_of(BATCH_ID_BASE);
        request_do(&request);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(request.write.results[i].verdict.code, LB_BATCH_FAILED);
            assert_int_equal(request.write.results[i].verdict.a, 2);
            assert_string_equal(request.write.results[i].verdict.text, "waiting");
            assert_int_equal(request.write.results[i].replayed, round == 1);
        }
        request_fini(&request);
    }
    assert_verify_finds(book, "");
}

static void other_content_under_the_id_of_what_waits_is_told(void **state)
{
    struct book *book = *state;
    struct command command;
    const uint64_t proposal = book_propose(book, &command);
    command.act.service_record.minutes++;
    struct engine_result result = book_try_as(book, ANNE, &command);
    assert_int_equal(result.verdict.code, LB_ID_REUSED);
    assert_int_equal(result.verdict.a, proposal);
    assert_int_equal(result.known_code, LB_WAITING);
}

static void other_content_is_told_what_became_of_the_proposal(void **state)
{
    struct book *book = *state;
    struct command first;
    struct command second;
    struct command confirm = decide_proposal(book, book_propose(book, &first), true);
    struct command refuse = decide_proposal(book, book_propose(book, &second), false);
    assert_int_equal(book_try_as(book, BEN, &confirm).verdict.code, LB_OK);
    assert_int_equal(book_try_as(book, BEN, &refuse).verdict.code, LB_OK);
    struct command reverse = reverse_request(book, confirm.id);
    const uint64_t by = book_try(book, &reverse).entry;
    first.act.service_record.minutes++;
    struct engine_result result = book_try_as(book, ANNE, &first);
    assert_int_equal(result.verdict.code, LB_ID_REUSED);
    assert_int_equal(result.known_code, LB_OK);
    assert_int_equal(result.reversed_by, by);
    second.act.service_record.minutes++;
    result = book_try_as(book, ANNE, &second);
    assert_int_equal(result.verdict.code, LB_ID_REUSED);
    assert_int_equal(result.known_code, LB_PROPOSAL_REFUSED);
    assert_int_equal(result.reversed_by, 0);
}

/* members forgotten */

static void erase_member(struct book *book, uint64_t member)
{
    struct command close = command_of(book, ACT_MEMBER_CLOSE);
    close.act.member_close = member;
    struct command erase = command_of(book, ACT_MEMBER_ERASE);
    erase.memo = BYTES_LITERAL("本人申请");
    erase.act.member_erase = member;
    const struct command commands[] = {close, erase};
    book_do(book, commands, 2);
}

static void erased_member_leaves_no_person_and_no_memo(void **state)
{
    struct book *book = *state;
    struct command named = rename_member(book, 2, "王小红");
    named.memo = BYTES_LITERAL("王小红改名");
    const uint64_t renamed = book_try(book, &named).entry;
    struct command other = rename_member(book, 3, "赵铁柱");
    other.memo = BYTES_LITERAL("赵铁柱改名");
    const uint64_t kept = book_try(book, &other).entry;
    erase_member(book, 2);
    const uint64_t erased = book_head(book);
    assert_int_equal(person_of(book, 2), LB_MEMBER_UNKNOWN);
    assert_int_equal(person_of(book, 3), LB_OK);
    assert_true(memo_is(book, renamed, ""));
    assert_true(memo_is(book, kept, "赵铁柱改名"));
    assert_true(memo_is(book, erased, "本人申请"));
    assert_verify_finds(book, "");
    assert_true(book_try(book, &named).replayed); /* the entry alone decides now */
}

/* It is in no member's history, where an erasure would find it. */
static void refused_batch_keeps_no_memo(void **state)
{
    struct book *book = *state;
    struct command line = record_too_early(book, 2);
    line.memo = BYTES_LITERAL("王小红的孩子");
    struct request request;
    for (int round = 0; round < 2; round++) {
        request_init(&request, book, &line, 1);
        request.write.all_or_nothing = true;
        request.write.batch_id = id_of(BATCH_ID_BASE);
        request_do(&request);
        assert_int_equal(request.write.results[0].verdict.code, LB_BEFORE_JOINED);
        assert_int_equal(request.write.results[0].replayed, round == 1);
        assert_true(memo_is(book, request.write.results[0].entry, ""));
        request_fini(&request);
    }
    assert_verify_finds(book, "");
}

static void erased_name_is_not_found_any_more(void **state)
{
    struct book *book = *state;
    struct arena arena;
    struct people_found found;
    const struct people_query query = {.text = BYTES_LITERAL("王小红"), .limit = 5};
    struct command named = rename_member(book, 2, "王小红");
    book_do(book, &named, 1);
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(people_index_find(book->people, &query, &arena, &found), LB_OK);
    assert_int_equal(found.count, 1);
    erase_member(book, 2);
    assert_int_equal(people_index_find(book->people, &query, &arena, &found), LB_OK);
    assert_int_equal(found.count, 0);
    arena_fini(&arena);
}

static void row_that_is_missing_or_left_without_its_entry_saying_so_is_found(void **state)
{
    struct book *book = *state;
    struct row_copy person = row_copy_number(book, TABLE_PERSON, 2);
    row_put_number(book, TABLE_PERSON, 2, (struct bytes){NULL, 0});
    assert_verify_finds(book, "no entry erased it");
    row_put_number(book, TABLE_PERSON, 2, bytes_of(person.data, person.size));
    erase_member(book, 2);
    assert_verify_finds(book, "");
    row_put_number(book, TABLE_PERSON, 2, bytes_of(person.data, person.size));
    assert_verify_finds(book, "no entry commits to this row");
}

/* a forger */

static void approve_oneself(struct entry *entry)
{
    entry->approver = entry->actor.principal;
}

static void approve_by_another_account_of_the_same(struct entry *entry)
{
    entry->approver = BEN + 1;
}

static void change_what_was_proposed(struct entry *entry)
{
    entry->command.desk++;
}

static void change_the_proposer(struct entry *entry)
{
    entry->actor.device++;
}

static void name_another_proposal(struct entry *entry)
{
    entry->proposal--;
}

static void refuse_oneself(struct entry *entry)
{
    entry->actor.principal = ANNE;
}

static void approvals_that_are_forged_are_found(void **state)
{
    struct book *book = *state;
    struct command command;
    const struct command second = open_operator(book, BYTES_LITERAL("anne-2"), 1);
    book_do(book, &second, 1);
    struct command confirm = decide_proposal(book, book_propose(book, &command), true);
    const uint64_t number = book_try_as(book, BEN, &confirm).entry;
    struct command refuse = decide_proposal(book, book_propose(book, &command), false);
    const uint64_t refused = book_try_as(book, BEN, &refuse).entry;
    const uint64_t last = book_head(book);
    book_stop(book);
    entry_forge(book, number, last, approve_oneself, "who proposed it approved it as well");
    entry_forge(book, number, last, approve_by_another_account_of_the_same,
                "who proposed it or gains by it decided it");
    entry_forge(book, number, last, change_what_was_proposed, "it is not what was proposed");
    entry_forge(book, number, last, change_the_proposer, "it is not what was proposed");
    entry_forge(book, number, last, name_another_proposal, "what it decides was not waiting");
    entry_forge(book, refused, last, refuse_oneself, "who proposed it or gains by it decided it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        PROPOSALS_TEST(id_of_what_waits_answers_waiting_until_it_is_decided),
        PROPOSALS_TEST(id_of_what_was_confirmed_answers_as_the_act_did),
        PROPOSALS_TEST(id_of_the_confirmation_answers_the_same_for_ever),
        PROPOSALS_TEST(id_of_what_was_refused_tells_by_whom),
        PROPOSALS_TEST(id_of_what_nobody_decided_in_time_tells_that_it_is_void),
        PROPOSALS_TEST(confirmed_entry_holds_the_words_that_were_proposed),
        PROPOSALS_TEST(every_act_with_words_is_confirmed_word_for_word),
        PROPOSALS_TEST(preview_shows_what_would_wait_and_makes_nothing),
        PROPOSALS_TEST(erased_member_leaves_no_person_and_no_memo),
        PROPOSALS_TEST(refused_batch_keeps_no_memo),
        PROPOSALS_TEST(erased_name_is_not_found_any_more),
        /* rejects */
        PROPOSALS_TEST(nothing_of_a_batch_waits_the_line_that_would_is_named),
        PROPOSALS_TEST(other_content_under_the_id_of_what_waits_is_told),
        PROPOSALS_TEST(other_content_is_told_what_became_of_the_proposal),
        PROPOSALS_TEST(row_that_is_missing_or_left_without_its_entry_saying_so_is_found),
        PROPOSALS_TEST(approvals_that_are_forged_are_found),
    };
    return cmocka_run_group_tests_name("engine proposals", tests, NULL, NULL);
}
