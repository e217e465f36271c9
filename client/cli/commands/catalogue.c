/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The catalogue of a day. One thread.
 */
#include "catalogue.h"

#include "query.h"

Lovebank__V1__CatalogueResponse *
catalogue_get(struct cli *cli, const struct cli_arguments *arguments, enum cli_exit *exit)
{
    Lovebank__V1__CatalogueRequest request = LOVEBANK__V1__CATALOGUE_REQUEST__INIT;
    if (!query_day(cli, arguments, "date", &request.day, &request.has_day)) {
        *exit = CLI_USAGE;
        return NULL;
    }
    return (Lovebank__V1__CatalogueResponse *)cli_call(
        cli, LB_METHOD_CATALOGUE, &request.base, &lovebank__v1__catalogue_response__descriptor,
        exit);
}
