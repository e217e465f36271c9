/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Principals by number and by name. One thread.
 */
#include "principals.h"

#include "amounts.h"
#include "typed.h"

#include <inttypes.h>
#include <string.h>

struct page {
    Lovebank__V1__PrincipalListResponse *response;
    struct page *next;
};

struct principals {
    struct page *pages; /* the last one first */
    Lovebank__V1__PrincipalInfo **items;
    size_t count;
    int result; /* why they cannot be had; LB_OK: they are here */
    int64_t numbers[3];
};

/* Quietly: not everybody may see the list, and not everybody who looks at it needs it. */
static int principals_get_page(struct cli *cli, struct principals *principals, uint32_t after,
                               uint32_t *next)
{
    enum cli_exit exit = CLI_DONE;
    ProtobufCMessage *response = NULL;
    Lovebank__V1__PrincipalListRequest request = LOVEBANK__V1__PRINCIPAL_LIST_REQUEST__INIT;
    request.after = after;
    request.limit = LB_PAGE_ROWS_MAX;
    if (!cli_connect(cli, &exit)) {
        return LB_UNREACHABLE;
    }
    const int result =
        cli_session_call(cli, LB_METHOD_PRINCIPAL_LIST, &request.base,
                         &lovebank__v1__principal_list_response__descriptor, &response);
    if (result != LB_OK) {
        memcpy(principals->numbers, lb_session_numbers(cli->session), sizeof(principals->numbers));
        return result;
    }
    struct page *page = cli_take(cli, 1, sizeof(*page));
    *page = (struct page){.response = (Lovebank__V1__PrincipalListResponse *)response,
                          .next = principals->pages};
    principals->pages = page;
    principals->count += page->response->n_principals;
    *next = page->response->next;
    return LB_OK;
}

static struct principals *principals_get(struct cli *cli)
{
    uint32_t after = 0;
    if (cli->principals != NULL) {
        return cli->principals;
    }
    struct principals *principals = cli_take(cli, 1, sizeof(*principals));
    cli->principals = principals;
    do {
        principals->result = principals_get_page(cli, principals, after, &after);
    } while (principals->result == LB_OK && after != 0);
    principals->items = cli_take(cli, principals->count + 1, sizeof(Lovebank__V1__PrincipalInfo *));
    size_t end = principals->count;
    for (const struct page *page = principals->pages; page != NULL; page = page->next) {
        end -= page->response->n_principals;
        if (page->response->n_principals > 0) {
            memcpy(&principals->items[end], page->response->principals,
                   page->response->n_principals * sizeof(Lovebank__V1__PrincipalInfo *));
        }
    }
    return principals;
}

bool principals_load(struct cli *cli, Lovebank__V1__PrincipalInfo ***items, size_t *count,
                     enum cli_exit *exit)
{
    const struct principals *principals = principals_get(cli);
    *items = principals->items;
    *count = principals->count;
    *exit = principals->result == LB_OK
                ? CLI_DONE
                : cli_fail(cli, principals->result, principals->numbers, "");
    return principals->result == LB_OK;
}

static bool principals_is_kind(const Lovebank__V1__PrincipalInfo *info, enum principal_kind kind)
{
    return kind == PRINCIPAL_ANY || (kind == PRINCIPAL_DEVICE) == (info->is_device != 0);
}

/* How many have the name; *principal is one of them. */
static size_t principals_find(const struct principals *principals, const char *name,
                              enum principal_kind kind, uint32_t *principal)
{
    size_t found = 0;
    for (size_t i = 0; i < principals->count; i++) {
        const Lovebank__V1__PrincipalInfo *info = principals->items[i];
        if (principals_is_kind(info, kind) && strcmp(info->name, name) == 0) {
            *principal = info->principal;
            found++;
        }
    }
    return found;
}

/* What somebody typed. */
static enum typed_answer principals_typed(struct cli *cli, const char *text,
                                          enum principal_kind kind, uint32_t *principal,
                                          struct cli_text *reason)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__PrincipalInfo **items;
    size_t count;
    uint64_t number = 0;
    if (amount_parse_number(text, 1, LB_PRINCIPAL_MAX, &number)) {
        *principal = (uint32_t)number;
        return TYPED_FOUND;
    }
    if (!principals_load(cli, &items, &count, &exit)) {
        return TYPED_UNANSWERED;
    }
    switch (principals_find(cli->principals, text, kind, principal)) {
    case 0:
        *reason =
            (struct cli_text){"没有这个名称的账户。请用 lovebank operator list 或 device list 核对",
                              "no account has that name; see lovebank operator list, device list"};
        return TYPED_REFUSED;
    case 1:
        return TYPED_FOUND;
    default:
        *reason = (struct cli_text){"这个名称的账户不止一个。请改用编号",
                                    "several accounts have that name; use the number"};
        return TYPED_REFUSED;
    }
}

uint32_t form_principal(struct form_build *build, const char *column, enum principal_kind kind)
{
    uint32_t principal = 0;
    struct cli_text reason = {0};
    const char *value = form_given(build, column);
    const enum typed_answer answer =
        value == NULL ? TYPED_FOUND
                      : principals_typed(build->cli, value, kind, &principal, &reason);
    if (answer == TYPED_REFUSED) {
        form_complain(build, column, reason);
    } else if (answer == TYPED_UNANSWERED) {
        form_complain_result(build, column, LB_TRY_LATER, 0, 0);
    }
    return principal;
}

bool principals_resolve(struct cli *cli, const struct cli_arguments *arguments, const char *option,
                        enum principal_kind kind, uint32_t *principal, enum cli_exit *exit)
{
    struct cli_text reason = {0};
    const enum typed_answer answer =
        principals_typed(cli, arguments_get(arguments, option), kind, principal, &reason);
    if (answer == TYPED_REFUSED) {
        *exit = arguments_complain(cli, arguments, option, reason);
    } else if (answer == TYPED_UNANSWERED) {
        *exit = cli->told;
    }
    return answer == TYPED_FOUND;
}

const char *principals_name(struct cli *cli, uint32_t principal)
{
    const struct principals *principals = principals_get(cli);
    for (size_t i = 0; i < principals->count; i++) {
        if (principals->items[i]->principal == principal) {
            return principals->items[i]->name;
        }
    }
    return cli_format(cli, TEXT(cli, "%" PRIu32 " 号", "account %" PRIu32), principal);
}

void principals_free(struct principals *principals)
{
    for (struct page *page = principals == NULL ? NULL : principals->pages; page != NULL;
         page = page->next) {
        lovebank__v1__principal_list_response__free_unpacked(page->response, NULL);
    }
}
