/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What can be said of a cell without its column. Private to intake. Pure; safe from any thread.
 */
#ifndef INTAKE_CELL_H
#define INTAKE_CELL_H

#include "base/bytes.h"

#include <stdbool.h>

/* No U+FFFD, and no control characters but tab and line end, which cleaning takes for spaces. */
bool cell_is_text(struct bytes cell);
/* Nothing, or nothing that can be seen. */
bool cell_is_blank(struct bytes cell);
/* ="0012" is how programs keep Excel from taking a text for a number: the text is 0012. */
struct bytes cell_unwrap_formula(struct bytes cell);

#endif
