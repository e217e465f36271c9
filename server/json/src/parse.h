/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the parts of json_parse share. One arena per thread.
 */
#ifndef JSON_PARSE_H
#define JSON_PARSE_H

#include "json/json.h"
#include "problem.h"

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

struct parser {
    struct arena *arena;
    char *problem; /* JSON_PROBLEM_BYTES */
};

/* A number, truth value, enum, text or bytes, as the field's type stands in a message. LB_OK,
 * LB_MALFORMED, LB_MEMORY. */
LB_MUST_CHECK enum lb_result parse_value(const struct parser *parser, const struct place *place,
                                         const json_t *value, const ProtobufCFieldDescriptor *field,
                                         void *member);

#endif
