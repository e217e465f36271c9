/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is wrong with a text: where, which value, what is allowed, in both languages. What comes
 * from the text is shortened, and its control characters are '?'. Pure.
 */
#ifndef JSON_PROBLEM_H
#define JSON_PROBLEM_H

#include "json/json.h"

#include <jansson.h>
#include <stddef.h>

/* A place in the text: a chain up to the outermost object, which has no parent. On the stack. */
struct place {
    const struct place *parent;
    const char *key; /* as the text writes it; NULL: an element */
    size_t index;    /* of an element */
    unsigned depth;  /* of the outermost object 0 */
};

struct place place_of_key(const struct place *parent, const char *key);
struct place place_of_element(const struct place *parent, size_t index);

/* "<place>：<zh> / <place>: <en>". Returns LB_MALFORMED, for its caller to return. */
enum lb_result problem_of_place(char problem[static JSON_PROBLEM_BYTES], const struct place *place,
                                const char *zh, const char *en);

/* "<place> 是 <value>，应为<zh> / <place> is <value>, must be <en>". The same. */
enum lb_result problem_of_value(char problem[static JSON_PROBLEM_BYTES], const struct place *place,
                                const json_t *value, const char *zh, const char *en);

/* Why jansson takes no text. LB_MALFORMED; LB_MEMORY: the heap had none. */
enum lb_result problem_of_text(char problem[static JSON_PROBLEM_BYTES], const json_error_t *error);

#endif
