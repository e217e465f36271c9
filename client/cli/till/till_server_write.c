/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the till writes: a redemption or a reversal, on disk before it is sent. One thread.
 */
#include "till_server.h"

#include "errno_text.h"
#include "write.h"

#include "base/checked.h"
#include "base/date.h"

#include <errno.h>
#include <string.h>

/* Whether a result leaves no doubt. What is to be tried later, or is the server's own fault, may
 * have happened the first time it was sent. */
static bool till_write_is_settled(int code)
{
    switch (lb_result_class(code)) {
    case LB_CLASS_DONE:
    case LB_CLASS_REJECTED:
    case LB_CLASS_BUG:
    case LB_CLASS_WAITING:
        return true;
    case LB_CLASS_RETRYABLE:
    case LB_CLASS_FAULT:
        return false;
    }
    return false;
}

static int64_t till_write_total(const Lovebank__V1__Result *result)
{
    int64_t total_centi = 0;
    for (size_t i = 0; i < result->n_lines; i++) {
        int64_t cost = 0;
        if (!checked_mul_i64(result->lines[i]->quantity, result->lines[i]->price_centi, &cost) ||
            !checked_add_i64(total_centi, cost, &total_centi)) {
            return 0; /* the server would not have booked it */
        }
    }
    return total_centi;
}

static void till_write_take(struct till_server *server, const Lovebank__V1__WriteResponse *response,
                            struct till_answer *answer)
{
    const Lovebank__V1__Result *result = response->n_results == 1 ? response->results[0] : NULL;
    const int64_t numbers[3] = {response->a, response->b, response->c};
    const int code = result == NULL ? (int)response->code : (int)result->code;
    answer->is_unsettled = !till_write_is_settled(code) || (result == NULL && code == LB_OK);
    if (result == NULL) {
        till_server_refuse(server, code == LB_OK ? LB_MALFORMED : code, numbers, answer);
        return;
    }
    answer->is_done = code == LB_OK;
    answer->is_waiting = code == LB_WAITING;
    answer->sentence = code == LB_OK ? "" : write_sentence(&server->words, result);
    answer->entry = result->entry;
    answer->total_centi = till_write_total(result);
    if (result->n_balances > 0) {
        answer->balance_centi = result->balances[0]->points_centi;
    }
}

/* Who it was, when the screen cannot know: after an undo, or of an earlier run. */
static void till_write_name(struct till_server *server, uint64_t member, struct till_answer *answer)
{
    struct till_answer ignored = {0};
    int32_t today = 0;
    if (!till_server_today(server, &today, &ignored)) {
        today = DATE_DAY_MIN; /* then all points count */
    }
    if (!till_server_who(server, member, today, &server->member)) {
        server->member.points_centi = answer->balance_centi;
    }
    answer->member = &server->member;
}

static void till_write_send(struct till_server *server, Lovebank__V1__Command *command,
                            bool is_named, struct till_answer *answer)
{
    Lovebank__V1__WriteRequest request = write_request(server->cli, &command, 1);
    ProtobufCMessage *message = NULL;
    if (!till_server_call(server, LB_METHOD_WRITE, &request.base,
                          &lovebank__v1__write_response__descriptor, &message, answer)) {
        answer->is_unsettled = true;
        return;
    }
    const Lovebank__V1__WriteResponse *response = (Lovebank__V1__WriteResponse *)message;
    till_write_take(server, response, answer);
    if (!answer->is_unsettled) {
        till_pending_wipe(&server->pending);
    }
    if (answer->is_done && is_named && response->results[0]->n_balances > 0) {
        till_write_name(server, response->results[0]->balances[0]->member, answer);
    }
    cli_free_response(message);
}

/* Gives the command its id, writes it through to disk, sends it. */
static void till_write(struct till_server *server, Lovebank__V1__Command *command, bool is_named,
                       struct till_answer *answer)
{
    command->desk = server->cli->desk;
    if (!write_identify(&server->words, command)) {
        answer->sentence =
            TEXT(server->cli, "系统没有给出随机数", "the system gave no random numbers");
        return;
    }
    const size_t size = lovebank__v1__command__get_packed_size(command);
    uint8_t *packed = cli_take(&server->words, size + 1, 1);
    (void)lovebank__v1__command__pack(command, packed);
    const struct till_pending_record record = {bytes_of_text(server->cli->address),
                                               bytes_of(packed, size)};
    if (!till_pending_put(&server->pending, &record)) {
        answer->sentence =
            cli_format(&server->words,
                       TEXT(server->cli, "没有发出：写不了 %s：%s",
                            "not sent: cannot write "
                            "%s: %s"),
                       server->pending.path, errno_text(server->cli->is_chinese, errno));
        return;
    }
    till_write_send(server, command, is_named, answer);
}

void till_server_book(struct till_server *server, const struct till *till,
                      struct till_answer *answer)
{
    struct till_scan scans[LB_COMMAND_LINES_MAX];
    Lovebank__V1__RedeemLine lines[LB_COMMAND_LINES_MAX];
    Lovebank__V1__RedeemLine *pointers[LB_COMMAND_LINES_MAX];
    Lovebank__V1__MemberRef member = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__Redeem redeem = LOVEBANK__V1__REDEEM__INIT;
    Lovebank__V1__Command command;
    lovebank__v1__command__init(&command);
    redeem.n_lines = till_lines(&till->basket, scans);
    for (size_t i = 0; i < redeem.n_lines; i++) {
        lovebank__v1__redeem_line__init(&lines[i]);
        lines[i].item = scans[i].item;
        lines[i].quantity = scans[i].quantity;
        pointers[i] = &lines[i];
    }
    member.card = till->basket.member.card;
    redeem.member = &member;
    redeem.counter = server->counter;
    redeem.lines = pointers;
    command.act_case = LOVEBANK__V1__COMMAND__ACT_REDEEM;
    command.redeem = &redeem;
    till_write(server, &command, false, answer);
}

void till_server_undo(struct till_server *server, const struct till *till, uint64_t entry,
                      struct till_answer *answer)
{
    Lovebank__V1__EntryRef target = LOVEBANK__V1__ENTRY_REF__INIT;
    Lovebank__V1__Reverse reverse = LOVEBANK__V1__REVERSE__INIT;
    Lovebank__V1__Command command;
    lovebank__v1__command__init(&command);
    target.entry = entry;
    reverse.target = &target;
    command.memo = cli_copy(&server->words, till->reason);
    command.act_case = LOVEBANK__V1__COMMAND__ACT_REVERSE;
    command.reverse = &reverse;
    till_write(server, &command, true, answer);
}

bool till_server_has_pending(struct till_server *server, bool *is_elsewhere)
{
    uint8_t buffer[TILL_PENDING_BYTES];
    struct till_pending_record record;
    *is_elsewhere = false;
    if (!till_pending_get(&server->pending, buffer, &record)) {
        return false;
    }
    *is_elsewhere = !bytes_equal(record.address, bytes_of_text(server->cli->address));
    if (*is_elsewhere) {
        cli_complain(server->cli,
                     TEXT(server->cli,
                          "有一笔发往 %.*s 的还没有答复。请先用 --connect 连到那里开一次柜台。",
                          "A redemption sent to %.*s has no answer yet: open the till once with "
                          "--connect to that server."),
                     (int)record.address.size, (const char *)record.address.data);
    }
    return true;
}

void till_server_settle(struct till_server *server, struct till_answer *answer)
{
    uint8_t buffer[TILL_PENDING_BYTES];
    struct till_pending_record record;
    Lovebank__V1__Command *command =
        till_pending_get(&server->pending, buffer, &record)
            ? lovebank__v1__command__unpack(NULL, record.command.size, record.command.data)
            : NULL;
    if (command == NULL) {
        /* Its hash was right, so nobody but a newer program could have written it. */
        till_server_refuse(server, LB_MALFORMED, NULL, answer);
        return;
    }
    answer->is_reversal = command->act_case == LOVEBANK__V1__COMMAND__ACT_REVERSE;
    till_write_send(server, command, true, answer);
    lovebank__v1__command__free_unpacked(command, NULL);
}
