/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names of the registry, from Catalogue and OrgList, each asked for at most once. One thread.
 */
#include "registry.h"

#include "amounts.h"
#include "lookup.h"

#include "lovebank/v1/services.pb-c.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REGISTRY_KINDS     (REGISTRY_COUNTER + 1)
#define REGISTRY_AMBIGUOUS 0 /* in the names: no number is 0 */

struct registry {
    Lovebank__V1__CatalogueResponse *catalogue;
    Lovebank__V1__OrgListResponse *orgs;
    struct lookup names[REGISTRY_KINDS]; /* lookup_name to number; barcodes, as digits, too */
    bool has_names[REGISTRY_KINDS];
    bool has_today;
    int32_t today;
    bool has_zone;
    int32_t zone_east_s;
    bool failed;
    enum cli_exit exit;
};

static struct registry *registry_of(struct cli *cli)
{
    if (cli->registry == NULL) {
        cli->registry = cli_take(cli, 1, sizeof(struct registry));
    }
    return cli->registry;
}

void registry_free(struct registry *registry)
{
    if (registry == NULL) {
        return;
    }
    lovebank__v1__catalogue_response__free_unpacked(registry->catalogue, NULL);
    lovebank__v1__org_list_response__free_unpacked(registry->orgs, NULL);
    for (size_t i = 0; i < REGISTRY_KINDS; i++) {
        lookup_fini(&registry->names[i]);
    }
}

void registry_preload(struct cli *cli, int32_t today, Lovebank__V1__OrgListResponse *orgs,
                      Lovebank__V1__CatalogueResponse *catalogue)
{
    registry_free(cli->registry);
    cli->registry = NULL;
    struct registry *registry = registry_of(cli);
    registry->has_today = true;
    registry->today = today;
    registry->orgs = orgs;
    registry->catalogue = catalogue;
    registry->failed = true;
    registry->exit = CLI_TRY_LATER;
}

bool registry_today(struct cli *cli, int32_t *day)
{
    struct registry *registry = registry_of(cli);
    const Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    if (!registry->has_today) {
        Lovebank__V1__StatusResponse *status = (Lovebank__V1__StatusResponse *)cli_call(
            cli, LB_METHOD_STATUS, &request.base, &lovebank__v1__status_response__descriptor,
            &registry->exit);
        if (status == NULL) {
            return false;
        }
        registry->has_today = true;
        registry->today = status->today_day;
        cli_free_response(&status->base);
    }
    *day = registry->today;
    return true;
}

const Lovebank__V1__CatalogueResponse *registry_catalogue(struct cli *cli, enum cli_exit *exit)
{
    struct registry *registry = registry_of(cli);
    if (registry->catalogue == NULL && !registry->failed) {
        const Lovebank__V1__CatalogueRequest request = LOVEBANK__V1__CATALOGUE_REQUEST__INIT;
        registry->catalogue = (Lovebank__V1__CatalogueResponse *)cli_call(
            cli, LB_METHOD_CATALOGUE, &request.base, &lovebank__v1__catalogue_response__descriptor,
            &registry->exit);
        registry->failed = registry->catalogue == NULL;
    }
    *exit = registry->exit;
    return registry->catalogue;
}

const Lovebank__V1__OrgListResponse *registry_orgs(struct cli *cli, enum cli_exit *exit)
{
    struct registry *registry = registry_of(cli);
    if (registry->orgs == NULL && !registry->failed) {
        const Lovebank__V1__OrgListRequest request = LOVEBANK__V1__ORG_LIST_REQUEST__INIT;
        registry->orgs = (Lovebank__V1__OrgListResponse *)cli_call(
            cli, LB_METHOD_ORG_LIST, &request.base, &lovebank__v1__org_list_response__descriptor,
            &registry->exit);
        registry->failed = registry->orgs == NULL;
    }
    *exit = registry->exit;
    return registry->orgs;
}

/* The server tells it in its hello. */
static bool registry_zone(struct cli *cli, int32_t *zone_east_s)
{
    struct registry *registry = registry_of(cli);
    if (!registry->has_zone) {
        const Lovebank__V1__HelloRequest request = cli_greeting(cli);
        Lovebank__V1__HelloResponse *hello = (Lovebank__V1__HelloResponse *)cli_call(
            cli, LB_METHOD_HELLO, &request.base, &lovebank__v1__hello_response__descriptor,
            &registry->exit);
        if (hello == NULL) {
            return false;
        }
        registry->has_zone = true;
        registry->zone_east_s = hello->zone_east_s;
        cli_free_response(&hello->base);
    }
    *zone_east_s = registry->zone_east_s;
    return true;
}

const char *registry_when(struct cli *cli, int64_t unix_ms)
{
    char when[32] = "?";
    struct tm book;
    int32_t zone_east_s = 0;
    if (!registry_zone(cli, &zone_east_s)) {
        return "?";
    }
    const time_t seconds = (time_t)(unix_ms / 1000 + zone_east_s);
    if (gmtime_r(&seconds, &book) != NULL) {
        (void)strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &book);
    }
    return cli_copy(cli, when);
}

/* The i-th of a kind that is loaded; false: there are no more. */
static bool registry_entry(const struct registry *registry, enum registry_kind kind, size_t i,
                           uint64_t *number, const char **name)
{
    const Lovebank__V1__CatalogueResponse *catalogue = registry->catalogue;
    switch (kind) {
    case REGISTRY_ORG:
        if (i >= registry->orgs->n_orgs) {
            return false;
        }
        *number = registry->orgs->orgs[i]->org;
        *name = registry->orgs->orgs[i]->name;
        return true;
    case REGISTRY_CLASS:
        if (i >= catalogue->n_classes) {
            return false;
        }
        *number = catalogue->classes[i]->class_id;
        *name = catalogue->classes[i]->name;
        return true;
    case REGISTRY_CATEGORY:
        if (i >= catalogue->n_categories) {
            return false;
        }
        *number = catalogue->categories[i]->category;
        *name =
            catalogue->categories[i]->tariff == NULL ? "" : catalogue->categories[i]->tariff->name;
        return true;
    case REGISTRY_ITEM:
        if (i >= catalogue->n_items) {
            return false;
        }
        *number = catalogue->items[i]->item;
        *name = catalogue->items[i]->price == NULL ? "" : catalogue->items[i]->price->name;
        return true;
    case REGISTRY_COUNTER:
        if (i >= catalogue->n_counters) {
            return false;
        }
        *number = catalogue->counters[i]->counter;
        *name = catalogue->counters[i]->name;
        return true;
    }
    return false;
}

static bool registry_load(struct cli *cli, enum registry_kind kind, enum cli_exit *exit)
{
    return kind == REGISTRY_ORG ? registry_orgs(cli, exit) != NULL
                                : registry_catalogue(cli, exit) != NULL;
}

static void registry_add_name(struct cli *cli, struct lookup *names, const char *name,
                              uint64_t number)
{
    const struct bytes key = lookup_name(cli, name);
    uint64_t other = 0;
    if (key.size > 0) {
        bool is_taken = lookup_get(names, key, &other) && other != number;
        lookup_put(cli, names, key, is_taken ? REGISTRY_AMBIGUOUS : number);
    }
}

/* The names of a kind, once they are wanted. */
static struct lookup *registry_names(struct cli *cli, enum registry_kind kind)
{
    struct registry *registry = cli->registry;
    struct lookup *names = &registry->names[kind];
    uint64_t number = 0;
    const char *name = "";
    if (registry->has_names[kind]) {
        return names;
    }
    registry->has_names[kind] = true;
    for (size_t i = 0; registry_entry(registry, kind, i, &number, &name); i++) {
        registry_add_name(cli, names, name, number);
        if (kind == REGISTRY_ITEM && registry->catalogue->items[i]->price != NULL &&
            registry->catalogue->items[i]->price->barcode != 0) {
            registry_add_name(
                cli, names,
                cli_format(cli, "%" PRIu64, registry->catalogue->items[i]->price->barcode), number);
        }
    }
    return names;
}

enum registry_answer registry_find(struct cli *cli, enum registry_kind kind, const char *text,
                                   uint64_t *number)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t digits = 0;
    bool is_number = amount_parse_number(text, 0, INT64_MAX, &digits);
    bool is_barcode = is_number && kind == REGISTRY_ITEM && digits > LB_CODE_MAX;
    if (is_number && !is_barcode) {
        *number = digits;
        return REGISTRY_FOUND;
    }
    if (!registry_load(cli, kind, &exit)) {
        return REGISTRY_UNAVAILABLE;
    }
    /* A barcode as a number: EAN and UPC differ in the zeros in front. */
    struct lookup *names = registry_names(cli, kind);
    if (!lookup_get(names, bytes_of_text(text), number)) { /* as it was written once before */
        const struct bytes key = is_barcode ? bytes_of_text(cli_format(cli, "%" PRIu64, digits))
                                            : lookup_name(cli, text);
        if (!lookup_get(names, key, number)) {
            return REGISTRY_NONE;
        }
        lookup_put(cli, names, bytes_of_text(text), *number);
    }
    return *number == REGISTRY_AMBIGUOUS ? REGISTRY_SEVERAL : REGISTRY_FOUND;
}

const char *registry_name(struct cli *cli, enum registry_kind kind, uint64_t number)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t other = 0;
    const char *name = "";
    if (registry_load(cli, kind, &exit)) {
        for (size_t i = 0; registry_entry(cli->registry, kind, i, &other, &name); i++) {
            if (other == number && name[0] != '\0') {
                return name;
            }
        }
    }
    return cli_format(cli, "%" PRIu64, number);
}

bool registry_at(struct cli *cli, enum registry_kind kind, size_t i, uint64_t *number,
                 const char **name)
{
    enum cli_exit exit = CLI_DONE;
    return registry_load(cli, kind, &exit) && registry_entry(cli->registry, kind, i, number, name);
}

enum cli_exit registry_exit(const struct cli *cli)
{
    return cli->registry->exit;
}
