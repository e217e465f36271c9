/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One command sent and its answer told. Many at once: post.h, import.h. One thread.
 */
#ifndef CLI_WRITE_H
#define CLI_WRITE_H

#include "form.h"
#include "lovebank/v1/services.pb-c.h"

/* Gives the command its id: --id, else a new one. false: no randomness, told. */
LB_MUST_CHECK bool write_identify(struct cli *cli, Lovebank__V1__Command *command);
/* A new id, whatever --id says: of an act that only prepares the one that is wanted. false: no
 * randomness, told. */
LB_MUST_CHECK bool write_new_id(struct cli *cli, struct id *id);
/* Puts an id into a command, in memory of the arena. */
void write_set_id(struct cli *cli, Lovebank__V1__Command *command, const struct id *id);

/* Says what was done, as form.h's `say`. */
typedef void write_say_fn(struct cli *cli, const Lovebank__V1__Command *command,
                          const Lovebank__V1__Result *result);

/* Sends one command that has its id, tells the refusal or, by `say`, what was done. */
enum cli_exit write_one(struct cli *cli, Lovebank__V1__Command *command, write_say_fn *say);
/*
 * The two halves of it. Sends: the one result, which lives until cli_free_response of *response,
 * and what the command ends with; NULL: told.
 */
const Lovebank__V1__Result *write_send(struct cli *cli, Lovebank__V1__Command *command,
                                       Lovebank__V1__WriteResponse **response, enum cli_exit *exit);
/* Tells the result: what was done, that it waits for a second person, or the refusal. */
void write_tell(struct cli *cli, const Lovebank__V1__Command *command,
                const Lovebank__V1__Result *result, write_say_fn *say);

/* Nobody knows whether it happened: its id, which makes it safe to send it again. */
void write_tell_id(struct cli *cli, const Lovebank__V1__Command *command);

/* A request of these commands, in order, with --dry-run. They stay the caller's. */
Lovebank__V1__WriteRequest write_request(const struct cli *cli, Lovebank__V1__Command **commands,
                                         size_t count);
/* The result as an object: its fields, its name as "result"; when it is not OK its "class" and
 * "sentence". */
json_t *write_result_json(struct cli *cli, const Lovebank__V1__Result *result);
/* The sentence of a result, in memory of the arena. */
const char *write_sentence(struct cli *cli, const Lovebank__V1__Result *result);

/* Prints a sentence without its full stop, and the entry's number; or that it was a dry run. */
void write_say(struct cli *cli, const Lovebank__V1__Result *result, const char *sentence);
/* For acts that have no more to say: the act's word. */
void write_say_act(struct cli *cli, const Lovebank__V1__Command *command,
                   const Lovebank__V1__Result *result);
/* "张*明", or the member number when the name is not to be had. In memory of the arena. */
const char *write_member_name(struct cli *cli, uint64_t member);

#endif
