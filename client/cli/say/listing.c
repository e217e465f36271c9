/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lists of messages. One thread.
 */
#include "listing.h"

#include "json_message.h"

#include <string.h>

/* The i-th; the pointers of a repeated field have each a type of their own. */
static const void *listing_at(const void *messages, size_t i)
{
    const void *message;
    memcpy(&message, (const char *)messages + i * sizeof(message), sizeof(message));
    return message;
}

void listing_print(struct cli *cli, const struct listing *listing, const void *messages,
                   size_t count)
{
    struct table table;
    if (cli->is_json) {
        for (size_t i = 0; i < count; i++) {
            cli_put_json(cli, json_of_message(listing_at(messages, i)));
        }
        return;
    }
    table_begin(&table, cli, listing->columns, listing->column_count);
    for (size_t i = 0; i < count; i++) {
        listing->row(&table, listing_at(messages, i));
    }
    table_end(&table);
}
