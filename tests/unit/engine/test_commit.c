/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a request gets and what stays in the book: answers, replays, previews, batches, budget.
 */
#include "fixture.h"

#define FURNISHED 5 /* entries of book_furnish(book, 3) */

/* Not the lines, which live in the request. */
static void assert_same_answer(const struct engine_result *a, const struct engine_result *b)
{
    assert_int_equal(a->verdict.code, b->verdict.code);
    assert_int_equal(a->verdict.a, b->verdict.a);
    assert_int_equal(a->verdict.b, b->verdict.b);
    assert_int_equal(a->verdict.c, b->verdict.c);
    assert_int_equal(a->balance_count, b->balance_count);
    assert_memory_equal(a->balances, b->balances, a->balance_count * sizeof(a->balances[0]));
    assert_int_equal(a->assigned, b->assigned);
    assert_int_equal(a->earning.points_centi, b->earning.points_centi);
    assert_int_equal(a->line_count, b->line_count);
    assert_int_equal(a->failed_line, b->failed_line);
    assert_int_equal(a->failed_code, b->failed_code);
}

/* ---- accepts ---- */

static void command_done_is_an_entry_with_the_balances_after(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 90, TODAY);
    struct engine_result result = book_try(book, &command);
    assert_int_equal(result.verdict.code, LB_OK);
    assert_int_equal(result.entry, FURNISHED + 1);
    assert_int_equal(result.balance_count, 1);
    assert_int_equal(result.balances[0].points_centi, 150);
    assert_int_equal(result.balances[0].minutes, 90);
    assert_false(result.replayed);
    assert_int_equal(book_head(book), FURNISHED + 1);
}

static void view_shows_the_entry_its_memo_and_the_person(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 2, 60, TODAY);
    command.memo = BYTES_LITERAL("打扫卫生");
    uint64_t number = book_try(book, &command).entry;
    struct arena arena;
    struct engine_view view;
    struct entry entry;
    struct bytes packed;
    struct bytes memo;
    struct person person;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    assert_int_equal(view.head_entry, number);
    assert_int_equal(engine_view_entry(&view, number, &packed, &entry), LB_OK);
    assert_int_equal(entry.number, number);
    assert_int_equal(entry.recorded_ms, START_MS);
    assert_int_equal(entry.actor.peer, 1001);
    assert_int_equal(entry.command.memo.size, 0);
    assert_null(memmem(packed.data, packed.size, "打扫", sizeof("打扫") - 1));
    assert_int_equal(engine_view_entry(&view, number + 1, &packed, &entry), LB_ENTRY_UNKNOWN);
    assert_int_equal(engine_view_memo(&view, number, &memo), LB_OK);
    assert_true(bytes_equal(memo, command.memo));
    assert_int_equal(engine_view_memo(&view, 1, &memo), LB_OK);
    assert_int_equal(memo.size, 0);
    assert_int_equal(engine_view_person(&view, 2, &person), LB_OK);
    assert_true(bytes_equal(person.name, BYTES_LITERAL("张小明")));
    assert_int_equal(engine_view_person(&view, 99, &person), LB_MEMBER_UNKNOWN);
    const struct entry *found = view.bank.log.get(view.bank.log.context, 1);
    assert_non_null(found);
    assert_int_equal(view.bank.log.find_request(view.bank.log.context, &command.id), number);
    engine_view_close(&view);
    arena_fini(&arena);
}

static void view_stays_as_it_was_when_the_book_goes_on(void **state)
{
    struct book *book = *state;
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    uint8_t before[LB_HASH_BYTES];
    uint8_t after[LB_HASH_BYTES];
    struct engine_status status = book_status(book);
    memcpy(before, status.tree_root, sizeof(before));
    struct command command = record_service(book, 1, 90, TODAY);
    book_do(book, &command, 1);
    struct bytes packed;
    struct entry entry;
    assert_int_equal(engine_view_entry(&view, FURNISHED + 1, &packed, &entry), LB_ENTRY_UNKNOWN);
    assert_int_equal(engine_view_root(&view, view.head_entry, after), LB_OK);
    assert_memory_equal(before, after, LB_HASH_BYTES);
    engine_view_close(&view);
    arena_fini(&arena);
}

static void same_id_gives_the_same_answer_also_after_a_restart(void **state)
{
    struct book *book = *state;
    struct command done = record_service(book, 1, 90, TODAY);
    struct command refused = record_too_early(book, 1);
    struct command more = record_service(book, 1, 60, TODAY - 1);
    done.memo = BYTES_LITERAL("陪老人");
    struct engine_result first_done = book_try(book, &done);
    struct engine_result first_refused = book_try(book, &refused);
    assert_int_equal(first_refused.verdict.code, LB_BEFORE_JOINED);
    book_do(book, &more, 1);
    uint64_t head = book_head(book);
    for (int round = 0; round < 2; round++) {
        struct engine_result again_done = book_try(book, &done);
        struct engine_result again_refused = book_try(book, &refused);
        assert_true(again_done.replayed && again_refused.replayed);
        assert_int_equal(again_done.entry, first_done.entry);
        assert_int_equal(again_refused.entry, first_refused.entry);
        assert_same_answer(&again_done, &first_done);
        assert_same_answer(&again_refused, &first_refused);
        assert_int_equal(book_head(book), head);
        book_stop(book);
        book_start(book);
    }
}

static void id_sent_twice_in_one_group_is_done_once(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 90, TODAY);
    const struct command twice[] = {command, command};
    struct request request;
    request_init(&request, book, twice, 2);
    request_do(&request);
    assert_int_equal(request.write.results[0].entry, FURNISHED + 1);
    assert_int_equal(request.write.results[1].entry, FURNISHED + 1);
    assert_true(request.write.results[1].replayed);
    assert_int_equal(book_head(book), FURNISHED + 1);
    request_fini(&request);
}

static size_t count_found(struct book *book, const char *text)
{
    struct arena arena;
    struct people_found found;
    const struct people_query query = {.text = bytes_of_text(text), .limit = 4};
    arena_init(&arena, arena_memory_heap(), 1u << 20);
    assert_int_equal(people_index_find(book->people, &query, &arena, &found), LB_OK);
    arena_fini(&arena);
    return found.count;
}

static void names_are_found_after_the_commit_and_after_a_restart(void **state)
{
    struct book *book = *state;
    struct command command = rename_member(book, 2, "欧阳芳");
    book_do(book, &command, 1);
    assert_int_equal(count_found(book, "欧阳"), 1);
    assert_int_equal(count_found(book, "oyf"), 1);
    book_stop(book);
    people_close(book->people);
    assert_int_equal(people_open(book->key_path, false, random_system(), &book->people), LB_OK);
    book_start(book);
    book_wait_work(book); /* the index is built before any other work */
    assert_true(people_index_is_ready(book->people));
    assert_int_equal(count_found(book, "张"), 2);
}

/* ---- rejects ---- */

static void same_id_with_other_content_is_id_reused(void **state)
{
    struct book *book = *state;
    struct command first = record_service(book, 1, 90, TODAY);
    first.memo = BYTES_LITERAL("陪老人");
    struct engine_result result = book_try(book, &first);
    struct command others[4] = {first, first, first, first};
    others[0].act.service_record.minutes = 91;
    others[1].memo = BYTES_LITERAL("陪小孩");
    others[2].memo = (struct bytes){NULL, 0};
    others[3].kind = ACT_CLASS_SET;
    others[3].act.class_set = (struct act_class_set){.class_id = 1, .name = BYTES_LITERAL("党员")};
    for (size_t i = 0; i < 4; i++) {
        struct engine_result other = book_try(book, &others[i]);
        assert_int_equal(other.verdict.code, LB_ID_REUSED);
        assert_int_equal(other.verdict.a, (int64_t)result.entry);
        assert_int_equal(other.entry, 0);
    }
}

static void same_id_with_another_person_is_id_reused_until_the_person_was_replaced(void **state)
{
    struct book *book = *state;
    struct command first = rename_member(book, 1, "李明");
    struct command other = first;
    other.act.member_update.person.name = BYTES_LITERAL("李芳");
    book_do(book, &first, 1);
    assert_int_equal(book_try(book, &other).verdict.code, LB_ID_REUSED);
    struct command later = rename_member(book, 1, "王芳");
    book_do(book, &later, 1);
    struct engine_result again = book_try(book, &first);
    assert_int_equal(again.verdict.code, LB_OK);
    assert_true(again.replayed);
}

static void refusal_that_is_not_recorded_leaves_the_id_free(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 99, 60, TODAY);
    struct engine_result result = book_try(book, &command);
    assert_int_equal(result.verdict.code, LB_MEMBER_UNKNOWN);
    assert_int_equal(result.entry, 0);
    assert_int_equal(book_head(book), FURNISHED);
    command.act.service_record.member.member = 1;
    assert_int_equal(book_try(book, &command).verdict.code, LB_OK);
}

static void malformed_goes_before_a_known_id_and_a_known_id_before_invalid(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 60, TODAY);
    book_do(book, &command, 1);
    struct command invalid = command;
    invalid.act.service_record.minutes = 0;
    assert_int_equal(book_try(book, &invalid).verdict.code, LB_ID_REUSED);
    struct command malformed = command;
    malformed.memo = BYTES_LITERAL("\xff");
    assert_int_equal(book_try(book, &malformed).verdict.code, LB_TEXT_INVALID);
    invalid.id = id_of(book->next_id++);
    assert_int_equal(book_try(book, &invalid).verdict.code, LB_MINUTES_INVALID);
}

static void empty_and_oversize_requests_are_refused_whole(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 60, TODAY);
    struct request request;
    request_init(&request, book, &command, 0);
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_FIELD_MISSING);
    request.write.command_count = 1;
    request.write.all_or_nothing = true; /* without an id, then with that of its command */
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_FIELD_MISSING);
    request.write.batch_id = command.id;
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_FIELD_MISSING);
    request_fini(&request);

    struct command *many = calloc(LB_BATCH_COMMANDS_MAX + 1, sizeof(*many));
    assert_non_null(many);
    request_init(&request, book, many, LB_BATCH_COMMANDS_MAX + 1);
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_BATCH_TOO_LARGE);
    assert_int_equal(request.write.verdict.b, LB_BATCH_COMMANDS_MAX);
    request_fini(&request);
    free(many);
    assert_int_equal(book_head(book), FURNISHED);
}

/* ---- all or nothing ---- */

static void batch_without_a_refusal_is_done_and_repeats_its_answers(void **state)
{
    struct book *book = *state;
    const struct command commands[] = {record_service(book, 1, 60, TODAY),
                                       record_service(book, 2, 60, TODAY)};
    struct request request;
    request_init(&request, book, commands, 2);
    request.write.all_or_nothing = true;
    request.write.batch_id = id_of(BATCH_ID_BASE);
    for (int round = 0; round < 2; round++) {
        request_do(&request);
        for (uint64_t i = 0; i < 2; i++) {
            assert_int_equal(request.write.results[i].verdict.code, LB_OK);
            assert_int_equal(request.write.results[i].entry, FURNISHED + 1 + i);
            assert_int_equal(request.write.results[i].replayed, round == 1);
        }
    }
    assert_int_equal(book_head(book), FURNISHED + 2);
    request_fini(&request);
}

static void batch_with_a_refusal_is_undone_and_recorded_as_one_entry(void **state)
{
    struct book *book = *state;
    const struct command commands[] = {record_service(book, 1, 60, TODAY),
                                       record_too_early(book, 2),
                                       record_service(book, 3, 60, TODAY)};
    struct request request;
    request_init(&request, book, commands, 3);
    request.write.all_or_nothing = true;
    request.write.batch_id = id_of(BATCH_ID_BASE);
    struct engine_result first[3];
    for (int round = 0; round < 2; round++) {
        request_do(&request);
        assert_int_equal(request.write.verdict.code, LB_OK);
        assert_int_equal(request.write.results[0].verdict.code, LB_BATCH_FAILED);
        assert_int_equal(request.write.results[0].verdict.a, 2);
        assert_string_equal(request.write.results[0].verdict.text, "before_joined");
        assert_int_equal(request.write.results[1].verdict.code, LB_BEFORE_JOINED);
        assert_int_equal(request.write.results[1].failed_line, 2);
        assert_int_equal(request.write.results[2].verdict.code, LB_BATCH_FAILED);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(request.write.results[i].entry, FURNISHED + 1);
            assert_int_equal(request.write.results[i].replayed, round == 1);
            if (round == 0) {
                first[i] = request.write.results[i];
            }
            assert_same_answer(&request.write.results[i], &first[i]);
        }
    }
    assert_int_equal(book_head(book), FURNISHED + 1);
    /* The lines' own ids are free, the batch's is not. */
    assert_int_equal(book_try(book, &commands[0]).verdict.code, LB_OK);
    struct command stranger = record_service(book, 3, 30, TODAY);
    stranger.id = id_of(BATCH_ID_BASE);
    assert_int_equal(book_try(book, &stranger).verdict.code, LB_ID_REUSED);
    request.write.command_count = 1;
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_ID_REUSED);
    request_fini(&request);
}

static void batch_with_a_refusal_that_is_not_recorded_leaves_nothing(void **state)
{
    struct book *book = *state;
    const struct command commands[] = {record_service(book, 1, 60, TODAY),
                                       record_service(book, 99, 60, TODAY)};
    struct request request;
    request_init(&request, book, commands, 2);
    request.write.all_or_nothing = true;
    request.write.batch_id = id_of(BATCH_ID_BASE);
    request_do(&request);
    assert_int_equal(request.write.results[0].verdict.code, LB_BATCH_FAILED);
    assert_int_equal(request.write.results[0].entry, 0);
    assert_int_equal(request.write.results[1].verdict.code, LB_MEMBER_UNKNOWN);
    assert_int_equal(book_head(book), FURNISHED);
    request_fini(&request);
}

/* ---- previews ---- */

static struct command random_command(struct book *book, struct random_seeded *random)
{
    uint64_t member = 1 + random_seeded_next(random) % 4; /* 4 is unknown */
    uint32_t minutes = (uint32_t)(random_seeded_next(random) % 300);
    switch (random_seeded_next(random) % 5) {
    case 0:
        return record_too_early(book, member);
    case 1:
        return reverse_request(book, id_of(1 + random_seeded_next(random) % book->next_id));
    case 2:
        return rename_member(book, member, "王芳");
    default:
        return record_service(book, member, minutes, TODAY - (int32_t)(minutes % 7));
    }
}

static void preview_is_what_the_commit_gives_then(void **state)
{
    struct book *book = *state;
    struct random_seeded random = {.state = 20160501};
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (uint64_t round = 0; round < 300; round++) {
        struct command commands[4];
        size_t count = 1 + random_seeded_next(&random) % 4;
        for (size_t i = 0; i < count; i++) {
            commands[i] = random_command(book, &random);
        }
        struct request preview;
        struct request commit;
        request_init(&preview, book, commands, count);
        preview.write.dry_run = true;
        preview.write.all_or_nothing = random_seeded_next(&random) % 2 == 0;
        preview.write.batch_id = id_of(BATCH_ID_BASE + round);
        uint64_t head = book_head(book);
        request_do(&preview);
        assert_int_equal(book_head(book), head);
        request_init(&commit, book, commands, count);
        commit.write.all_or_nothing = preview.write.all_or_nothing;
        commit.write.batch_id = preview.write.batch_id;
        request_do(&commit);
        assert_int_equal(preview.write.verdict.code, commit.write.verdict.code);
        for (size_t i = 0; i < count && commit.write.results != NULL; i++) {
            assert_same_answer(&preview.write.results[i], &commit.write.results[i]);
            assert_int_equal(preview.write.results[i].entry, 0);
        }
        request_fini(&preview);
        request_fini(&commit);
    }
}

/* ---- budget ---- */

static void refusals_beyond_the_budget_are_not_recorded(void **state)
{
    struct book *book = *state;
    enum { MANY = 1010 };
    struct command *commands = calloc(MANY, sizeof(*commands));
    assert_non_null(commands);
    for (int i = 0; i < MANY; i++) {
        commands[i] = record_too_early(book, 1);
    }
    struct request request;
    request_init(&request, book, commands, MANY);
    request.write.dry_run = true; /* uses up nothing */
    request_do(&request);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(request.write.results[i].verdict.code, LB_BEFORE_JOINED);
    }
    request.write.dry_run = false;
    request_do(&request);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(request.write.results[i].verdict.code,
                         i < 1000 ? LB_BEFORE_JOINED : LB_TRY_LATER);
    }
    assert_int_equal(book_head(book), FURNISHED + 1000);

    struct command other = record_too_early(book, 1);
    struct request another;
    request_init(&another, book, &other, 1);
    another.write.actor.peer = 1002;
    request_do(&another);
    assert_int_equal(another.write.results[0].verdict.code, LB_BEFORE_JOINED);
    request_fini(&another);

    clock_step(&book->stepper, 100); /* time for five more */
    request_do(&request);
    for (int i = 1000; i < MANY; i++) {
        assert_int_equal(request.write.results[i].verdict.code,
                         i < 1005 ? LB_BEFORE_JOINED : LB_TRY_LATER);
    }
    request_fini(&request);
    free(commands);
}

/* ---- time ---- */

static void recorded_time_never_goes_back(void **state)
{
    struct book *book = *state;
    book->stepper.now_ms -= 86400000;
    struct command command = record_service(book, 1, 60, TODAY);
    assert_int_equal(book_try(book, &command).verdict.code, LB_OK); /* TODAY is not ahead */
    struct engine_status status;
    engine_status(book->engine, &status);
    assert_int_equal(status.today_day, TODAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_BOOK(command_done_is_an_entry_with_the_balances_after),
        TEST_WITH_BOOK(view_shows_the_entry_its_memo_and_the_person),
        TEST_WITH_BOOK(view_stays_as_it_was_when_the_book_goes_on),
        TEST_WITH_BOOK(same_id_gives_the_same_answer_also_after_a_restart),
        TEST_WITH_BOOK(id_sent_twice_in_one_group_is_done_once),
        TEST_WITH_BOOK(names_are_found_after_the_commit_and_after_a_restart),
        TEST_WITH_BOOK(same_id_with_other_content_is_id_reused),
        TEST_WITH_BOOK(same_id_with_another_person_is_id_reused_until_the_person_was_replaced),
        TEST_WITH_BOOK(refusal_that_is_not_recorded_leaves_the_id_free),
        TEST_WITH_BOOK(malformed_goes_before_a_known_id_and_a_known_id_before_invalid),
        TEST_WITH_BOOK(empty_and_oversize_requests_are_refused_whole),
        TEST_WITH_BOOK(batch_without_a_refusal_is_done_and_repeats_its_answers),
        TEST_WITH_BOOK(batch_with_a_refusal_is_undone_and_recorded_as_one_entry),
        TEST_WITH_BOOK(batch_with_a_refusal_that_is_not_recorded_leaves_nothing),
        TEST_WITH_BOOK(preview_is_what_the_commit_gives_then),
        TEST_WITH_BOOK(refusals_beyond_the_budget_are_not_recorded),
        TEST_WITH_BOOK(recorded_time_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
