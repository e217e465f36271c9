/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Personal data in full. One thread.
 */
#include "person.h"

#include "query.h"
#include "write.h"

static Lovebank__V1__MemberGetResponse *person_ask(struct cli *cli, uint64_t member,
                                                   uint64_t reveal_entry, enum cli_exit *exit)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = member;
    request.member = &ref;
    request.with_person = true;
    request.reveal_entry = reveal_entry;
    Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)cli_call(
        cli, LB_METHOD_MEMBER_GET, &request.base, &lovebank__v1__member_get_response__descriptor,
        exit);
    if (response == NULL ||
        (response->code == LB_OK && response->info != NULL && response->info->balances != NULL)) {
        return response;
    }
    *exit = response->code != LB_OK ? query_refuse_member(cli, response->code, &ref)
                                    : cli_fail(cli, LB_MALFORMED, NULL, "MemberGetResponse");
    cli_free_response(&response->base);
    return NULL;
}

/* Its success is told by what is shown then. */
static void person_say_nothing(struct cli *cli, const Lovebank__V1__Command *command,
                               const Lovebank__V1__Result *result)
{
    (void)cli;
    (void)command;
    (void)result;
}

Lovebank__V1__MemberGetResponse *person_reveal(struct cli *cli, uint64_t member, const char *reason,
                                               enum cli_exit *exit)
{
    Lovebank__V1__Reveal act = LOVEBANK__V1__REVEAL__INIT;
    Lovebank__V1__Command command;
    Lovebank__V1__WriteResponse *response = NULL;
    struct id id;
    lovebank__v1__command__init(&command);
    act.member = member;
    command.memo = cli_copy(cli, reason);
    command.desk = cli->desk;
    command.act_case = LOVEBANK__V1__COMMAND__ACT_REVEAL;
    command.reveal = &act;
    *exit = CLI_FAULT;
    if (!write_new_id(cli, &id)) {
        return NULL;
    }
    write_set_id(cli, &command, &id);
    const Lovebank__V1__Result *result = write_send(cli, &command, &response, exit);
    if (result == NULL) {
        return NULL;
    }
    const uint64_t entry = result->entry;
    if (result->code != LB_OK) {
        write_tell(cli, &command, result, person_say_nothing);
    }
    cli_free_response(&response->base);
    return *exit == CLI_DONE ? person_ask(cli, member, entry, exit) : NULL;
}

static bool person_is_trusted(struct cli *cli, bool *is_trusted, enum cli_exit *exit)
{
    const Lovebank__V1__WhoamiRequest request = LOVEBANK__V1__WHOAMI_REQUEST__INIT;
    Lovebank__V1__WhoamiResponse *response = (Lovebank__V1__WhoamiResponse *)cli_call(
        cli, LB_METHOD_WHOAMI, &request.base, &lovebank__v1__whoami_response__descriptor, exit);
    if (response == NULL) {
        return false;
    }
    *is_trusted = response->is_trusted;
    cli_free_response(&response->base);
    return true;
}

Lovebank__V1__MemberGetResponse *person_get(struct cli *cli, uint64_t member, const char *reason,
                                            enum cli_exit *exit)
{
    bool is_trusted = false;
    if (!person_is_trusted(cli, &is_trusted, exit)) {
        return NULL;
    }
    return is_trusted ? person_ask(cli, member, 0, exit) : person_reveal(cli, member, reason, exit);
}
