/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows of personal data: one member an ID number, keys rotated while the book is in use, the erased
 * gone from all of it.
 */
#include "fixture.h"

#include "engine/verify.h"
#include "store/wait.h"

#include <sys/stat.h>

#define NUMBER       "11010519491231002X"
#define OTHER_NUMBER "110101196110151235"
#define MANY         UINT64_C(300) /* members: more than one request of the rotation takes */

static int many_set_up(void **state)
{
    (void)book_set_up(state);
    book_furnish(*state, MANY);
    return 0;
}

static struct command with_number(struct command command, const char *number)
{
    const bool is_update = command.kind == ACT_MEMBER_UPDATE;
    struct person *person =
        is_update ? &command.act.member_update.person : &command.act.member_register.person;
    person->id_number = bytes_of_text(number);
    return command;
}

static struct command rotate(struct book *book)
{
    return command_of(book, ACT_KEY_ROTATE);
}

static struct command erase(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_MEMBER_ERASE);
    command.memo = BYTES_LITERAL("本人要求");
    command.act.member_erase = member;
    return command;
}

static struct command close_member(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_MEMBER_CLOSE);
    command.act.member_close = member;
    return command;
}

/* Until no key but the newest is left, which the engine brings about by itself. */
static void wait_rotated(struct book *book)
{
    struct engine_status status;
    do {
        book_wait_work(book);
        engine_status(book->engine, &status);
    } while (status.is_rotating);
}

static uint32_t epoch_of(struct book *book)
{
    struct engine_status status;
    engine_status(book->engine, &status);
    return status.key_epoch;
}

static void rotate_and_wait(struct book *book)
{
    struct command command = rotate(book);
    book_do(book, &command, 1);
    wait_rotated(book);
}

struct look {
    struct arena arena;
    struct engine_view view;
};

static void look_begin(struct look *look, struct book *book)
{
    arena_init(&look->arena, arena_memory_heap(), 1 << 20);
    assert_int_equal(engine_view_open(book->engine, &look->arena, &look->view), LB_OK);
}

static void look_end(struct look *look)
{
    engine_view_close(&look->view);
    arena_fini(&look->arena);
}

/* 0: nobody has it. */
static uint64_t holder_of(struct book *book, const char *number)
{
    struct look look;
    uint64_t member = 0;
    look_begin(&look, book);
    enum lb_result result = engine_view_find_id_number(&look.view, bytes_of_text(number), &member);
    look_end(&look);
    assert_true(result == LB_OK || result == LB_MEMBER_UNKNOWN);
    return result == LB_OK ? member : 0;
}

static enum lb_result person_of(struct book *book, uint64_t member)
{
    struct look look;
    struct person person;
    look_begin(&look, book);
    enum lb_result result = engine_view_person(&look.view, member, &person);
    look_end(&look);
    return result;
}

static void assert_sound(struct book *book)
{
    const struct store_mem_options options = {.is_async = false};
    struct store *scratch = NULL;
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &scratch), LB_OK);
    const struct verify_config config = {
        .store = book->store, .scratch = scratch, .people = book->people};
    struct verify_report report;
    assert_int_equal(verify_run(&config, &report), LB_OK);
    if (!report.passed) {
        fail_msg("%s", report.problem);
    }
    scratch->ops->close(scratch);
}

/* -- accepts ---------------------------------------------------------------------------------- */

static void a_number_is_found_however_it_is_written_until_it_is_given_up(void **state)
{
    struct book *book = *state;
    struct command command = with_number(rename_member(book, 2, "李明"), NUMBER);
    book_do(book, &command, 1);
    assert_int_equal(holder_of(book, NUMBER), 2);
    assert_int_equal(holder_of(book, "11010519491231002x"), 2);
    assert_int_equal(holder_of(book, "110105491231002"), 2);
    assert_int_equal(holder_of(book, OTHER_NUMBER), 0);
    assert_int_equal(holder_of(book, ""), 0);
    assert_sound(book);
    command = with_number(rename_member(book, 2, "李明"), NUMBER); /* one's own again */
    book_do(book, &command, 1);
    command = rename_member(book, 2, "李明");
    book_do(book, &command, 1);
    assert_int_equal(holder_of(book, NUMBER), 0);
    assert_sound(book);
}

static void rotation_leaves_all_readable_and_one_key(void **state)
{
    struct book *book = *state;
    struct command command = with_number(rename_member(book, 2, "李明"), NUMBER);
    struct stat before;
    struct stat after;
    book_do(book, &command, 1);
    assert_int_equal(epoch_of(book), 1);
    rotate_and_wait(book);
    assert_int_equal(epoch_of(book), 2);
    for (uint64_t member = 1; member <= MANY; member++) {
        assert_int_equal(person_of(book, member), LB_OK);
    }
    assert_int_equal(holder_of(book, NUMBER), 2);
    assert_sound(book);
    assert_int_equal(stat(book->key_path, &before), 0);
    rotate_and_wait(book);
    assert_int_equal(epoch_of(book), 3);
    assert_int_equal(stat(book->key_path, &after), 0);
    assert_int_equal(before.st_size, after.st_size); /* one key, as before */
    assert_sound(book);
}

static void members_register_while_keys_are_rotated(void **state)
{
    struct book *book = *state;
    struct command commands[] = {rotate(book), register_member(book, 1000, "王芳"), rotate(book),
                                 with_number(register_member(book, 1001, "赵强"), NUMBER)};
    book_do(book, commands, 4);
    wait_rotated(book);
    assert_int_equal(epoch_of(book), 3);
    assert_int_equal(person_of(book, 1000), LB_OK);
    assert_int_equal(holder_of(book, NUMBER), 1001);
    assert_sound(book);
}

static void rotation_that_was_cut_short_goes_on_at_the_next_start(void **state)
{
    struct book *book = *state;
    book_stop(book);
    assert_int_equal(people_rotate(book->people), LB_OK); /* the crash came behind the key */
    book_start(book);
    wait_rotated(book);
    assert_int_equal(epoch_of(book), 2);
    assert_sound(book);
}

static void the_erased_leave_no_row_no_number_and_no_name(void **state)
{
    struct book *book = *state;
    struct command commands[] = {with_number(rename_member(book, 2, "李明"), NUMBER),
                                 close_member(book, 2), erase(book, 2)};
    book_do(book, commands, 3);
    assert_int_equal(person_of(book, 2), LB_MEMBER_UNKNOWN);
    assert_int_equal(holder_of(book, NUMBER), 0);
    assert_sound(book);
    struct command command = with_number(register_member(book, 1000, "李明"), NUMBER);
    book_do(book, &command, 1);
    assert_int_equal(holder_of(book, NUMBER), 1000);
    assert_sound(book);
}

/* -- rejects ---------------------------------------------------------------------------------- */

static void the_number_of_another_member_is_refused_and_names_them(void **state)
{
    struct book *book = *state;
    struct command first = with_number(rename_member(book, 2, "李明"), NUMBER);
    book_do(book, &first, 1);
    const uint64_t head = book_head(book);
    const struct command commands[] = {
        with_number(register_member(book, 1000, "李明"), "110105491231002"),
        with_number(rename_member(book, 3, "王芳"), NUMBER),
    };
    for (size_t i = 0; i < 2; i++) {
        struct engine_result result = book_try(book, &commands[i]);
        assert_int_equal(result.verdict.code, LB_ID_NUMBER_TAKEN);
        assert_int_equal(result.verdict.a, 2);
    }
    assert_int_equal(book_head(book), head);
}

static void what_goes_before_in_the_list_is_told_first(void **state)
{
    struct book *book = *state;
    struct command command = with_number(rename_member(book, 2, "李明"), NUMBER);
    book_do(book, &command, 1);
    command = with_number(register_member(book, 1000, "李明"), NUMBER);
    command.act.member_register.org = ORG + 1;
    assert_int_equal(book_try(book, &command).verdict.code, LB_ORG_UNKNOWN);
    command = with_number(rename_member(book, 4000, "李明"), NUMBER);
    assert_int_equal(book_try(book, &command).verdict.code, LB_MEMBER_UNKNOWN);
}

static void preview(struct book *book, const struct command *command)
{
    struct request request;
    request_init(&request, book, command, 1);
    request.write.dry_run = true;
    request_do(&request);
    assert_int_equal(request.write.results[0].verdict.code, LB_OK);
    request_fini(&request);
}

static void a_dry_run_leaves_keys_persons_and_credentials_as_they_were(void **state)
{
    struct book *book = *state;
    static const uint8_t code[LB_HASH_BYTES] = {7};
    const struct command commands[] = {with_number(rename_member(book, 2, "李明"), NUMBER),
                                       close_member(book, 2)};
    struct command rotation = rotate(book);
    struct command erasure = erase(book, 2);
    struct command operator_open = command_of(book, ACT_OPERATOR_OPEN);
    operator_open.act.operator_open = (struct act_operator_open){
        .login = BYTES_LITERAL("anne"),
        .credential = {CREDENTIAL_ONE_TIME, {code, sizeof(code)}, START_MS + 1000}};
    book_do(book, commands, 2);
    const uint64_t head = book_head(book);
    preview(book, &rotation);
    preview(book, &erasure);
    preview(book, &operator_open);
    assert_int_equal(book_head(book), head);
    assert_int_equal(epoch_of(book), 1);
    assert_int_equal(person_of(book, 2), LB_OK);
    assert_int_equal(holder_of(book, NUMBER), 2);
    assert_sound(book); /* no credential that no entry commits to */
    assert_int_equal(book_try(book, &operator_open).assigned, 1);
    assert_false(book_try(book, &erasure).replayed);
    assert_sound(book);
}

static void the_erased_stay_erased_whatever_is_sent(void **state)
{
    struct book *book = *state;
    const struct command commands[] = {with_number(rename_member(book, 2, "李明"), NUMBER),
                                       close_member(book, 2), erase(book, 2)};
    book_do(book, commands, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(book_try(book, &commands[i]).replayed);
    }
    const struct command again[] = {erase(book, 2), rename_member(book, 2, "李明"),
                                    register_member(book, 2, "李明")};
    static const enum lb_result refused[] = {LB_MEMBER_ERASED, LB_MEMBER_CLOSED, LB_ALREADY_EXISTS};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(book_try(book, &again[i]).verdict.code, refused[i]);
    }
    assert_int_equal(person_of(book, 2), LB_MEMBER_UNKNOWN);
    assert_int_equal(holder_of(book, NUMBER), 0);
    rotate_and_wait(book);
    assert_int_equal(person_of(book, 2), LB_MEMBER_UNKNOWN);
    assert_sound(book);
}

/* -- faults ----------------------------------------------------------------------------------- */

static void a_key_file_that_cannot_be_written_stays_and_so_does_the_book(void **state)
{
    struct book *book = *state;
    char hidden[sizeof(book->key_path) + 2];
    snprintf(hidden, sizeof(hidden), "%s-", book->key_path);
    assert_int_equal(rename(book->key_path, hidden), 0);
    struct command command = rotate(book);
    const uint64_t head = book_head(book);
    assert_int_equal(book_try(book, &command).verdict.code, LB_KEY_UNWRITABLE);
    assert_int_equal(book_head(book), head);
    assert_int_equal(rename(hidden, book->key_path), 0);
    rotate_and_wait(book);
    assert_int_equal(epoch_of(book), 2);
}

/* A row put past the engine: its key is not the one that the persons call for. */
static void put_row(struct book *book, enum ledger_table table, struct bytes key,
                    struct bytes value)
{
    struct store_group *group = NULL;
    struct store_wait wait;
    enum lb_result why = LB_OK;
    store_wait_init(&wait);
    assert_int_equal(book->store->ops->group_begin(book->store, &group), LB_OK);
    assert_int_equal(book->store->ops->group_put(group, table, key, value), LB_OK);
    assert_int_equal(store_wait_commit(&wait, book->store->ops, group, &why), STORE_COMMITTED);
    store_wait_fini(&wait);
}

static void verify_names_a_number_that_is_nobody_s(void **state)
{
    struct book *book = *state;
    struct people_id_number key;
    static const uint8_t member[8] = {0, 0, 0, 0, 0, 0, 0, 2};
    book_stop(book);
    assert_true(people_id_number(book->people, 1, BYTES_LITERAL(NUMBER), &key));
    put_row(book, TABLE_ID_NUMBER, bytes_of(key.bytes, sizeof(key.bytes)),
            bytes_of(member, sizeof(member)));
    struct store *scratch = NULL;
    const struct store_mem_options options = {.is_async = false};
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &scratch), LB_OK);
    const struct verify_config config = {
        .store = book->store, .scratch = scratch, .people = book->people};
    struct verify_report report;
    assert_int_equal(verify_run(&config, &report), LB_OK);
    assert_false(report.passed);
    if (strstr(report.problem, "id_number") == NULL) {
        fail_msg("%s", report.problem);
    }
    scratch->ops->close(scratch);
}

static void a_row_that_does_not_open_keeps_the_old_key(void **state)
{
    struct book *book = *state;
    static const uint8_t member[8] = {0, 0, 0, 0, 0, 0, 0, 2};
    static const uint8_t torn[120] = {1, 0, 0, 0, 1};
    book_stop(book);
    put_row(book, TABLE_PERSON, bytes_of(member, sizeof(member)), bytes_of(torn, sizeof(torn)));
    book_start(book);
    struct command command = rotate(book);
    book_do(book, &command, 1);
    struct engine_status status;
    engine_status(book->engine, &status);
    for (int i = 0; i < 8; i++) { /* whatever it still does, it does not end */
        book_wait_work(book);
        command = rename_member(book, 1, "张小明");
        book_do(book, &command, 1);
    }
    engine_status(book->engine, &status);
    assert_true(status.is_rotating);
    assert_int_equal(person_of(book, 1), LB_OK);
    assert_int_equal(person_of(book, 3), LB_OK);
}

int main(void)
{
#define TEST(name)      TEST_WITH_BOOK(name)
#define TEST_MANY(name) cmocka_unit_test_setup_teardown(name, many_set_up, book_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_number_is_found_however_it_is_written_until_it_is_given_up),
        TEST_MANY(rotation_leaves_all_readable_and_one_key),
        TEST_MANY(members_register_while_keys_are_rotated),
        TEST_MANY(rotation_that_was_cut_short_goes_on_at_the_next_start),
        TEST(the_erased_leave_no_row_no_number_and_no_name),
        TEST(the_number_of_another_member_is_refused_and_names_them),
        TEST(what_goes_before_in_the_list_is_told_first),
        TEST(a_dry_run_leaves_keys_persons_and_credentials_as_they_were),
        TEST(the_erased_stay_erased_whatever_is_sent),
        TEST(a_key_file_that_cannot_be_written_stays_and_so_does_the_book),
        TEST(verify_names_a_number_that_is_nobody_s),
        TEST(a_row_that_does_not_open_keeps_the_old_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
