/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What stands between the cells of a file. Private to intake. Pure; safe from any thread.
 */
#ifndef INTAKE_DELIMITER_H
#define INTAKE_DELIMITER_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>

/* The line in which a program tells Excel the delimiter: sep=; */
LB_MUST_CHECK bool delimiter_read_line(struct bytes line, char *delimiter);

/* ',', ';' or '\t': the one that most of the first lines have; ',' when none has any. */
char delimiter_detect(struct bytes text);

#endif
