/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Members by name: exact finds, pipelined. One thread.
 */
#include "people.h"

#include "lookup.h"

#include <inttypes.h>
#include <string.h>

#define PEOPLE_FLYING 64

struct person {
    const char *name;
    uint64_t org;
    Lovebank__V1__MemberFindResponse *answer;
    struct person *next;
};

struct people {
    struct cli *cli;
    struct lookup places; /* of name and org: the address of its person */
    struct lookup owners; /* of a card: its member */
    struct person *first;
    struct person *last;
    struct person *unasked; /* the first of those not asked yet; they are the last ones */
    bool by_initials;
};

struct people *people_new(struct cli *cli, bool by_initials)
{
    struct people *people = cli_take(cli, 1, sizeof(*people));
    people->cli = cli;
    people->by_initials = by_initials;
    return people;
}

void people_free(struct people *people)
{
    if (people == NULL) {
        return;
    }
    for (struct person *one = people->first; one != NULL; one = one->next) {
        lovebank__v1__member_find_response__free_unpacked(one->answer, NULL);
    }
    lookup_fini(&people->places);
    lookup_fini(&people->owners);
}

/* Spellings that mean the same name are asked one by one: the server compares names, not we. */
static struct bytes people_key(const struct people *people, const char *name, uint64_t org)
{
    return bytes_of_text(cli_format(people->cli, "%" PRIu64 ":%s", org, name));
}

static struct person *people_get(const struct people *people, const char *name, uint64_t org)
{
    uint64_t address = 0;
    return lookup_get(&people->places, people_key(people, name, org), &address)
               ? (struct person *)(uintptr_t)address
               : NULL;
}

void people_want(struct people *people, const char *name, uint64_t org)
{
    if (people_get(people, name, org) != NULL) {
        return;
    }
    struct person *one = cli_take(people->cli, 1, sizeof(*one));
    *one = (struct person){.name = cli_copy(people->cli, name), .org = org};
    lookup_put(people->cli, &people->places, people_key(people, name, org), (uintptr_t)one);
    if (people->last != NULL) {
        people->last->next = one;
    } else {
        people->first = one;
    }
    people->last = one;
    people->unasked = people->unasked != NULL ? people->unasked : one;
}

static enum cli_exit people_submit(struct people *people, const struct person *one)
{
    struct cli *cli = people->cli;
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    request.text = cli_copy(cli, one->name);
    request.limit = LB_PAGE_ROWS_MAX;
    request.exact = true;
    request.names_only = !people->by_initials;
    request.org = one->org;
    int result = lb_session_submit(cli->session, LB_METHOD_MEMBER_FIND, &request.base);
    return result == LB_OK ? CLI_DONE : cli_fail(cli, result, lb_session_numbers(cli->session), "");
}

static enum cli_exit people_take(struct people *people, struct person *one)
{
    struct cli *cli = people->cli;
    ProtobufCMessage *response = NULL;
    int result =
        lb_session_next(cli->session, &lovebank__v1__member_find_response__descriptor, &response);
    if (result != LB_OK) {
        return cli_fail(cli, result, lb_session_numbers(cli->session), "");
    }
    one->answer = (Lovebank__V1__MemberFindResponse *)response;
    if (!one->answer->index_ready) {
        cli_complain(cli, TEXT(cli, "服务器刚启动，姓名索引还没有建好。请稍后再试。",
                               "The server has just started and is still building the index of "
                               "names; try again shortly."));
        return CLI_TRY_LATER;
    }
    return CLI_DONE;
}

enum cli_exit people_ask(struct people *people)
{
    struct person *sent = people->unasked;
    struct person *answered = people->unasked;
    size_t flying = 0;
    enum cli_exit exit = CLI_DONE;
    if (sent == NULL || !cli_connect(people->cli, &exit)) {
        return exit;
    }
    while (flying > 0 || (exit == CLI_DONE && sent != NULL)) {
        if (exit == CLI_DONE && sent != NULL && flying < PEOPLE_FLYING) {
            exit = people_submit(people, sent);
            sent = sent->next;
            flying += exit == CLI_DONE;
            continue;
        }
        enum cli_exit taken = people_take(people, answered);
        answered = answered->next;
        flying--;
        exit = exit == CLI_DONE ? taken : exit;
    }
    people->unasked = NULL;
    return exit;
}

const Lovebank__V1__MemberFindResponse *people_find(const struct people *people, const char *name,
                                                    uint64_t org)
{
    const struct person *one = people_get(people, name, org);
    return one == NULL ? NULL : one->answer;
}

bool people_card_owner(struct people *people, uint64_t card, uint64_t *member)
{
    enum cli_exit exit = CLI_DONE;
    const struct bytes key = bytes_of(&card, sizeof(card));
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    if (lookup_get(&people->owners, key, member)) {
        return true;
    }
    ref.card = card;
    request.member = &ref;
    Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)cli_call(
        people->cli, LB_METHOD_MEMBER_GET, &request.base,
        &lovebank__v1__member_get_response__descriptor, &exit);
    if (response == NULL) {
        return false;
    }
    *member = response->code == LB_OK && response->info != NULL ? response->info->member : 0;
    cli_free_response(&response->base);
    lookup_put(people->cli, &people->owners, key, *member);
    return true;
}
