/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One command after the other, as the server itself; each is an entry as everybody's are. A run
 * that was cut off is completed by the next.
 */
#include "app/first_operator.h"

#include "app/complain.h"
#include "bank/records.h"
#include "base/clock.h"
#include "base/one_time_code.h"
#include "base/random.h"
#include "people/people.h"

#include <semaphore.h>
#include <stdio.h>

#define HOUR_MS         INT64_C(3600000)
#define ARENA_BYTES_MAX ((size_t)16 << 20)

/* An operator, as far as init needs to know; principal 0: nobody. */
struct found {
    uint32_t principal;
    enum principal_state state;
    char login[LB_LOGIN_BYTES_MAX + 1];
};

/* --- looking ---------------------------------------------------------------------------------- */

static void found_set(struct found *found, const struct principal_row *row)
{
    *found = (struct found){.principal = row->principal, .state = row->state};
    (void)snprintf(found->login, sizeof(found->login), "%.*s", (int)row->name.size,
                   (const char *)row->name.data);
}

static bool is_administrator(struct views views, uint32_t principal, int32_t today_day)
{
    struct roles roles;
    roles_on(views, principal, today_day, &roles);
    for (size_t i = 0; i < roles.count; i++) {
        if (roles.items[i].role == ROLE_ADMINISTRATOR && roles.items[i].org == 0) {
            return true;
        }
    }
    return false;
}

/* The first active operator; with `today_day` not DAY_NONE, only one who manages the whole book. */
static void find_active(struct views views, int32_t today_day, struct found *found)
{
    struct principal_row row;
    for (uint32_t at = 1; principal_next(views, at, &row); at = row.principal + 1) {
        if (row.kind == PRINCIPAL_OPERATOR && row.state == PRINCIPAL_ACTIVE &&
            (today_day == DAY_NONE || is_administrator(views, row.principal, today_day))) {
            found_set(found, &row);
            return;
        }
    }
}

static void find_login(struct views views, const char *login, struct found *found)
{
    struct principal_row row;
    const uint32_t principal = principal_of_login(views, bytes_of_text(login));
    if (principal != 0 && principal_get(views, principal, &row)) {
        found_set(found, &row);
    }
}

/* Who has that name; NULL: who is active, and an administrator if `is_first`. */
static enum lb_result look(struct engine *engine, const char *login, bool is_first,
                           struct found *found)
{
    struct arena arena;
    struct engine_view view;
    struct engine_status status;
    *found = (struct found){0};
    engine_status(engine, &status);
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES_MAX);
    enum lb_result result = engine_view_open(engine, &arena, &view);
    if (result == LB_OK) {
        if (login != NULL) {
            find_login(view.bank.views, login, found);
        } else {
            find_active(view.bank.views, is_first ? status.today_day : DAY_NONE, found);
        }
        result = views_fault(view.bank.views);
        engine_view_close(&view);
    }
    arena_fini(&arena);
    return result;
}

enum lb_result first_operator_look(struct engine *engine)
{
    struct found found;
    const enum lb_result result = look(engine, NULL, false, &found);
    return result == LB_OK && found.principal == 0 ? LB_PRINCIPAL_UNKNOWN : result;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void written(struct engine_write *write)
{
    (void)sem_post(write->context);
}

/* Not LB_OK: it has complained, if it should. *assigned: the number of what was opened. */
static enum lb_result do_command(struct engine *engine, struct command *command, uint64_t *assigned)
{
    struct id_maker maker = {0};
    uint8_t random[10];
    struct arena arena;
    sem_t is_done;
    if (!random_fill(random_system(), random, sizeof(random))) {
        complain(LB_INTERNAL, "getrandom", "");
        return LB_INTERNAL;
    }
    command->id = id_make(&maker, (uint64_t)clock_now_ms(clock_system()), random);
    command->day = DAY_NONE;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES_MAX);
    (void)sem_init(&is_done, 0, 0);
    struct engine_write write = {
        .commands = command,
        .command_count = 1,
        .actor = {.is_trusted = true},
        .arena = &arena,
        .done = written,
        .context = &is_done,
    };
    struct verdict verdict = {.code = engine_write_submit(engine, &write), .text = ""};
    if (verdict.code == LB_OK) {
        while (sem_wait(&is_done) != 0) { /* a signal came between */
        }
        verdict = write.verdict.code != LB_OK ? write.verdict : write.results[0].verdict;
    }
    if (verdict.code == LB_OK) {
        *assigned = write.results[0].assigned;
    } else if (engine_check_key(engine) == LB_KEY_OUTDATED) {
        verdict.code = LB_KEY_OUTDATED; /* another machine made the book: whatever is in our way */
    } else {
        complain(verdict.code, verdict.text, "");
    }
    (void)sem_destroy(&is_done);
    arena_fini(&arena);
    return verdict.code;
}

/* A code, and what the book keeps of it. */
struct code {
    char text[ONE_TIME_CODE_TEXT_BYTES];
    uint8_t hash[LB_HASH_BYTES];
};

/* Not LB_OK: it has complained. */
static enum lb_result code_make(struct code *code, struct credential *credential)
{
    uint8_t bytes[ONE_TIME_CODE_BYTES];
    if (!random_fill(random_system(), bytes, sizeof(bytes))) {
        complain(LB_INTERNAL, "getrandom", "");
        return LB_INTERNAL;
    }
    const struct bytes parts[] = {bytes_of(bytes, sizeof(bytes))};
    people_sha256(parts, 1, code->hash);
    one_time_code_format(bytes, code->text);
    explicit_bzero(bytes, sizeof(bytes));
    *credential = (struct credential){
        .kind = CREDENTIAL_ONE_TIME,
        .verifier = bytes_of(code->hash, sizeof(code->hash)),
        .expires_ms = clock_now_ms(clock_system()) + ONE_TIME_CODE_HOURS * HOUR_MS,
    };
    return LB_OK;
}

static void code_print(const struct code *code, const char *login)
{
    printf("账户 %s 的一次性口令（%d 小时内有效，只显示这一次）：\n"
           "one-time code of %s, good for %d hours and shown only once:\n\n    %s\n\n"
           "启动服务器，运行 lovebank login %s，输入口令，再设定密码。\n"
           "start the server, run lovebank login %s, enter the code and choose a password.\n",
           login, ONE_TIME_CODE_HOURS, login, ONE_TIME_CODE_HOURS, code->text, login, login);
}

static enum lb_result open_operator(struct engine *engine, const char *login,
                                    const struct credential *credential, uint64_t *principal)
{
    struct command command = {.kind = ACT_OPERATOR_OPEN};
    command.act.operator_open.login = bytes_of_text(login);
    command.act.operator_open.credential = *credential;
    return do_command(engine, &command, principal);
}

/* A new code for the one there is; active again. */
static enum lb_result renew_operator(struct engine *engine, const struct found *found,
                                     const struct credential *credential)
{
    uint64_t ignored = 0;
    struct command command = {.kind = ACT_CREDENTIAL_SET};
    if (found->state == PRINCIPAL_CLOSED) {
        fprintf(stderr,
                "lovebankd: 账户 %s 已停用，不能再用。请另用一个登录名\n"
                "lovebankd: the account %s is closed for good; use another log-in name\n",
                found->login, found->login);
        return LB_PRINCIPAL_LOCKED;
    }
    command.act.credential_set.principal = found->principal;
    command.act.credential_set.credential = *credential;
    const enum lb_result result = do_command(engine, &command, &ignored);
    if (result != LB_OK || found->state == PRINCIPAL_ACTIVE) {
        return result;
    }
    command = (struct command){.kind = ACT_PRINCIPAL_SET};
    command.act.principal_set.principal = found->principal;
    command.act.principal_set.state = PRINCIPAL_ACTIVE;
    return do_command(engine, &command, &ignored);
}

static enum lb_result make_administrator(struct engine *engine, uint32_t principal)
{
    uint64_t ignored = 0;
    struct command command = {.kind = ACT_ROLE_SET};
    command.act.role_set.principal = principal;
    command.act.role_set.roles.items[0] = (struct role_in_org){.role = ROLE_ADMINISTRATOR};
    command.act.role_set.roles.count = 1;
    return do_command(engine, &command, &ignored);
}

/* --- what init does --------------------------------------------------------------------------- */

static enum lb_result look_or_complain(struct engine *engine, const char *login,
                                       struct found *found)
{
    const enum lb_result result = look(engine, login, true, found);
    if (result != LB_OK) {
        complain(result, login == NULL ? "" : login, "");
    }
    return result;
}

/* Opens the operator, or gives the one there is a new code; the code is printed by the caller. */
static enum lb_result give_code(struct engine *engine, const char *login, const struct found *found,
                                struct code *code, uint64_t *principal)
{
    struct credential credential;
    const enum lb_result result = code_make(code, &credential);
    *principal = found->principal;
    if (result != LB_OK) {
        return result;
    }
    return found->principal == 0 ? open_operator(engine, login, &credential, principal)
                                 : renew_operator(engine, found, &credential);
}

static enum lb_result make_first(struct engine *engine, const char *login)
{
    struct found found;
    struct code code;
    uint64_t principal = 0;
    enum lb_result result = look_or_complain(engine, login, &found);
    if (result != LB_OK) {
        return result;
    }
    result = give_code(engine, login, &found, &code, &principal);
    if (result == LB_OK) {
        result = make_administrator(engine, (uint32_t)principal);
    }
    if (result == LB_OK) {
        code_print(&code, login);
    }
    explicit_bzero(&code, sizeof(code));
    return result;
}

enum lb_result first_operator_make(struct engine *engine, const char *login)
{
    struct found found;
    const enum lb_result result = look_or_complain(engine, NULL, &found);
    if (result != LB_OK || found.principal == 0) {
        return result != LB_OK ? result : make_first(engine, login);
    }
    if (engine_check_key(engine) == LB_KEY_OUTDATED) {
        return LB_KEY_OUTDATED; /* another machine made the book while this one did */
    }
    printf("已有管理员 %s。若他不能登录，请运行 lovebankd init --new-code %s\n"
           "there is an administrator: %s. If they cannot log in, run lovebankd init --new-code "
           "%s\n",
           found.login, found.login, found.login, found.login);
    return LB_OK;
}

enum lb_result first_operator_new_code(struct engine *engine, const char *login)
{
    struct found found;
    struct code code;
    uint64_t principal = 0;
    enum lb_result result = look_or_complain(engine, login, &found);
    if (result == LB_OK && found.principal == 0) {
        fprintf(stderr,
                "lovebankd: 没有登录名“%s”。请核对 --new-code\n"
                "lovebankd: nobody has the log-in name %s; check --new-code\n",
                login, login);
        return LB_PRINCIPAL_UNKNOWN;
    }
    if (result == LB_OK) {
        result = give_code(engine, login, &found, &code, &principal);
        if (result == LB_OK) {
            code_print(&code, login);
        }
        explicit_bzero(&code, sizeof(code));
    }
    return result;
}
