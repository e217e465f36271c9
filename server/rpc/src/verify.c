/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * verify: starts a run on the work thread, and tells how the run is getting on. One at a time.
 */
#include "authorise.h"
#include "call.h"

#include "engine/verify.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"

#include <string.h>

static bool verify_progress(void *context, uint64_t checked, uint64_t total)
{
    struct rpc *rpc = context;
    pthread_mutex_lock(&rpc->verify.lock);
    rpc->verify.checked = checked;
    rpc->verify.total = total;
    pthread_mutex_unlock(&rpc->verify.lock);
    return !rpc_is_stopped(rpc);
}

static enum lb_result verify_book(struct rpc *rpc, struct verify_report *report)
{
    _Static_assert(sizeof(report->problem) == RPC_PROBLEM_BYTES, "told as it was found");
    const struct rpc_ports *ports = &rpc->ports;
    struct store *scratch = NULL;
    enum lb_result result = ports->scratch_open(ports->context, &scratch);
    if (result != LB_OK) {
        return result;
    }
    const struct verify_config config = {
        .store = ports->store,
        .scratch = scratch,
        .people = engine_people(ports->engine),
        .progress = verify_progress,
        .progress_context = rpc,
    };
    result = verify_run(&config, report);
    scratch->ops->close(scratch);
    if (result == LB_OK && report->passed && ports->tables_verify != NULL) {
        const struct rpc_verify_stop stop = {.is_wanted = rpc_is_stopped, .context = rpc};
        result = ports->tables_verify(ports->context, &stop, report->problem);
        report->passed = report->problem[0] == '\0';
    }
    return result;
}

/* Work thread. */
static void verify_work(struct engine *engine, void *context)
{
    struct rpc *rpc = context;
    struct verify_report report = {0};
    (void)engine;
    const enum lb_result result = verify_book(rpc, &report);
    struct rpc_verify_run *run = &rpc->verify;
    pthread_mutex_lock(&run->lock);
    run->is_running = false;
    run->is_done = true;
    run->result = result;
    run->passed = report.passed;
    run->checked = report.checked;
    run->total = report.total;
    memcpy(run->problem, report.problem, sizeof(run->problem));
    memcpy(run->tree_root, report.tree_root, sizeof(run->tree_root));
    pthread_mutex_unlock(&run->lock);
    log_info(rpc->ports.log, "verify", log_text("result", lb_result_name((int)result)),
             log_text("passed", result == LB_OK && report.passed ? "yes" : "no"),
             log_uint("checked", report.checked));
}

static enum lb_result verify_start(struct rpc *rpc)
{
    struct rpc_verify_run *run = &rpc->verify;
    if (run->is_running) {
        return LB_OK;
    }
    const enum lb_result result = engine_work_submit(rpc->ports.engine, verify_work, rpc);
    if (result == LB_OK) {
        run->is_running = true;
        run->is_done = false;
        run->checked = 0;
        run->total = 0;
        run->problem[0] = '\0';
    }
    return result;
}

enum lb_result rpc_verify(struct rpc_call *call)
{
    const Lovebank__V1__VerifyRequest *request = (const Lovebank__V1__VerifyRequest *)call->request;
    enum lb_result result = rpc_authorise(call, RIGHT_VERIFY, 0, rpc_today(call));
    if (result != LB_OK) {
        return result;
    }
    Lovebank__V1__VerifyResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct rpc_verify_run *run = &call->rpc->verify;
    pthread_mutex_lock(&run->lock);
    if (request->start) {
        result = verify_start(call->rpc);
    }
    response->running = run->is_running;
    response->done = run->is_done;
    response->checked = run->checked;
    response->total = run->total;
    if (run->is_done && run->result != LB_OK) {
        result = run->result; /* it did not come to its end: nothing was found out */
    } else if (run->is_done) {
        response->passed = run->passed;
        response->problem = entry_text_to_pb(&call->arena, bytes_of_text(run->problem));
        response->tree_size = run->checked;
        response->tree_root = rpc_call_binary(call, run->tree_root, sizeof(run->tree_root));
    }
    pthread_mutex_unlock(&run->lock);
    return result;
}
