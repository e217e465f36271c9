/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Answers to write requests, out of their frames, as the model compares them. One thread. */
#ifndef TESTS_SIM_ANSWER_H
#define TESTS_SIM_ANSWER_H

#include "lovebank/frame.h"
#include "model_world.h"

/* The book's time zone. */
#define SIM_ZONE_EAST_S 28800

/* The caller gives room for WORLD_COMMANDS_MAX results and their lines. */
struct sim_answer {
    struct verdict verdict; /* of the request; its text is not kept */
    struct engine_result *results;
    struct priced_line (*lines)[LB_COMMAND_LINES_MAX];
    size_t count;
};

/* false: it cannot be read. */
LB_MUST_CHECK bool sim_answer_read(enum lb_frame_kind kind, struct bytes payload,
                                   struct sim_answer *answer);

#endif
