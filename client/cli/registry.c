/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names of the registry, from Catalogue and OrgList, each asked for at most once. One thread.
 */
#include "registry.h"

#include "amounts.h"
#include "words.h"

#include "lovebank/v1/services.pb-c.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct registry {
    Lovebank__V1__CatalogueResponse *catalogue;
    Lovebank__V1__OrgListResponse *orgs;
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

/* The i-th of a kind; false: there are no more. */
static bool registry_at(const struct registry *registry, enum registry_kind kind, size_t i,
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

enum registry_answer registry_find(struct cli *cli, enum registry_kind kind, const char *text,
                                   uint64_t *number)
{
    if (amount_parse_number(text, 0, INT64_MAX, number)) {
        return REGISTRY_FOUND;
    }
    enum cli_exit exit = CLI_DONE;
    if (!registry_load(cli, kind, &exit)) {
        return REGISTRY_UNAVAILABLE;
    }
    enum registry_answer answer = REGISTRY_NONE;
    uint64_t other = 0;
    const char *name = "";
    for (size_t i = 0; registry_at(cli->registry, kind, i, &other, &name); i++) {
        if (strcmp(name, text) == 0) {
            answer = answer == REGISTRY_NONE ? REGISTRY_FOUND : REGISTRY_SEVERAL;
            *number = other;
        }
    }
    return answer;
}

const char *registry_name(struct cli *cli, enum registry_kind kind, uint64_t number)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t other = 0;
    const char *name = "";
    if (registry_load(cli, kind, &exit)) {
        for (size_t i = 0; registry_at(cli->registry, kind, i, &other, &name); i++) {
            if (other == number && name[0] != '\0') {
                return name;
            }
        }
    }
    return cli_format(cli, "%" PRIu64, number);
}

bool registry_resolve(struct cli *cli, enum registry_kind kind, const char *text, uint64_t *number,
                      enum cli_exit *exit)
{
    switch (registry_find(cli, kind, text, number)) {
    case REGISTRY_FOUND:
        return true;
    case REGISTRY_NONE:
        cli_complain(cli,
                     TEXT(cli, "没有叫“%s”的。请核对名称，或改用编号。",
                          "There is none called \"%s\"; check the name or use its number."),
                     cli_cut(cli, text));
        *exit = CLI_REFUSED;
        return false;
    case REGISTRY_SEVERAL:
        cli_complain(cli,
                     TEXT(cli, "叫“%s”的不止一个。请改用编号。",
                          "More than one is called \"%s\"; use its number."),
                     cli_cut(cli, text));
        *exit = CLI_REFUSED;
        return false;
    case REGISTRY_UNAVAILABLE:
        *exit = cli->registry->exit;
        return false;
    }
    return false;
}
