/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The catalogue of a day, for the commands that list parts of it. One thread.
 */
#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include "command.h"
#include "lovebank/v1/queries.pb-c.h"

/* As of the option "date", else today. The caller's to free; NULL: told. */
Lovebank__V1__CatalogueResponse *
catalogue_get(struct cli *cli, const struct cli_arguments *arguments, enum cli_exit *exit);

#endif
