/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The person behind a member: masked for everybody, in full under a Reveal of one's own; consents.
 */
#include "fixture.h"

#define METHOD_MEMBER_GET UINT16_C(20)
#define METHOD_STARS      UINT16_C(30)
#define SUBJECT           20
#define MINUTE_MS         INT64_C(60000)

struct town {
    struct service *service;
    uint32_t desk;   /* of ORG, may reveal */
    uint32_t second; /* as the desk */
    uint32_t viewer;
    uint32_t elsewhere; /* a desk of OTHER_ORG */
};

static struct command register_subject(struct book *book)
{
    struct command command = register_member(book, SUBJECT, "欧阳建华");
    command.act.member_register.person.id_number = BYTES_LITERAL("11010519491231002X");
    command.act.member_register.person.phone = BYTES_LITERAL("13812345678");
    command.act.member_register.person.address = BYTES_LITERAL("幸福路 3 号");
    return command;
}

static struct town town_open(struct book *book)
{
    const struct command subject = register_subject(book);
    book_do(book, &subject, 1);
    return (struct town){
        .service = service_new(book),
        .desk = add_operator(book, "desk", ROLE_DESK, ORG),
        .second = add_operator(book, "second", ROLE_DESK, ORG),
        .viewer = add_operator(book, "viewer", ROLE_VIEWER, ORG),
        .elsewhere = add_operator(book, "elsewhere", ROLE_DESK, OTHER_ORG),
    };
}

/* The entry. */
static uint64_t reveal(struct book *book, uint32_t principal, uint64_t member)
{
    struct command command = command_of(book, ACT_REVEAL);
    command.memo = BYTES_LITERAL("本人来电核对电话");
    command.act.reveal = member;
    const struct engine_result result = do_as(book, principal, &command);
    assert_int_equal(result.verdict.code, LB_OK);
    return result.entry;
}

static uint32_t try_person(struct town *town, struct actor actor, uint64_t entry)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = SUBJECT;
    request.member = &ref;
    request.with_person = true;
    request.reveal_entry = entry;
    return service_ask(town->service, actor, METHOD_MEMBER_GET, &request.base);
}

static const Lovebank__V1__MemberGetResponse *get(struct town *town, struct actor actor,
                                                  bool with_person, uint64_t entry)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = SUBJECT;
    request.member = &ref;
    request.with_person = with_person;
    request.reveal_entry = entry;
    return service_answer(town->service, actor, METHOD_MEMBER_GET, &request.base,
                          &lovebank__v1__member_get_response__descriptor);
}

/* Told in the answer, with what to do, and nothing of the member. */
static void assert_unrevealed(struct town *town, uint32_t principal, uint64_t entry)
{
    const Lovebank__V1__MemberGetResponse *answer = get(town, actor_of(principal), true, entry);
    assert_int_equal(answer->code, LB_UNAUTHORISED);
    assert_non_null(strstr(answer->text, "reveal"));
    assert_null(answer->info);
}

/* accepts */

static void ones_own_reveal_shows_the_person_for_fifteen_minutes(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    const uint64_t entry = reveal(book, town.desk, SUBJECT);
    clock_step(&book->stepper, 15 * MINUTE_MS);
    const Lovebank__V1__MemberGetResponse *answer = get(&town, actor_of(town.desk), true, entry);
    assert_int_equal(answer->code, LB_OK);
    assert_string_equal(answer->info->person->name, "欧阳建华");
    assert_string_equal(answer->info->person->phone, "13812345678");
    assert_string_equal(answer->info->person->id_number, "11010519491231002X");
    clock_step(&book->stepper, 1);
    assert_unrevealed(&town, town.desk, entry);
    service_free(town.service);
}

static void without_a_log_in_asked_for_no_reveal_is_needed(void **state)
{
    struct town town = town_open(*state);
    assert_string_equal(get(&town, trusted, true, 0)->info->person->phone, "13812345678");
    service_free(town.service);
}

static void a_member_is_masked_for_desks(void **state)
{
    struct town town = town_open(*state);
    const Lovebank__V1__MemberInfo *info = get(&town, actor_of(town.desk), false, 0)->info;
    assert_null(info->person);
    assert_string_equal(info->masked_name, "欧**华");
    assert_string_equal(info->masked_phone, "138****5678");
    assert_string_equal(info->masked_id_number, "110*************2X");
    service_free(town.service);
}

static void consents_are_those_of_today(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    const Lovebank__V1__MemberInfo *info = get(&town, actor_of(town.desk), false, 0)->info;
    assert_false(info->publish_name || info->contact);
    struct command consent = command_of(book, ACT_CONSENT_SET);
    consent.act.consent_set =
        (struct act_consent_set){.member = SUBJECT, .publish_name = true, .contact = false};
    book_do(book, &consent, 1);
    info = get(&town, actor_of(town.desk), false, 0)->info;
    assert_true(info->publish_name);
    assert_false(info->contact);
    service_free(town.service);
}

static const Lovebank__V1__StarsResponse *stars(struct town *town, bool with_names)
{
    Lovebank__V1__StarsRequest request = LOVEBANK__V1__STARS_REQUEST__INIT;
    request.org = ORG;
    request.year = 2016;
    request.with_names = with_names;
    return service_answer(town->service, actor_of(town->desk), METHOD_STARS, &request.base,
                          &lovebank__v1__stars_response__descriptor);
}

static void a_board_says_whom_a_public_list_may_name(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    struct command consent = command_of(book, ACT_CONSENT_SET);
    consent.act.consent_set = (struct act_consent_set){.member = 2, .publish_name = true};
    const struct command commands[] = {record_service(book, 1, 120, TODAY),
                                       record_service(book, 2, 60, TODAY), consent};
    book_do(book, commands, 3);
    const Lovebank__V1__StarsResponse *board = stars(&town, true);
    assert_int_equal(board->n_rows, 2);
    assert_int_equal(board->rows[0]->member, 1);
    assert_false(board->rows[0]->publishable);
    assert_string_equal(board->rows[0]->masked_name, "张*明");
    assert_int_equal(board->rows[1]->member, 2);
    assert_true(board->rows[1]->publishable);
    assert_false(stars(&town, false)->rows[1]->publishable); /* the reproducible bytes */
    service_free(town.service);
}

/* rejects */

static void any_other_entry_shows_no_person(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    const struct command served = record_service(book, SUBJECT, 60, TODAY);
    const uint64_t of_service = do_as(book, town.desk, &served).entry;
    const uint64_t of_another = reveal(book, town.desk, 1);
    const uint64_t by_another = reveal(book, town.second, SUBJECT);
    assert_unrevealed(&town, town.desk, 0);
    assert_unrevealed(&town, town.desk, of_service);
    assert_unrevealed(&town, town.desk, of_another);
    assert_unrevealed(&town, town.desk, by_another);
    assert_unrevealed(&town, town.desk, book_head(book) + 1);
    assert_int_equal(get(&town, actor_of(town.second), true, by_another)->code, LB_OK);
    service_free(town.service);
}

static void a_clock_that_was_put_back_makes_no_reveal_last(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    const uint64_t entry = reveal(book, town.desk, SUBJECT);
    book->stepper.now_ms -= 16 * MINUTE_MS;
    assert_unrevealed(&town, town.desk, entry);
    service_free(town.service);
}

static void a_reveal_that_waits_for_a_second_person_shows_nothing_yet(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    struct command own = command_of(book, ACT_PRINCIPAL_SET);
    own.act.principal_set = (struct act_principal_set){.principal = town.desk, .member = SUBJECT};
    book_do(book, &own, 1);
    struct command command = command_of(book, ACT_REVEAL);
    command.memo = BYTES_LITERAL("自己的");
    command.act.reveal = SUBJECT;
    const struct engine_result result = do_as(book, town.desk, &command);
    assert_int_equal(result.verdict.code, LB_WAITING);
    assert_unrevealed(&town, town.desk, result.entry);
    service_free(town.service);
}

static void who_has_no_right_to_persons_or_not_there_sees_none(void **state)
{
    struct book *book = *state;
    struct town town = town_open(book);
    const uint64_t entry = reveal(book, town.desk, SUBJECT);
    assert_int_equal(try_person(&town, actor_of(town.viewer), entry), LB_UNAUTHORISED);
    assert_int_equal(try_person(&town, actor_of(town.elsewhere), entry), LB_OUT_OF_SCOPE);
    assert_int_equal(try_person(&town, nobody, entry), LB_LOGIN_REQUIRED);
    service_free(town.service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST_WITH_TOWN(ones_own_reveal_shows_the_person_for_fifteen_minutes),
        TEST_WITH_TOWN(without_a_log_in_asked_for_no_reveal_is_needed),
        TEST_WITH_TOWN(a_member_is_masked_for_desks),
        TEST_WITH_TOWN(consents_are_those_of_today),
        TEST_WITH_TOWN(a_board_says_whom_a_public_list_may_name),
        /* rejects */
        TEST_WITH_TOWN(any_other_entry_shows_no_person),
        TEST_WITH_TOWN(a_clock_that_was_put_back_makes_no_reveal_last),
        TEST_WITH_TOWN(a_reveal_that_waits_for_a_second_person_shows_nothing_yet),
        TEST_WITH_TOWN(who_has_no_right_to_persons_or_not_there_sees_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
