/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Asking a server for what is to be known without it. One thread.
 */
#include "seen.h"

#include "seen_file.h"

#include "base/clock.h"

#include <string.h>

#define SEEN_FRESH_MS (60 * 60 * 1000)

struct seen_answers {
    Lovebank__V1__HelloResponse *hello;
    Lovebank__V1__WhoamiResponse *whoami;
    Lovebank__V1__OrgListResponse *orgs;
    Lovebank__V1__CatalogueResponse *catalogue;
};

/* NULL: it did not say. */
static ProtobufCMessage *seen_ask(struct cli *cli, enum lb_method method,
                                  const ProtobufCMessage *request,
                                  const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *response = NULL;
    return cli_session_call(cli, method, request, type, &response) == LB_OK ? response : NULL;
}

static bool seen_ask_all(struct cli *cli, struct seen_answers *answers)
{
    const Lovebank__V1__HelloRequest hello = cli_greeting(cli);
    const Lovebank__V1__WhoamiRequest whoami = LOVEBANK__V1__WHOAMI_REQUEST__INIT;
    const Lovebank__V1__OrgListRequest orgs = LOVEBANK__V1__ORG_LIST_REQUEST__INIT;
    const Lovebank__V1__CatalogueRequest catalogue = LOVEBANK__V1__CATALOGUE_REQUEST__INIT;
    *answers = (struct seen_answers){
        .hello = (Lovebank__V1__HelloResponse *)seen_ask(
            cli, LB_METHOD_HELLO, &hello.base, &lovebank__v1__hello_response__descriptor)};
    if (answers->hello != NULL) {
        answers->whoami = (Lovebank__V1__WhoamiResponse *)seen_ask(
            cli, LB_METHOD_WHOAMI, &whoami.base, &lovebank__v1__whoami_response__descriptor);
    }
    if (answers->whoami != NULL) {
        answers->orgs = (Lovebank__V1__OrgListResponse *)seen_ask(
            cli, LB_METHOD_ORG_LIST, &orgs.base, &lovebank__v1__org_list_response__descriptor);
    }
    if (answers->orgs != NULL) {
        answers->catalogue = (Lovebank__V1__CatalogueResponse *)seen_ask(
            cli, LB_METHOD_CATALOGUE, &catalogue.base,
            &lovebank__v1__catalogue_response__descriptor);
    }
    return answers->catalogue != NULL;
}

static void seen_answers_free(const struct seen_answers *answers)
{
    cli_free_response((ProtobufCMessage *)answers->hello);
    cli_free_response((ProtobufCMessage *)answers->whoami);
    cli_free_response((ProtobufCMessage *)answers->orgs);
    cli_free_response((ProtobufCMessage *)answers->catalogue);
}

/* Numbers and names, and nothing more, in memory of the arena. */
static Lovebank__V1__OrgListResponse *seen_bare_orgs(struct cli *cli,
                                                     const Lovebank__V1__OrgListResponse *full)
{
    Lovebank__V1__OrgListResponse *bare = cli_take(cli, 1, sizeof(*bare));
    lovebank__v1__org_list_response__init(bare);
    bare->orgs = cli_take(cli, full->n_orgs + 1, sizeof(Lovebank__V1__Org *));
    for (; bare->n_orgs < full->n_orgs; bare->n_orgs++) {
        Lovebank__V1__Org *org = cli_take(cli, 1, sizeof(*org));
        lovebank__v1__org__init(org);
        org->org = full->orgs[bare->n_orgs]->org;
        org->name = full->orgs[bare->n_orgs]->name;
        bare->orgs[bare->n_orgs] = org;
    }
    return bare;
}

static Lovebank__V1__CatalogueResponse *
seen_bare_catalogue(struct cli *cli, const Lovebank__V1__CatalogueResponse *full)
{
    Lovebank__V1__CatalogueResponse *bare = cli_take(cli, 1, sizeof(*bare));
    lovebank__v1__catalogue_response__init(bare);
    bare->categories = cli_take(cli, full->n_categories + 1, sizeof(Lovebank__V1__CategoryInfo *));
    for (; bare->n_categories < full->n_categories; bare->n_categories++) {
        const Lovebank__V1__CategoryInfo *from = full->categories[bare->n_categories];
        Lovebank__V1__CategoryInfo *category = cli_take(cli, 1, sizeof(*category));
        lovebank__v1__category_info__init(category);
        category->category = from->category;
        if (from->tariff != NULL) {
            category->tariff = cli_take(cli, 1, sizeof(*category->tariff));
            lovebank__v1__tariff_set__init(category->tariff);
            category->tariff->name = from->tariff->name;
        }
        bare->categories[bare->n_categories] = category;
    }
    return bare;
}

/* The one who acts now, before those who did earlier. false: nobody acts. */
static bool seen_add_who(const struct cli *cli, const Lovebank__V1__WhoamiResponse *whoami,
                         const struct seen *before, struct seen *seen)
{
    struct seen_who who = seen_who_of(cli);
    const Lovebank__V1__PrincipalInfo *principal = whoami->principal;
    if (principal != NULL) {
        size_t size = strnlen(principal->name, LB_LOGIN_BYTES_MAX);
        while (size > 0 && ((uint8_t)principal->name[size] & 0xc0) == 0x80) {
            size--; /* no half characters */
        }
        who.who.principal = principal->principal;
        memcpy(who.who.login, principal->name, size);
    }
    if (principal == NULL && !whoami->is_trusted) {
        return false;
    }
    seen->whos[seen->who_count++] = who;
    for (size_t i = 0; i < before->who_count && seen->who_count < SEEN_WHOS_MAX; i++) {
        if (!seen_who_is_same(&before->whos[i], &who)) {
            seen->whos[seen->who_count++] = before->whos[i];
        }
    }
    return true;
}

static void seen_keep(struct spool *spool, const struct seen_answers *answers)
{
    struct cli *cli = spool->cli;
    struct seen before;
    if (!spool_lock(spool)) {
        return;
    }
    const bool has_before = seen_read(spool, &before);
    struct seen seen = {.when_ms = clock_now_ms(clock_system()),
                        .zone_east_s = answers->hello->zone_east_s,
                        .today = answers->hello->today_day,
                        .orgs = seen_bare_orgs(cli, answers->orgs),
                        .catalogue = seen_bare_catalogue(cli, answers->catalogue)};
    if (seen_add_who(cli, answers->whoami, &before, &seen)) {
        seen_write(spool, &seen);
    }
    if (has_before) {
        seen_free(&before);
    }
    spool_unlock(spool);
}

static bool seen_is_fresh(struct spool *spool)
{
    struct seen seen;
    if (!seen_read(spool, &seen)) {
        return false;
    }
    const int64_t age_ms = clock_now_ms(clock_system()) - seen.when_ms;
    const bool is_fresh =
        age_ms >= 0 && age_ms < SEEN_FRESH_MS && seen_find_who(spool->cli, &seen) != NULL;
    seen_free(&seen);
    return is_fresh;
}

void seen_refresh(struct cli *cli, bool is_due)
{
    struct spool spool;
    struct seen_answers answers;
    const bool was_hint = cli->is_hint;
    cli->is_hint = true; /* nothing of this is told */
    if (cli->session != NULL && spool_open(&spool, cli, true)) {
        if (is_due || !seen_is_fresh(&spool)) {
            if (seen_ask_all(cli, &answers)) {
                seen_keep(&spool, &answers);
            }
            seen_answers_free(&answers);
        }
        spool_close(&spool);
    }
    cli->is_hint = was_hint;
}
