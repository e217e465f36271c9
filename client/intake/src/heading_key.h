/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is left of a heading when all that does not matter is taken off; equal keys are the same
 * heading. Private to intake. Pure; safe from any thread.
 */
#ifndef INTAKE_HEADING_KEY_H
#define INTAKE_HEADING_KEY_H

#include "base/bytes.h"

#define HEADING_BYTES_MAX 180 /* a longer text is no heading: equal to none, not even itself */

struct heading_key {
    size_t size; /* SIZE_MAX: no heading */
    char text[HEADING_BYTES_MAX];
};

void heading_key_init(struct heading_key *key, const char *text);
void heading_key_init_bytes(struct heading_key *key, struct bytes text);
/* Blank ones are not equal. */
bool heading_key_equal(const struct heading_key *a, const struct heading_key *b);
bool heading_key_is_blank(const struct heading_key *key);

#endif
