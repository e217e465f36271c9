/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Figures with their units, over amounts.h. One thread.
 */
#include "figure.h"

#include "amounts.h"

#include <inttypes.h>

const char *figure_points(struct cli *cli, int64_t centi)
{
    char *text = cli_take(cli, AMOUNT_TEXT_BYTES, 1);
    amount_format_points(centi, text);
    return text;
}

const char *figure_part(struct cli *cli, const char *before, size_t count, const char *after)
{
    return count == 0 ? "" : cli_format(cli, "%s%zu%s", before, count, after);
}

const char *figure_persons(struct cli *cli, uint64_t persons)
{
    return cli_format(
        cli,
        TEXT(cli, "%" PRIu64 " 人", persons == 1 ? "%" PRIu64 " person" : "%" PRIu64 " persons"),
        persons);
}

const char *figure_person_times(struct cli *cli, uint64_t times)
{
    return cli_format(cli,
                      TEXT(cli, "%" PRIu64 " 人次",
                           times == 1 ? "%" PRIu64 " person-time" : "%" PRIu64 " person-times"),
                      times);
}

const char *figure_minutes(struct cli *cli, int64_t minutes)
{
    char *text = cli_take(cli, AMOUNT_TEXT_BYTES, 1);
    amount_format_minutes(cli->is_chinese, minutes, text);
    return text;
}
