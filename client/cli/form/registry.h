/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names of the registry: which number an org, class, category, item or counter has, and the other
 * way round. Loaded from the server when the first name is looked up. One thread.
 */
#ifndef CLI_REGISTRY_H
#define CLI_REGISTRY_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

enum registry_kind {
    REGISTRY_ORG,
    REGISTRY_CLASS,
    REGISTRY_CATEGORY,
    REGISTRY_ITEM,
    REGISTRY_COUNTER,
};

enum registry_answer {
    REGISTRY_FOUND,
    REGISTRY_NONE,
    REGISTRY_SEVERAL,     /* the name is not unique: a number is needed */
    REGISTRY_UNAVAILABLE, /* the server did not tell; that was told */
};

/* The book's civil day. false: told. */
LB_MUST_CHECK bool registry_today(struct cli *cli, int32_t *day);
/* "2016-05-01 08:30:00": a moment in the book's zone, as its days are. "?" when it is not told. In
 * memory of the arena. */
const char *registry_when(struct cli *cli, int64_t unix_ms);

/*
 * A text of digits is the number itself, and nobody is asked, but an item's barcode is looked up.
 * Names are compared by lookup_name: other spellings of a name are that name.
 */
enum registry_answer registry_find(struct cli *cli, enum registry_kind kind, const char *text,
                                   uint64_t *number);
/* "大米"; the number in digits when it has no name. Lives as long as cli. */
const char *registry_name(struct cli *cli, enum registry_kind kind, uint64_t number);
/* The i-th name of a kind, by number; false: there are no more, or the server did not tell. The
 * name lives as long as cli. */
LB_MUST_CHECK bool registry_at(struct cli *cli, enum registry_kind kind, size_t i, uint64_t *number,
                               const char **name);
/* From here on nobody is asked: this is the book's day, and these are the names of orgs and
 * categories. Takes the messages. */
void registry_preload(struct cli *cli, int32_t today, Lovebank__V1__OrgListResponse *orgs,
                      Lovebank__V1__CatalogueResponse *catalogue);
/* After REGISTRY_UNAVAILABLE: what the command ends with. */
enum cli_exit registry_exit(const struct cli *cli);
/* The whole catalogue of today, lives as long as cli; NULL: told. */
const Lovebank__V1__CatalogueResponse *registry_catalogue(struct cli *cli, enum cli_exit *exit);
const Lovebank__V1__OrgListResponse *registry_orgs(struct cli *cli, enum cli_exit *exit);
void registry_free(struct registry *registry);

#endif
