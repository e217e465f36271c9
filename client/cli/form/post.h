/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Many commands on their way to the server: sent in order, in batches that follow each other
 * without waiting. One whose id is known from a refusal, or was reversed, is sent once more with
 * the id of its next attempt, if a dry run says that it would be done now; one that was done stays
 * done. One thread.
 */
#ifndef CLI_POST_H
#define CLI_POST_H

#include "cli.h"
#include "lovebank/v1/services.pb-c.h"

enum post_state {
    POST_WAITING,
    POST_DONE,
    POST_THERE, /* done before, by the same command */
    POST_REFUSED,
    POST_PROPOSED, /* until a second person confirms it */
};

/* A command and what became of it. */
struct post {
    Lovebank__V1__Command *command; /* its id is set here, by attempt */
    struct id first;                /* its id in attempt 1 */
    uint32_t attempt;               /* 1 or above */
    bool is_said_by_id;             /* acts with the same id say the same, perhaps in other words */
    bool is_put_off;                /* it was to be sent later, and waited once */
    enum post_state state;
    uint64_t entry; /* that it made, or that was there; 0: none */
    int code;       /* of a refusal, or LB_WAITING */
};

struct post_list {
    struct cli *cli;
    struct post *posts;
    size_t count;
    bool is_dry_run;
    bool keeps_reversed; /* what was done and undone since is there, and not done anew */
    /* Before a post is sent: its command may be completed. May be NULL. */
    void (*ready)(void *context, size_t post);
    /* May this answer be final? false: the post waits for the next round. May be NULL. */
    bool (*is_final)(void *context, size_t post);
    /* Of a post whose state was just settled, as the server answered. May be NULL. */
    void (*settled)(void *context, size_t post, const Lovebank__V1__Result *result);
    void *context;
};

/*
 * Sends those that wait. CLI_DONE: none waits any more. Else it was told, and what is waiting still
 * is not known. A dry run is sent in as few requests as it takes, and as often as attempts rise, so
 * that the commands see each other.
 */
enum cli_exit post_send(struct post_list *list);
/*
 * Is there anything among those that wait that would make an entry? Asks by dry runs, batch by
 * batch, until one has something; attempts rise. CLI_DONE, or it was told.
 */
enum cli_exit post_look(struct post_list *list, bool *has_news);
/*
 * All of them in one request, or none. Their attempts must have been found by a dry run. A refusal
 * of one is that of all: each is settled with what the server says of it.
 */
enum cli_exit post_send_whole(struct post_list *list);

/* Makes them wait again, with their attempts. */
void post_rewind(struct post_list *list);
/* Gives a post the id of its attempt. */
void post_identify(struct cli *cli, struct post *post);

#endif
