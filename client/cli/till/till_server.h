/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Carries out the till's requests: asks the server, keeps the pending command, prints, and turns
 * what came of it into the till's answers. One thread.
 */
#ifndef CLI_TILL_SERVER_H
#define CLI_TILL_SERVER_H

#include "lovebank/v1/services.pb-c.h"
#include "printer.h"
#include "till.h"
#include "till_link.h"
#include "till_pending.h"

/* Whose masked name is known. */
struct till_name {
    uint64_t member;
    char name[TILL_NAME_BYTES];
    const struct till_name *next; /* asked for before */
};

struct till_server {
    struct cli *cli;
    struct cli words; /* cli with an arena of its own: texts until the next answer but PRINT */
    struct till_link link;
    struct till_pending pending;
    struct printer printer;
    uint32_t counter;
    int32_t zone_east_s;
    Lovebank__V1__CatalogueResponse *listing; /* behind the catalogue's texts */
    struct arena catalogue_arena;
    struct till_catalogue catalogue;
    struct arena names_arena;
    const struct till_name *names; /* the newest first: a new name goes before an old one */
    struct till_member member;     /* of the last answer */
    struct till_day day;           /* likewise */
};

/*
 * Connects, loads the catalogue and finds the counter. `cli`, printer and counter are set by the
 * caller. What is wrong is told.
 */
LB_MUST_CHECK bool till_server_open(struct till_server *server, enum cli_exit *exit);
void till_server_close(struct till_server *server);
/* The counter's and its org's name, as long as the server is open. */
void till_server_names(struct till_server *server, const char **counter, const char **org);
/* A command of an earlier run has no answer yet. With the server it went to told when it is
 * another: *is_elsewhere. */
bool till_server_has_pending(struct till_server *server, bool *is_elsewhere);
void till_server_perform(struct till_server *server, const struct till *till,
                         const struct till_request *request, struct till_answer *answer);

/* Between the parts. The call's failure becomes the answer's sentence. */
LB_MUST_CHECK bool till_server_call(struct till_server *server, enum lb_method method,
                                    const ProtobufCMessage *request,
                                    const ProtobufCMessageDescriptor *response_type,
                                    ProtobufCMessage **response, struct till_answer *answer);
void till_server_refuse(struct till_server *server, int code, const int64_t numbers[3],
                        struct till_answer *answer);
/* till_server_read.c */
LB_MUST_CHECK bool till_server_catalogue(struct till_server *server, struct till_answer *answer);
void till_server_member(struct till_server *server, uint64_t card, struct till_answer *answer);
void till_server_day(struct till_server *server, struct till_answer *answer);
void till_server_last(struct till_server *server, struct till_answer *answer);
LB_MUST_CHECK bool till_server_today(struct till_server *server, int32_t *today,
                                     struct till_answer *answer);
/* NULL: not to be had. */
Lovebank__V1__MemberGetResponse *till_server_info(struct till_server *server, uint64_t member);
/* Who it is and what they have on that day. false: only their number is known. */
LB_MUST_CHECK bool till_server_who(struct till_server *server, uint64_t member, int32_t today,
                                   struct till_member *out);
/* till_server_write.c */
void till_server_book(struct till_server *server, const struct till *till,
                      struct till_answer *answer);
void till_server_undo(struct till_server *server, const struct till *till, uint64_t entry,
                      struct till_answer *answer);
void till_server_settle(struct till_server *server, struct till_answer *answer);

#endif
