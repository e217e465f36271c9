/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Desks: the client library, and above it a program that sends a request until it is answered, now
 * and then one that was answered long ago, and reads in between. One thread.
 */
#include "base/assert.h"
#include "lovebank/v1/queries.pb-c.h"
#include "sim.h"
#include "sim_answer.h"

#include <stdio.h>
#include <stdlib.h>

#define CALLS_MAX 12 /* of one desk, more than the server takes at once */

struct desk_call {
    struct sim_desk *desk;
    struct sim_request *request; /* NULL: a read */
    uint16_t method;
};

static void desk_put_back(struct sim *sim, struct sim_request *request)
{
    LB_ASSERT(sim->unsent_count < SIM_UNSENT_MAX);
    sim->unsent[sim->unsent_count++] = request;
}

/* What the client library says when there was no answer: the outcome is not known. */
static bool is_no_answer(int result)
{
    return result == LB_UNREACHABLE || result == LB_DEADLINE || result == LB_SHUTTING_DOWN ||
           lb_result_class(result) == LB_CLASS_RETRYABLE;
}

static void desk_take_write(struct sim *sim, struct sim_request *request,
                            const struct lb_reply *reply)
{
    struct sim_oracle *oracle = &sim->oracle;
    if (reply->result != LB_OK) {
        desk_put_back(sim, request);
        return;
    }
    oracle_delivers(oracle, request, bytes_of(reply->payload, reply->payload_bytes));
    struct sim_answer answer = {.results = oracle->results, .lines = oracle->lines};
    const bool is_read =
        sim_answer_read(LB_FRAME_RESPONSE, bytes_of(reply->payload, reply->payload_bytes), &answer);
    LB_ASSERT(is_read);
    if (lb_result_class((int)answer.verdict.code) == LB_CLASS_RETRYABLE ||
        answer.verdict.code == LB_MEMORY) {
        desk_put_back(sim, request);
    }
}

static void desk_done(void *context, const struct lb_reply *reply)
{
    struct desk_call call = *(struct desk_call *)context;
    struct sim *sim = call.desk->sim;
    free(context);
    call.desk->open_calls--;
    sim->trace = sim_hash(sim->trace, &reply->result, sizeof(reply->result));
    if (reply->result != LB_OK && reply->result != LB_MEMORY && !is_no_answer(reply->result)) {
        world_fail(&sim->oracle.world, "a client's call of method %u ended with %s", call.method,
                   lb_result_name(reply->result));
    }
    if (call.request != NULL) {
        desk_take_write(sim, call.request, reply);
    }
}

static void desk_send(struct sim_desk *desk, uint16_t method, struct sim_request *request,
                      const ProtobufCMessage *message)
{
    struct desk_call *call = malloc(sizeof(*call));
    LB_ASSERT(call != NULL);
    *call = (struct desk_call){desk, request, method};
    desk->open_calls++;
    enum lb_result result =
        request != NULL ? lb_client_call(desk->client, method, request->payload.data,
                                         request->payload.size, desk_done, call)
                        : lb_client_call_message(desk->client, method, message, desk_done, call);
    LB_ASSERT(result == LB_OK);
}

static void desk_read(struct sim *sim, struct sim_desk *desk)
{
    Lovebank__V1__StatusRequest status;
    Lovebank__V1__MemberGetRequest member_get;
    Lovebank__V1__MemberRef member;
    Lovebank__V1__StarsRequest stars;
    switch (sim_below(sim, 3)) {
    case 0:
        lovebank__v1__status_request__init(&status);
        desk_send(desk, LB_METHOD_STATUS, NULL, &status.base);
        break;
    case 1:
        lovebank__v1__member_get_request__init(&member_get);
        lovebank__v1__member_ref__init(&member);
        member.member = 1 + sim_below(sim, GENERATE_MEMBERS);
        member_get.member = &member;
        desk_send(desk, LB_METHOD_MEMBER_GET, NULL, &member_get.base);
        break;
    default:
        lovebank__v1__stars_request__init(&stars);
        stars.year = 2016;
        stars.org = 1;
        desk_send(desk, LB_METHOD_STARS, NULL, &stars.base);
        break;
    }
}

bool sim_desk_call(struct sim *sim)
{
    struct sim_desk *desk = &sim->desks[sim_below(sim, SIM_DESKS)];
    struct sim_requests *requests = &sim->oracle.requests;
    const bool has_begun = sim->oracle.world.ref.entry_count > 0;
    if (desk->open_calls >= CALLS_MAX) {
        return false;
    }
    if (sim->unsent_count > 0) {
        const size_t at = sim_below(sim, sim->unsent_count);
        struct sim_request *request = sim->unsent[at];
        sim->unsent[at] = sim->unsent[--sim->unsent_count];
        desk_send(desk, LB_METHOD_WRITE, request, NULL);
        return true;
    }
    if (sim->is_ending || (!has_begun && requests->count > 0)) {
        return false;
    }
    if (has_begun && sim_chance(sim, 100)) {
        desk_read(sim, desk);
    } else if (has_begun && sim_chance(sim, 80)) {
        desk_send(desk, LB_METHOD_WRITE, requests->items[sim_below(sim, requests->count)], NULL);
    } else {
        desk_send(desk, LB_METHOD_WRITE, sim_requests_make(requests, &sim->oracle.world), NULL);
    }
    return true;
}

static void desk_open(struct sim *sim, struct sim_desk *desk)
{
    const struct lb_client_config config = {.address = desk->address,
                                            .name = "simulated",
                                            .connect_ms = 4000,
                                            .call_ms = 8000,
                                            .patience_ms = 5000,
                                            .first_ms = 2000,
                                            .pause_first_ms = 20,
                                            .pause_max_ms = 500};
    enum lb_result result = lb_client_new(&sim->base, &config, &desk->client);
    LB_ASSERT(result == LB_OK);
}

void sim_desks_open(struct sim *sim)
{
    for (size_t i = 0; i < SIM_DESKS; i++) {
        struct sim_desk *desk = &sim->desks[i];
        *desk = (struct sim_desk){.sim = sim};
        (void)snprintf(desk->address, sizeof(desk->address), "unix:/desk/%zu", i + 1);
        desk_open(sim, desk);
    }
}

void sim_desks_close(struct sim *sim)
{
    for (size_t i = 0; i < SIM_DESKS; i++) {
        lb_client_free(sim->desks[i].client);
    }
}

void sim_desk_vanish(struct sim *sim)
{
    struct sim_desk *desk = &sim->desks[sim_below(sim, SIM_DESKS)];
    const size_t unsent_before = sim->unsent_count;
    const bool is_forgotten = sim_chance(sim, 500) && sim->oracle.world.ref.entry_count > 0;
    sim->vanished += desk->open_calls > 0;
    lb_client_free(desk->client);
    if (is_forgotten) { /* nobody asks again for what was under way */
        sim->unsent_count = unsent_before;
    }
    desk_open(sim, desk);
}

bool sim_desks_are_idle(const struct sim *sim)
{
    size_t open = sim->unsent_count;
    for (size_t i = 0; i < SIM_DESKS; i++) {
        open += sim->desks[i].open_calls;
    }
    return open == 0;
}
