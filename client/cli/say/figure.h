/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Figures with their units as sentences have them, in memory of the arena. One thread.
 */
#ifndef CLI_FIGURE_H
#define CLI_FIGURE_H

#include "cli.h"

/* "12.5", in memory of the arena; and "3 小时". */
const char *figure_points(struct cli *cli, int64_t centi);
const char *figure_minutes(struct cli *cli, int64_t minutes);
/* "，被拒绝 2 行": the count between two words; "" for 0. In memory of the arena. */
const char *figure_part(struct cli *cli, const char *before, size_t count, const char *after);
/* "1 person", "2 persons"; "3 人次". In memory of the arena. */
const char *figure_persons(struct cli *cli, uint64_t persons);
const char *figure_person_times(struct cli *cli, uint64_t times);

#endif
