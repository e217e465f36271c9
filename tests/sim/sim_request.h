/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Write requests of the simulation: random commands of the model's generator, packed as clients
 * send them. All requests of a world are kept, so that whatever reaches the server is recognised by
 * its bytes, however late. One thread.
 */
#ifndef TESTS_SIM_REQUEST_H
#define TESTS_SIM_REQUEST_H

#include "model_world.h"

#define SIM_REPLIES_KEPT 16

struct sim_request {
    struct bytes payload;
    uint64_t hash; /* of it */
    struct model_command *sent;
    size_t count;
    bool dry_run;
    bool all_or_nothing;
    struct id batch_id;
    /* Hashes of the replies that the server made to it, the newest of them. */
    uint64_t replies[SIM_REPLIES_KEPT];
    size_t reply_count;
};

struct sim_requests {
    struct sim_request **items;
    size_t count;
    size_t cap;
    struct id last_batch_id;
    struct arena arena; /* for packing */
};

void sim_requests_init(struct sim_requests *requests);
void sim_requests_fini(struct sim_requests *requests);
/* A new one; the first is the beginning of the world. It lives as long as the list. */
struct sim_request *sim_requests_make(struct sim_requests *requests, struct world *world);
/* NULL: nobody made it. */
struct sim_request *sim_requests_find(const struct sim_requests *requests, struct bytes payload);

/* FNV-1a; `so_far` is what an earlier call gave, or 0. */
uint64_t sim_hash(uint64_t so_far, const void *data, size_t size);

#endif
