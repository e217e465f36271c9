/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the load needs in the book, and what the book says about it. One thread.
 */
#include "bench.h"

#include "identify.h"
#include "progress.h"
#include "write.h"

#include <inttypes.h>
#include <string.h>

#define BENCH_DAY          10957 /* 2000-01-01: before any day the load records on */
#define BENCH_SET_UP_BATCH 1000
#define BENCH_ASK_AHEAD    16

/* The same commands have the same ids in every run: only the first does anything. */
static Lovebank__V1__Command *bench_command(struct bench *bench, const char *what)
{
    Lovebank__V1__Command *command = cli_take(bench->cli, 1, sizeof(*command));
    lovebank__v1__command__init(command);
    command->day = BENCH_DAY;
    command->has_day = true;
    const struct id id = identify_receipt("bench", what);
    write_set_id(bench->cli, command, &id);
    return command;
}

static Lovebank__V1__Command *bench_org(struct bench *bench)
{
    Lovebank__V1__Command *command = bench_command(bench, "org");
    Lovebank__V1__OrgOpen *act = cli_take(bench->cli, 1, sizeof(*act));
    lovebank__v1__org_open__init(act);
    act->org = BENCH_ORG;
    act->kind = LOVEBANK__V1__ORG_KIND__ORG_KIND_OTHER;
    act->name = cli_copy(bench->cli, "lovebank bench");
    command->act_case = LOVEBANK__V1__COMMAND__ACT_ORG_OPEN;
    command->org_open = act;
    return command;
}

/* A minute earns a point, and no point expires: tallies are easy to foretell. */
static Lovebank__V1__Command *bench_tariff(struct bench *bench)
{
    Lovebank__V1__Command *command = bench_command(bench, "tariff");
    Lovebank__V1__TariffSet *act = cli_take(bench->cli, 1, sizeof(*act));
    lovebank__v1__tariff_set__init(act);
    act->category = BENCH_CATEGORY;
    act->name = cli_copy(bench->cli, "lovebank bench");
    act->points_per_hour_centi = 6000;
    act->coefficient_permille = 1000;
    act->rounding_minutes = 1;
    act->expiry_kind = LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_NEVER;
    act->day_minutes_max = LB_DAY_MINUTES;
    command->act_case = LOVEBANK__V1__COMMAND__ACT_TARIFF_SET;
    command->tariff_set = act;
    return command;
}

static Lovebank__V1__Command *bench_member(struct bench *bench, uint64_t place)
{
    const uint64_t i = bench->first + place;
    const char *name = cli_format(bench->cli, "bench %" PRIu64, i);
    Lovebank__V1__Command *command = bench_command(bench, name);
    Lovebank__V1__MemberRegister *act = cli_take(bench->cli, 1, sizeof(*act));
    Lovebank__V1__Person *person = cli_take(bench->cli, 1, sizeof(*person));
    lovebank__v1__member_register__init(act);
    lovebank__v1__person__init(person);
    person->name = cli_copy(bench->cli, name);
    act->member = BENCH_MEMBER_FIRST + i;
    act->org = BENCH_ORG;
    act->person = person;
    command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER;
    command->member_register = act;
    return command;
}

static enum cli_exit bench_write(struct bench *bench, Lovebank__V1__Command **commands,
                                 size_t count)
{
    enum cli_exit exit = CLI_DONE;
    const Lovebank__V1__WriteRequest request = write_request(bench->cli, commands, count);
    Lovebank__V1__WriteResponse *response =
        (Lovebank__V1__WriteResponse *)cli_call(bench->cli, LB_METHOD_WRITE, &request.base,
                                                &lovebank__v1__write_response__descriptor, &exit);
    if (response == NULL) {
        return exit;
    }
    const int64_t numbers[3] = {response->a, response->b, response->c};
    if (response->code != LB_OK) {
        exit = cli_fail(bench->cli, (int)response->code, numbers, response->text);
    }
    for (size_t i = 0; i < response->n_results && exit == CLI_DONE; i++) {
        const Lovebank__V1__Result *result = response->results[i];
        const int64_t its[3] = {result->a, result->b, result->c};
        if (result->code != LB_OK) {
            exit = cli_fail(bench->cli, (int)result->code, its, result->text);
        }
    }
    cli_free_response(&response->base);
    return exit;
}

enum cli_exit bench_set_up(struct bench *bench)
{
    Lovebank__V1__Command *commands[BENCH_SET_UP_BATCH] = {bench_org(bench), bench_tariff(bench)};
    size_t count = 2;
    enum cli_exit exit = CLI_DONE;
    for (uint64_t i = 0; i < bench->members && exit == CLI_DONE; i++) {
        commands[count++] = bench_member(bench, i);
        if (count == BENCH_SET_UP_BATCH) {
            exit = bench_write(bench, commands, count);
            count = 0;
            progress_show(bench->cli, i, bench->members);
        }
    }
    if (count > 0 && exit == CLI_DONE) {
        exit = bench_write(bench, commands, count);
    }
    progress_clear(bench->cli);
    return exit;
}

static int bench_ask(struct bench *bench, uint64_t i)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = BENCH_MEMBER_FIRST + bench->first + i;
    request.member = &ref;
    request.balances_only = true;
    return lb_session_submit(bench->cli->session, LB_METHOD_MEMBER_GET, &request.base);
}

static int bench_take(struct bench *bench, struct bench_tally *tally)
{
    ProtobufCMessage *message = NULL;
    int result = lb_session_next(bench->cli->session,
                                 &lovebank__v1__member_get_response__descriptor, &message);
    if (result != LB_OK) {
        return result;
    }
    const Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)message;
    if (response->code != LB_OK || response->info == NULL || response->info->balances == NULL) {
        result = response->code != LB_OK ? (int)response->code : LB_MALFORMED;
    } else {
        tally->minutes = response->info->balances->minutes;
        tally->points_centi = response->info->balances->points_centi;
    }
    cli_free_response(message);
    return result;
}

enum cli_exit bench_read_tallies(struct bench *bench, struct bench_tally *tallies)
{
    enum cli_exit exit = CLI_DONE;
    if (!cli_connect(bench->cli, &exit)) {
        return exit;
    }
    uint64_t asked = 0;
    for (uint64_t i = 0; i < bench->members; i++) {
        int result = LB_OK;
        while (result == LB_OK && asked < bench->members && asked < i + BENCH_ASK_AHEAD) {
            result = bench_ask(bench, asked);
            asked += result == LB_OK;
        }
        if (result == LB_OK) {
            result = bench_take(bench, &tallies[i]);
        }
        if (result != LB_OK) {
            return cli_fail(bench->cli, result, lb_session_numbers(bench->cli->session), "");
        }
    }
    return CLI_DONE;
}
