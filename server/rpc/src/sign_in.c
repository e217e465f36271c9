/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The steps. What is found before the password is checked is looked at again after it, as much can
 * happen in that time. Loop's thread.
 */
#include "sign_in.h"

#include "bank/records.h"
#include "base/assert.h"

static const struct auth_session_ref no_session = {0};

static struct verdict verdict_of(enum lb_result code)
{
    return (struct verdict){.code = code, .text = ""};
}

/* --- the account ------------------------------------------------------------------------------ */

struct login_account {
    uint32_t principal; /* 0: there is none */
    bool is_active;
    struct auth_verifier verifier; /* kind NONE: none that is good */
};

static enum lb_result account_read_credential(struct rpc_call *call, struct engine_view *view,
                                              struct login_account *account)
{
    struct credential credential;
    const enum lb_result result = engine_view_credential(view, account->principal, &credential);
    if (result != LB_OK) {
        return result == LB_PRINCIPAL_UNKNOWN ? LB_OK : result; /* no credential: none is right */
    }
    const bool is_code = credential.kind == CREDENTIAL_ONE_TIME;
    if (is_code && clock_now_ms(call->rpc->ports.auth->clock) >= credential.expires_ms) {
        return LB_OK;
    }
    return auth_verifier_set(&account->verifier,
                             is_code ? AUTH_VERIFIER_CODE : AUTH_VERIFIER_PASSWORD,
                             credential.verifier)
               ? LB_OK
               : LB_STORAGE_CORRUPT;
}

static enum lb_result account_find(struct rpc_call *call, struct bytes login,
                                   struct login_account *account)
{
    struct engine_view view;
    struct principal_row row;
    *account = (struct login_account){0};
    enum lb_result result = engine_view_open(call->rpc->ports.engine, &call->arena, &view);
    if (result != LB_OK) {
        return result;
    }
    const uint32_t principal =
        login.size > LB_LOGIN_BYTES_MAX ? 0 : principal_of_login(view.bank.views, login);
    if (principal != 0 && principal_get(view.bank.views, principal, &row)) {
        account->principal = principal;
        account->is_active = row.state == PRINCIPAL_ACTIVE;
        result = account_read_credential(call, &view, account);
    }
    const enum lb_result fault = views_fault(view.bank.views);
    engine_view_close(&view);
    return fault != LB_OK ? fault : result;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void sign_in_written(struct engine_write *write)
{
    rpc_call_done(write->context);
}

/* A command of the server's own; for the operator, or for nobody. */
static enum lb_result sign_in_write(struct rpc_call *call, enum sign_in_step step,
                                    uint32_t principal)
{
    struct rpc_sign_in *sign_in = call->sign_in;
    const enum lb_result made = auth_make_id(call->rpc->ports.auth, &sign_in->command.id);
    if (made != LB_OK) {
        return made;
    }
    sign_in->command.day = DAY_NONE;
    sign_in->step = step;
    call->write = (struct engine_write){
        .commands = &sign_in->command,
        .command_count = 1,
        .actor = {.principal = principal,
                  .device = principal == 0 ? 0 : call->actor.device,
                  .is_trusted = true},
        .arena = &call->arena,
        .done = sign_in_written,
        .context = call,
    };
    const enum lb_result result = engine_write_submit(call->rpc->ports.engine, &call->write);
    call->is_pending = result == LB_OK;
    return result;
}

static struct verdict sign_in_written_verdict(const struct rpc_call *call)
{
    const struct engine_write *write = &call->write;
    return write->verdict.code != LB_OK ? write->verdict : write->results[0].verdict;
}

/* Two at once with the same one-time code: the second must not win. */
static bool sign_in_is_storing(const struct rpc *rpc, uint32_t principal)
{
    const struct rpc_sign_in *other = rpc->storing;
    while (other != NULL && other->principal != principal) {
        other = other->next;
    }
    return other != NULL;
}

static void sign_in_unlist(struct rpc *rpc, const struct rpc_sign_in *sign_in)
{
    struct rpc_sign_in **link = &rpc->storing;
    while (*link != sign_in) {
        LB_ASSERT(*link != NULL);
        link = &(*link)->next;
    }
    *link = sign_in->next;
}

static enum lb_result sign_in_store(struct rpc_call *call)
{
    struct rpc_sign_in *sign_in = call->sign_in;
    struct rpc *rpc = call->rpc;
    if (sign_in_is_storing(rpc, sign_in->principal)) {
        return LB_TRY_LATER;
    }
    sign_in->command = (struct command){.kind = ACT_CREDENTIAL_SET};
    sign_in->command.act.credential_set = (struct act_credential_set){
        .principal = sign_in->principal,
        .credential = {.kind = CREDENTIAL_PASSWORD,
                       .verifier = bytes_of(sign_in->job.new_verifier.text,
                                            sign_in->job.new_verifier.size)},
    };
    const enum lb_result result = sign_in_write(call, SIGN_IN_STORES, sign_in->principal);
    if (result == LB_OK) {
        sign_in->next = rpc->storing;
        rpc->storing = sign_in;
    }
    return result;
}

static struct verdict sign_in_stored(struct rpc_call *call)
{
    const struct verdict verdict = sign_in_written_verdict(call);
    sign_in_unlist(call->rpc, call->sign_in);
    if (verdict.code == LB_OK) {
        struct auth *auth = call->rpc->ports.auth;
        const struct auth_connection *connection =
            call->rpc->ports.connection(call->rpc->ports.context, call->token);
        (void)auth_sessions_end_all(auth->sessions, call->sign_in->principal,
                                    connection == NULL ? no_session : connection->session,
                                    clock_monotonic_ms(auth->clock));
    }
    return verdict;
}

static enum lb_result sign_in_lock(struct rpc_call *call)
{
    struct rpc_sign_in *sign_in = call->sign_in;
    sign_in->command = (struct command){
        .kind = ACT_PRINCIPAL_SET,
        .memo = BYTES_LITERAL("登录失败次数太多 too many failed log-ins"),
    };
    sign_in->command.act.principal_set = (struct act_principal_set){
        .principal = sign_in->principal,
        .state = PRINCIPAL_IS_LOCKED,
    };
    return sign_in_write(call, SIGN_IN_LOCKS, 0);
}

/* The last administrator is not locked, or anybody could shut everybody out: the failures stay, and
 * the waiting for them grows. */
static void sign_in_locked(struct rpc_call *call)
{
    const struct rpc_ports *ports = &call->rpc->ports;
    struct auth *auth = ports->auth;
    const uint32_t principal = call->sign_in->principal;
    const enum lb_result result = sign_in_written_verdict(call).code;
    if (result != LB_OK) {
        log_warn(ports->log, "account_not_locked", log_uint("principal", principal),
                 log_text("why", lb_result_name((int)result)));
        return;
    }
    auth->stats.accounts_locked++;
    auth_attempt_forget(auth->attempts, &call->sign_in->attempt);
    (void)auth_sessions_end_all(auth->sessions, principal, no_session,
                                clock_monotonic_ms(auth->clock));
    log_warn(ports->log, "account_locked", log_uint("principal", principal));
}

/* --- after the check -------------------------------------------------------------------------- */

/* true: the answer is *outcome; false: it is being locked first. */
static bool sign_in_wrong(struct rpc_call *call, const struct login_account *account,
                          struct verdict *outcome)
{
    struct rpc_sign_in *sign_in = call->sign_in;
    struct auth *auth = call->rpc->ports.auth;
    const uint32_t failures = auth_attempt_failures(auth->attempts, &sign_in->attempt);
    auth->stats.logins_failed++;
    auth_attempt_fail(auth->attempts, &sign_in->attempt, clock_monotonic_ms(auth->clock));
    log_info(call->rpc->ports.log, "login_failed", log_uint("principal", sign_in->principal),
             log_uint("failures", failures), log_uint("peer", call->actor.peer));
    *outcome = verdict_of(LB_LOGIN_WRONG);
    return !account->is_active || failures < auth->config.login_failures_max ||
           sign_in_lock(call) != LB_OK;
}

static bool verifier_is_same(const struct auth_verifier *a, const struct auth_verifier *b)
{
    return a->kind == b->kind &&
           bytes_equal(bytes_of(a->text, a->size), bytes_of(b->text, b->size));
}

/* The password was right: LB_OK, or why it is of no use all the same. */
static enum lb_result sign_in_right(struct rpc_call *call, const struct login_account *account)
{
    const struct auth_password_job *job = &call->sign_in->job;
    if (!account->is_active) {
        return LB_PRINCIPAL_LOCKED;
    }
    if (account->principal != call->sign_in->principal ||
        !verifier_is_same(&account->verifier, &job->verifier)) {
        return LB_TRY_LATER;
    }
    if (job->new_verifier.kind == AUTH_VERIFIER_PASSWORD) {
        return sign_in_store(call);
    }
    return job->verifier.kind == AUTH_VERIFIER_CODE ? LB_PASSWORD_NEEDED : LB_OK;
}

static bool sign_in_verified(struct rpc_call *call, struct verdict *outcome)
{
    struct rpc_sign_in *sign_in = call->sign_in;
    struct auth *auth = call->rpc->ports.auth;
    struct login_account account;
    enum lb_result result = sign_in->job.result;
    if (result == LB_OK) {
        result = account_find(call, sign_in->attempt.login, &account);
    }
    if (result != LB_OK) {
        auth_attempt_withdraw(auth->attempts, &sign_in->attempt);
        *outcome = verdict_of(result == LB_MEMORY ? LB_TRY_LATER : result);
        return true;
    }
    if (!sign_in->job.is_right) {
        return sign_in_wrong(call, &account, outcome);
    }
    result = sign_in_right(call, &account);
    if (result == LB_OK) {
        auth_attempt_succeed(auth->attempts, &sign_in->attempt);
    } else {
        auth_attempt_withdraw(auth->attempts, &sign_in->attempt);
    }
    *outcome = verdict_of(result);
    outcome->a = result == LB_PRINCIPAL_LOCKED ? (int64_t)sign_in->principal : 0;
    return !call->is_pending;
}

bool rpc_sign_in_go_on(struct rpc_call *call, struct verdict *outcome)
{
    *outcome = verdict_of(LB_LOGIN_WRONG);
    switch (call->sign_in->step) {
    case SIGN_IN_VERIFIES:
        return sign_in_verified(call, outcome);
    case SIGN_IN_STORES:
        *outcome = sign_in_stored(call);
        return true;
    case SIGN_IN_LOCKS:
        sign_in_locked(call);
        return true;
    }
    return true;
}

/* --- before it -------------------------------------------------------------------------------- */

/* Worker's thread. */
static void sign_in_checked(struct auth_password_job *job)
{
    rpc_call_done(job->context);
}

/* LB_OK: the worker has it. */
static struct verdict sign_in_submit(struct rpc_call *call)
{
    struct rpc_sign_in *sign_in = call->sign_in;
    struct auth *auth = call->rpc->ports.auth;
    struct verdict verdict = verdict_of(LB_LOGIN_DELAYED);
    verdict.a =
        auth_attempt_begin(auth->attempts, &sign_in->attempt, clock_monotonic_ms(auth->clock));
    if (verdict.a > 0) {
        return verdict;
    }
    call->is_pending = true;
    verdict.code = auth_passwords_submit(auth->passwords, &sign_in->job);
    if (verdict.code != LB_OK) {
        call->is_pending = false;
        auth_attempt_withdraw(auth->attempts, &sign_in->attempt);
    }
    return verdict;
}

/* What can be said without a look at the account. */
static struct verdict sign_in_check_form(const struct rpc_sign_in_request *request)
{
    struct verdict verdict = verdict_of(LB_OK);
    if (request->password.size > AUTH_PASSWORD_BYTES_MAX) {
        verdict.code = LB_LOGIN_WRONG;
    } else if (request->new_password.size > 0) {
        verdict.code = auth_password_check(request->new_password, request->login, request->password,
                                           &verdict.a);
        verdict.b = LB_PASSWORD_CHARS_MIN;
    }
    return verdict;
}

bool rpc_sign_in_begin(struct rpc_call *call, const struct rpc_sign_in_request *request,
                       struct verdict *outcome)
{
    struct login_account account;
    struct rpc_sign_in *sign_in = arena_take_zeroed(&call->arena, 1, sizeof(*sign_in));
    *outcome = sign_in_check_form(request);
    if (outcome->code != LB_OK) {
        return true;
    }
    if (sign_in == NULL) {
        *outcome = verdict_of(LB_MEMORY);
        return true;
    }
    *outcome = verdict_of(account_find(call, request->login, &account));
    if (outcome->code != LB_OK) {
        return true;
    }
    call->sign_in = sign_in;
    sign_in->step = SIGN_IN_VERIFIES;
    sign_in->principal = account.principal;
    sign_in->attempt = (struct auth_attempt){
        .login = request->login,
        .is_known = account.principal != 0,
        .place = call->connection->place,
    };
    sign_in->job = (struct auth_password_job){
        .verifier = account.verifier,
        .password = request->password,
        .new_password = request->new_password,
        .place = call->connection->place,
        .done = sign_in_checked,
        .context = call,
    };
    *outcome = sign_in_submit(call);
    return outcome->code != LB_OK;
}
