/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Posts: batches, answers, attempts. One thread.
 */
#include "post.h"

#include "identify.h"
#include "progress.h"
#include "write.h"

#include "base/assert.h"

#include <string.h>

#define POST_BATCH_COMMANDS 1000
#define POST_BATCHES_FLYING 4
#define POST_REQUEST_BYTES  (3u << 20) /* leaves room in a frame */

/* Commands sent together. */
struct batch {
    size_t from;
    size_t to;    /* the post after the last */
    size_t count; /* commands among them; 0: nothing is sent */
};

void post_identify(struct cli *cli, struct post *post)
{
    const struct id id = identify_attempt(&post->first, post->attempt);
    write_set_id(cli, post->command, &id);
}

void post_rewind(struct post_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        list->posts[i].state = POST_WAITING;
        list->posts[i].entry = 0;
        list->posts[i].code = LB_OK;
        list->posts[i].is_put_off = false;
    }
}

/* The waiting commands from `from` on that fit in one request. */
static struct batch post_gather(struct post_list *list, size_t from, size_t commands_max,
                                Lovebank__V1__Command **commands)
{
    struct batch batch = {.from = from, .to = from};
    size_t bytes = 0;
    for (; batch.to < list->count && batch.count < commands_max; batch.to++) {
        struct post *post = &list->posts[batch.to];
        if (post->state != POST_WAITING) {
            continue;
        }
        if (list->ready != NULL) {
            list->ready(list->context, batch.to);
        }
        bytes += lovebank__v1__command__get_packed_size(post->command);
        if (bytes > POST_REQUEST_BYTES && batch.count > 0) {
            break;
        }
        commands[batch.count++] = post->command;
    }
    return batch;
}

/* What waits for a second person is no outcome yet; what that person refused is one for good. */
static bool post_is_decided(uint32_t code)
{
    return code == LB_OK || code == LB_WAITING || code == LB_PROPOSAL_REFUSED;
}

/* The outcome of the former attempt is known, and lets the act be entered anew. */
static bool post_is_past(const struct post_list *list, const Lovebank__V1__Result *result)
{
    const bool is_undone = result->reversed_by != 0 && !list->keeps_reversed;
    if (result->code == LB_ID_REUSED) {
        return !post_is_decided(result->known_code) || is_undone;
    }
    return result->replayed && (!post_is_decided(result->code) || is_undone);
}

/* Said in other words, what waits waits all the same: see post_read_result. */
static uint32_t post_code_of(const struct post *post, const Lovebank__V1__Result *result)
{
    const bool is_waiting =
        post->is_said_by_id && result->code == LB_ID_REUSED && result->known_code == LB_WAITING;
    return is_waiting ? (uint32_t)LB_WAITING : result->code;
}

static enum post_state post_state_of(uint32_t code, bool is_replayed)
{
    if (code == LB_WAITING) {
        return POST_PROPOSED;
    }
    return code != LB_OK ? POST_REFUSED : is_replayed ? POST_THERE : POST_DONE;
}

static void post_finish(struct post_list *list, size_t i, const Lovebank__V1__Result *result)
{
    struct post *post = &list->posts[i];
    const uint32_t code = post_code_of(post, result);
    post->code = (int)code;
    post->entry = result->entry;
    post->state = post_state_of(code, result->replayed);
    if (list->settled != NULL) {
        list->settled(list->context, i, result);
    }
}

static void post_raise(struct post_list *list, size_t i)
{
    list->posts[i].attempt++;
    post_identify(list->cli, &list->posts[i]);
}

/* Under an id that is made of what an act says stands the same act: in other words, if not in the
 * same. It is there. */
static void post_read_result(const struct post *post, Lovebank__V1__Result *result)
{
    if (post->is_said_by_id && result->code == LB_ID_REUSED && result->known_code == LB_OK &&
        result->reversed_by == 0) {
        result->code = LB_OK;
        result->replayed = true;
        result->entry = (uint64_t)result->a;
        result->a = 0;
    }
}

static enum cli_exit post_check(struct post_list *list, const struct batch *batch,
                                const Lovebank__V1__WriteResponse *response)
{
    const int64_t numbers[3] = {response->a, response->b, response->c};
    if (response->code != LB_OK) {
        return cli_fail(list->cli, (int)response->code, numbers, response->text);
    }
    if (response->n_results != batch->count) {
        return cli_fail(list->cli, LB_MALFORMED, NULL, "WriteResponse");
    }
    size_t next = 0;
    for (size_t i = batch->from; i < batch->to; i++) {
        if (list->posts[i].state == POST_WAITING) {
            post_read_result(&list->posts[i], response->results[next++]);
        }
    }
    return CLI_DONE;
}

/* What is past gets its next attempt and waits, as does what may not be final yet, and, once, what
 * the server puts off: it records so many refusals and no more, and a dry run tells them all. */
static void post_settle_batch(struct post_list *list, const struct batch *batch,
                              const Lovebank__V1__WriteResponse *response)
{
    size_t next = 0;
    for (size_t i = batch->from; i < batch->to; i++) {
        if (list->posts[i].state != POST_WAITING) {
            continue;
        }
        LB_ASSERT(next < response->n_results);
        const Lovebank__V1__Result *result = response->results[next++];
        if (post_is_past(list, result)) {
            post_raise(list, i);
        } else if (result->code == LB_TRY_LATER && !list->posts[i].is_put_off) {
            list->posts[i].is_put_off = true;
        } else if (list->is_final == NULL || list->is_final(list->context, i)) {
            post_finish(list, i, result);
        }
    }
}

static Lovebank__V1__WriteResponse *post_call(struct post_list *list, const struct batch *batch,
                                              const Lovebank__V1__WriteRequest *request,
                                              enum cli_exit *exit)
{
    Lovebank__V1__WriteResponse *response =
        (Lovebank__V1__WriteResponse *)cli_call(list->cli, LB_METHOD_WRITE, &request->base,
                                                &lovebank__v1__write_response__descriptor, exit);
    if (response == NULL) {
        return NULL;
    }
    *exit = post_check(list, batch, response);
    if (*exit != CLI_DONE) {
        cli_free_response(&response->base);
        return NULL;
    }
    return response;
}

/* Raises the attempts that this answer shows to be past. */
static bool post_raise_past(struct post_list *list, const struct batch *batch,
                            const Lovebank__V1__WriteResponse *response)
{
    bool has_raised = false;
    size_t next = 0;
    for (size_t i = batch->from; i < batch->to; i++) {
        if (list->posts[i].state == POST_WAITING && post_is_past(list, response->results[next++])) {
            post_raise(list, i);
            has_raised = true;
        }
    }
    return has_raised;
}

/* Those that wait; with `refused_only` what could be done waits on. */
static void post_finish_all(struct post_list *list, const struct batch *batch,
                            const Lovebank__V1__WriteResponse *response, bool refused_only)
{
    size_t next = 0;
    for (size_t i = batch->from; i < batch->to; i++) {
        if (list->posts[i].state != POST_WAITING) {
            continue;
        }
        const Lovebank__V1__Result *result = response->results[next++];
        const bool is_refused = result->code != LB_OK && result->code != LB_WAITING;
        if (!refused_only || is_refused) {
            post_finish(list, i, result);
        }
    }
}

/* A dry run of the batch. NULL: it is empty, or it failed, which was told. */
static Lovebank__V1__WriteResponse *post_try_batch(struct post_list *list,
                                                   const struct batch *batch,
                                                   Lovebank__V1__Command **commands,
                                                   enum cli_exit *exit)
{
    Lovebank__V1__WriteRequest request = LOVEBANK__V1__WRITE_REQUEST__INIT;
    request.commands = commands;
    request.n_commands = batch->count;
    request.dry_run = true;
    return batch->count == 0 ? NULL : post_call(list, batch, &request, exit);
}

/* A dry run of those that wait. Again and again the whole request, until no attempt rises, for its
 * commands see each other. */
static enum cli_exit post_try(struct post_list *list, bool refused_only)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__Command **commands =
        cli_take(list->cli, LB_BATCH_COMMANDS_MAX, sizeof(Lovebank__V1__Command *));
    for (size_t from = 0; from < list->count;) {
        struct batch batch = post_gather(list, from, LB_BATCH_COMMANDS_MAX, commands);
        Lovebank__V1__WriteResponse *response = post_try_batch(list, &batch, commands, &exit);
        if (exit != CLI_DONE) {
            return exit;
        }
        if (response == NULL) {
            from = batch.to;
        } else if (!post_raise_past(list, &batch, response)) {
            post_finish_all(list, &batch, response, refused_only);
            from = batch.to;
        }
        cli_free_response((ProtobufCMessage *)response);
        progress_show(list->cli, from, list->count);
    }
    return CLI_DONE;
}

/* It would be done now, or refused for the first time and that be recorded. */
static bool post_is_news(const struct post *post, const Lovebank__V1__Result *result)
{
    return !result->replayed && (result->code == LB_OK || result->code == LB_WAITING ||
                                 (post->attempt == 1 && lb_result_is_recorded((int)result->code)));
}

enum cli_exit post_look(struct post_list *list, bool *has_news)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__Command *commands[POST_BATCH_COMMANDS];
    *has_news = false;
    for (size_t from = 0; from < list->count && !*has_news;) {
        const struct batch batch = post_gather(list, from, POST_BATCH_COMMANDS, commands);
        Lovebank__V1__WriteResponse *response = post_try_batch(list, &batch, commands, &exit);
        if (exit != CLI_DONE) {
            return exit;
        }
        if (response == NULL || !post_raise_past(list, &batch, response)) {
            size_t next = 0;
            for (size_t i = batch.from; response != NULL && i < batch.to; i++) {
                *has_news |= list->posts[i].state == POST_WAITING &&
                             post_is_news(&list->posts[i], response->results[next++]);
            }
            from = batch.to;
        }
        cli_free_response((ProtobufCMessage *)response);
    }
    return CLI_DONE;
}

static enum cli_exit post_submit(struct post_list *list, struct batch *batch, size_t from)
{
    Lovebank__V1__Command *commands[POST_BATCH_COMMANDS];
    *batch = post_gather(list, from, POST_BATCH_COMMANDS, commands);
    if (batch->count == 0) {
        return CLI_DONE;
    }
    Lovebank__V1__WriteRequest request = LOVEBANK__V1__WRITE_REQUEST__INIT;
    request.commands = commands;
    request.n_commands = batch->count;
    int result = lb_session_submit(list->cli->session, LB_METHOD_WRITE, &request.base);
    return result == LB_OK
               ? CLI_DONE
               : cli_fail(list->cli, result, lb_session_numbers(list->cli->session), "");
}

/* The answer to the oldest batch. */
static enum cli_exit post_take_answer(struct post_list *list, const struct batch *batch)
{
    ProtobufCMessage *message = NULL;
    if (batch->count == 0) {
        return CLI_DONE;
    }
    int result =
        lb_session_next(list->cli->session, &lovebank__v1__write_response__descriptor, &message);
    if (result != LB_OK) {
        return cli_fail(list->cli, result, lb_session_numbers(list->cli->session), "");
    }
    const Lovebank__V1__WriteResponse *response = (Lovebank__V1__WriteResponse *)message;
    enum cli_exit exit = post_check(list, batch, response);
    if (exit == CLI_DONE) {
        post_settle_batch(list, batch, response);
        progress_show(list->cli, batch->to, list->count);
    }
    cli_free_response(message);
    return exit;
}

/* All that wait, once. Stops at the first batch that fails as a whole, after the answers to those
 * behind it. */
static enum cli_exit post_round(struct post_list *list)
{
    struct batch flying[POST_BATCHES_FLYING];
    size_t first = 0;
    size_t count = 0;
    size_t sent = 0;
    enum cli_exit exit = CLI_DONE;
    while (count > 0 || (exit == CLI_DONE && sent < list->count)) {
        if (exit == CLI_DONE && sent < list->count && count < POST_BATCHES_FLYING) {
            struct batch *batch = &flying[(first + count) % POST_BATCHES_FLYING];
            exit = post_submit(list, batch, sent);
            sent = batch->to;
            count += exit == CLI_DONE;
            continue;
        }
        enum cli_exit answer = post_take_answer(list, &flying[first]);
        first = (first + 1) % POST_BATCHES_FLYING;
        count--;
        exit = exit == CLI_DONE ? answer : exit;
    }
    return exit;
}

static bool post_waits(const struct post_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->posts[i].state == POST_WAITING) {
            return true;
        }
    }
    return false;
}

enum cli_exit post_send(struct post_list *list)
{
    enum cli_exit exit = CLI_DONE;
    if (list->is_dry_run) {
        return post_try(list, false);
    }
    while (exit == CLI_DONE && post_waits(list)) {
        exit = post_round(list);
        /* What was refused before is asked about first: refused again, it leaves no entry. */
        if (exit == CLI_DONE && post_waits(list)) {
            exit = post_try(list, true);
        }
    }
    return exit;
}

/* The id of a batch, which is refused or done as one: made of the ids of its commands. */
static struct id post_batch_id(struct post_list *list)
{
    struct id *ids = cli_take(list->cli, list->count + 1, sizeof(*ids));
    for (size_t i = 0; i < list->count; i++) {
        ids[i] = identify_attempt(&list->posts[i].first, list->posts[i].attempt);
    }
    return identify_import("batch", ids, list->count);
}

/* The refusal of the same batch stands in the ledger: nothing was tried now. */
static bool post_is_past_batch(const Lovebank__V1__WriteResponse *response)
{
    const Lovebank__V1__Result *first = response->n_results == 0 ? NULL : response->results[0];
    return first != NULL && first->replayed && first->failed_line != 0;
}

static Lovebank__V1__WriteResponse *post_call_whole(struct post_list *list,
                                                    const struct batch *batch,
                                                    Lovebank__V1__Command **commands, struct id *id,
                                                    enum cli_exit *exit)
{
    Lovebank__V1__WriteRequest request = LOVEBANK__V1__WRITE_REQUEST__INIT;
    request.commands = commands;
    request.n_commands = batch->count;
    request.all_or_nothing = true;
    request.batch_id = (ProtobufCBinaryData){.len = sizeof(id->bytes), .data = id->bytes};
    return post_call(list, batch, &request, exit);
}

enum cli_exit post_send_whole(struct post_list *list)
{
    enum cli_exit exit = CLI_DONE;
    const struct id first = post_batch_id(list);
    const struct batch batch = {.from = 0, .to = list->count, .count = list->count};
    Lovebank__V1__Command **commands =
        cli_take(list->cli, list->count + 1, sizeof(Lovebank__V1__Command *));
    for (size_t i = 0; i < list->count; i++) {
        if (list->ready != NULL) {
            list->ready(list->context, i);
        }
        commands[i] = list->posts[i].command;
    }
    bool is_past = true;
    for (uint32_t attempt = 1; is_past; attempt++) {
        struct id id = identify_attempt(&first, attempt);
        Lovebank__V1__WriteResponse *response = post_call_whole(list, &batch, commands, &id, &exit);
        if (response == NULL) {
            return exit;
        }
        is_past = post_is_past_batch(response);
        if (!is_past) {
            post_finish_all(list, &batch, response, false);
        }
        cli_free_response(&response->base);
    }
    return CLI_DONE;
}
