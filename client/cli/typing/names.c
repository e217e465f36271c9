/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names as they are typed. One thread.
 */
#include "names.h"

#include "lookup.h"

#include "base/utf8.h"
#include "text/text.h"

#include <string.h>

static bool name_begins(struct bytes whole, struct bytes part)
{
    return part.size <= whole.size && memcmp(whole.data, part.data, part.size) == 0;
}

enum name_match name_compare(struct cli *cli, const char *typed, const char *name)
{
    const struct bytes written = bytes_of_text(name);
    struct bytes initials;
    if (!utf8_is_text(bytes_of_text(typed), 0) || !utf8_is_text(written, 0)) {
        return NAME_DIFFERS;
    }
    if (typed[0] == '\0') {
        return NAME_BEGINS;
    }
    const struct bytes part = lookup_name(cli, typed);
    const struct bytes whole = lookup_name(cli, name);
    if (part.size > 0 && name_begins(whole, part)) {
        return part.size == whole.size ? NAME_IS : NAME_BEGINS;
    }
    if (!text_is_letters(part) || !text_initials(&cli->arena, written, &initials) ||
        !name_begins(initials, part)) {
        return NAME_DIFFERS;
    }
    return part.size == initials.size ? NAME_INITIALS : NAME_INITIALS_BEGIN;
}
