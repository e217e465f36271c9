/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two operators who may do everything, one of whom is member 1, and requests in their names.
 */
#ifndef TESTS_UNIT_ENGINE_SECOND_FIXTURE_H
#define TESTS_UNIT_ENGINE_SECOND_FIXTURE_H

#include "fixture.h"

#define ANNE 1 /* principal; member 1 */
#define BEN  2 /* principal; no member */

static inline struct command open_operator(struct book *book, struct bytes login, uint64_t member)
{
    static const uint8_t code[LB_HASH_BYTES] = {7};
    struct command command = command_of(book, ACT_OPERATOR_OPEN);
    command.act.operator_open =
        (struct act_operator_open){.login = login,
                                   .member = member,
                                   .credential = {.kind = CREDENTIAL_ONE_TIME,
                                                  .verifier = {code, sizeof(code)},
                                                  .expires_ms = START_MS + 1000}};
    return command;
}

static inline struct command make_administrator(struct book *book, uint32_t principal)
{
    struct command command = command_of(book, ACT_ROLE_SET);
    command.act.role_set = (struct act_role_set){
        .principal = principal,
        .roles = {.items = {{ROLE_ADMINISTRATOR, 0}, {ROLE_DESK, 0}, {ROLE_REVIEWER, 0}},
                  .count = 3}};
    return command;
}

static inline void book_open_operators(struct book *book)
{
    const struct command commands[] = {
        open_operator(book, BYTES_LITERAL("anne"), 1),
        open_operator(book, BYTES_LITERAL("ben"), 0),
        make_administrator(book, ANNE),
        make_administrator(book, BEN),
    };
    book_do(book, commands, sizeof(commands) / sizeof(commands[0]));
}

/* One command in the name of an operator. */
static inline struct engine_result book_try_as(struct book *book, uint32_t principal,
                                               const struct command *command)
{
    return book_try_by(book, (struct actor){.principal = principal}, command);
}

static inline struct command decide_proposal(struct book *book, uint64_t proposal, bool confirm)
{
    struct command command = command_of(book, ACT_PROPOSAL_DECIDE);
    command.memo = BYTES_LITERAL("看过了");
    command.act.proposal_decide =
        (struct act_proposal_decide){.proposal = {.entry = proposal}, .confirm = confirm};
    return command;
}

/* What Anne records for herself waits; gives the proposal's number. */
static inline uint64_t book_propose(struct book *book, struct command *command)
{
    *command = record_service(book, 1, 60, TODAY);
    struct engine_result result = book_try_as(book, ANNE, command);
    assert_int_equal(result.verdict.code, LB_WAITING);
    return result.entry;
}

#endif
