/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A list of messages as a table for people or, with --json, as one object a line. One thread.
 */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "table.h"

/* Adds the row of a message of the listing's type. */
typedef void listing_row_fn(struct table *table, const void *message);

struct listing {
    const struct table_column *columns;
    size_t column_count;
    listing_row_fn *row;
};

#define LISTING_COLUMNS(table) \
    .columns = (table), .column_count = sizeof(table) / sizeof((table)[0])

/* `messages` is a repeated field of messages. */
void listing_print(struct cli *cli, const struct listing *listing, const void *messages,
                   size_t count);

#endif
