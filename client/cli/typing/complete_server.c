/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server as a source of completion. One thread.
 */
#include "complete_server.h"

#include "form.h"

#include <string.h>

#define COMPLETE_MEMBERS_MAX 20

static bool complete_server_name(void *context, enum registry_kind kind, size_t i, uint64_t *number,
                                 const char **name)
{
    struct complete_server *server = context;
    return registry_at(&server->cli, kind, i, number, name);
}

static const char *complete_server_note(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    return cli_format(cli, "%s %s", info->masked_name, registry_name(cli, REGISTRY_ORG, info->org));
}

/* Of a whole number or card: whose it is. */
static bool complete_server_get(struct complete_server *server, Lovebank__V1__MemberRef *ref,
                                uint64_t *number, const char **note)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    request.member = ref;
    Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)cli_call(
        &server->cli, LB_METHOD_MEMBER_GET, &request.base,
        &lovebank__v1__member_get_response__descriptor, &exit);
    const bool is_there = response != NULL && response->code == LB_OK && response->info != NULL;
    if (is_there) {
        *number = response->info->member;
        *note = complete_server_note(&server->cli, response->info);
    }
    if (response != NULL) {
        cli_free_response(&response->base);
    }
    return is_there;
}

static void complete_server_drop(struct complete_server *server)
{
    if (server->found != NULL) {
        cli_free_response(&server->found->base);
    }
    server->found = NULL;
    server->found_by = NULL;
}

static void complete_server_find(struct complete_server *server, const char *typed)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    complete_server_drop(server);
    server->found_by = cli_copy(&server->cli, typed);
    request.text = cli_copy(&server->cli, typed);
    request.limit = COMPLETE_MEMBERS_MAX;
    server->found = (Lovebank__V1__MemberFindResponse *)cli_call(
        &server->cli, LB_METHOD_MEMBER_FIND, &request.base,
        &lovebank__v1__member_find_response__descriptor, &exit);
}

static bool complete_server_member(void *context, const char *typed, size_t i, uint64_t *number,
                                   const char **note)
{
    struct complete_server *server = context;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    if (member_ref_parse(typed, &ref)) {
        return i == 0 && complete_server_get(server, &ref, number, note);
    }
    if (server->found_by == NULL || strcmp(server->found_by, typed) != 0) {
        complete_server_find(server, typed);
    }
    if (server->found == NULL || i >= server->found->n_members) {
        return false;
    }
    *number = server->found->members[i]->member;
    *note = complete_server_note(&server->cli, server->found->members[i]);
    return true;
}

void complete_server_init(struct complete_server *server, const struct cli *cli)
{
    *server = (struct complete_server){0};
    cli_init(&server->cli, cli->is_chinese);
    cli_share(&server->cli, cli);
    server->cli.is_hint = true;
    server->source = (struct complete_source){
        .context = server, .name = complete_server_name, .member = complete_server_member};
}

void complete_server_forget(struct complete_server *server)
{
    complete_server_drop(server);
    registry_free(server->cli.registry);
    server->cli.registry = NULL;
    arena_reset(&server->cli.arena);
}

void complete_server_fini(struct complete_server *server)
{
    complete_server_drop(server);
    registry_free(server->cli.registry);
    cli_fini(&server->cli);
}
