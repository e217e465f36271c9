/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Keys to numbers. One thread.
 */
#include "lookup.h"

#include "base/utf8.h"
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

static _Noreturn void lookup_end(struct cli *cli)
{
    cli_complain(cli, "%s", lb_result_text(LB_MEMORY, cli->is_chinese));
    exit(CLI_FAULT);
}

bool lookup_get(const struct lookup *lookup, struct bytes key, uint64_t *number)
{
    struct ordered_place place;
    if (!lookup->is_begun || !ordered_get(&lookup->map, key, &place)) {
        return false;
    }
    memcpy(number, place.value.data, sizeof(*number));
    return true;
}

void lookup_put(struct cli *cli, struct lookup *lookup, struct bytes key, uint64_t number)
{
    if (!lookup->is_begun) {
        ordered_init(&lookup->map, arena_memory_heap());
        lookup->is_begun = true;
    }
    if (!ordered_put(&lookup->map, key, bytes_of(&number, sizeof(number)))) {
        lookup_end(cli);
    }
}

void lookup_fini(struct lookup *lookup)
{
    if (lookup->is_begun) {
        ordered_fini(&lookup->map);
    }
    *lookup = (struct lookup){0};
}

struct bytes lookup_name(struct cli *cli, const char *name)
{
    struct bytes folded;
    const struct bytes written = bytes_of_text(name);
    if (!utf8_is_text(written, UTF8_ALLOW_NEWLINE)) {
        return written;
    }
    if (!text_fold(&cli->arena, written, &folded)) {
        lookup_end(cli);
    }
    return folded;
}
