/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * backup: starts one on the work thread, and tells how it is getting on. One at a time, and only
 * for who has the right for the whole book; where no log-in is asked for, for whom the Unix socket
 * lets in: the directory is one of this machine. It knows no files; the port does that.
 */
#include "authorise.h"
#include "call.h"

#include "base/clock.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"

#include <string.h>

static bool backup_progress(void *context, uint64_t checked, uint64_t total)
{
    struct rpc *rpc = context;
    pthread_mutex_lock(&rpc->backup.lock);
    rpc->backup.checked = checked;
    rpc->backup.total = total;
    pthread_mutex_unlock(&rpc->backup.lock);
    return !rpc_is_stopped(rpc);
}

/* Work thread. */
static void backup_work(struct engine *engine, void *context)
{
    struct rpc *rpc = context;
    struct rpc_backup_run *run = &rpc->backup;
    (void)engine;
    const int64_t begun_ms = clock_monotonic_ms(clock_system());
    run->job = (struct rpc_backup_job){
        .directory = run->directory, /* nobody changes it while this one is running */
        .is_verified = run->is_verified,
        .progress = backup_progress,
        .progress_context = rpc,
    };
    const enum lb_result result =
        rpc_is_stopped(rpc) ? LB_SHUTTING_DOWN : rpc->ports.backup(rpc->ports.context, &run->job);
    const int64_t now_ms = clock_now_ms(rpc->ports.clock);
    const uint64_t duration_ms = (uint64_t)(clock_monotonic_ms(clock_system()) - begun_ms);
    log_info(rpc->ports.log, "backup", log_text("directory", run->directory),
             log_text("result", lb_result_name((int)result)),
             log_text("verified", result == LB_OK && run->job.is_verified ? "yes" : "no"),
             log_uint("entries", run->job.tree_size), log_uint("bytes", run->job.bytes),
             log_uint("ms", duration_ms), log_text("problem", run->job.problem));
    pthread_mutex_lock(&run->lock);
    run->is_running = false;
    run->is_done = true;
    run->result = result;
    run->duration_ms = duration_ms;
    if (result == LB_OK) {
        run->good_ms = now_ms;
        run->good_is_verified = run->job.is_verified;
    }
    pthread_mutex_unlock(&run->lock);
}

/* With the lock held. */
static enum lb_result backup_start(struct rpc *rpc, const Lovebank__V1__BackupRequest *request)
{
    struct rpc_backup_run *run = &rpc->backup;
    const size_t size = strlen(request->directory);
    if (run->is_running) {
        return LB_BACKUP_RUNNING;
    }
    if (size >= sizeof(run->directory)) {
        return LB_DIRECTORY_UNUSABLE;
    }
    memcpy(run->directory, request->directory, size + 1);
    run->is_verified = !request->no_verify;
    run->is_running = true;
    run->is_done = false;
    run->checked = 0;
    run->total = 0;
    const enum lb_result result = engine_work_submit(rpc->ports.engine, backup_work, rpc);
    run->is_running = result == LB_OK;
    return result;
}

static void backup_tell_end(struct rpc_call *call, const struct rpc_backup_run *run,
                            Lovebank__V1__BackupResponse *response)
{
    const struct rpc_backup_job *job = &run->job;
    response->code = (uint32_t)run->result;
    response->a = job->numbers[0];
    response->b = job->numbers[1];
    response->text = entry_text_to_pb(&call->arena, bytes_of_text(job->text));
    response->problem = entry_text_to_pb(&call->arena, bytes_of_text(job->problem));
    response->verified = run->result == LB_OK && job->is_verified;
    response->least_entry = job->least_entry;
    response->bytes = job->bytes;
    response->duration_ms = run->duration_ms;
    if (response->verified) {
        response->tree_size = job->tree_size;
        response->tree_root = rpc_call_binary(call, job->tree_root, sizeof(job->tree_root));
    }
}

enum lb_result rpc_backup(struct rpc_call *call)
{
    const Lovebank__V1__BackupRequest *request = (const Lovebank__V1__BackupRequest *)call->request;
    const enum lb_result result = rpc_authorise(call, RIGHT_BACKUP, 0, rpc_today(call));
    if (result != LB_OK) {
        return result;
    }
    Lovebank__V1__BackupResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    /* Peer 0: not by the Unix socket. */
    const bool is_nobody = call->actor.is_trusted && call->actor.peer == 0;
    if (call->rpc->ports.backup == NULL || is_nobody) {
        response->code = LB_UNAUTHORISED;
        response->text = entry_text_to_pb(&call->arena, BYTES_LITERAL("backup"));
        return LB_OK;
    }
    struct rpc_backup_run *run = &call->rpc->backup;
    pthread_mutex_lock(&run->lock);
    if (request->start) {
        response->code = (uint32_t)backup_start(call->rpc, request);
        const bool is_its_own = response->code == LB_DIRECTORY_UNUSABLE;
        response->text = entry_text_to_pb(
            &call->arena, bytes_of_text(is_its_own ? request->directory : run->directory));
    } else if (run->is_done) {
        backup_tell_end(call, run, response);
    }
    response->running = run->is_running;
    response->done = run->is_done;
    response->directory = entry_text_to_pb(&call->arena, bytes_of_text(run->directory));
    response->checked = run->checked;
    response->total = run->total;
    pthread_mutex_unlock(&run->lock);
    return LB_OK;
}
