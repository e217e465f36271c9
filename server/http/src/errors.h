/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What goes wrong, as the Connect protocol says it: a code, a sentence, the result behind it.
 * Pure.
 */
#ifndef HTTP_SRC_ERRORS_H
#define HTTP_SRC_ERRORS_H

#include "lovebank/frame.h"
#include "lovebank/result.h"
#include "text.h"

#include <stdint.h>

/* The codes of the protocol that occur here. */
enum http_code {
    HTTP_CODE_UNKNOWN,
    HTTP_CODE_INVALID_ARGUMENT,
    HTTP_CODE_DEADLINE_EXCEEDED,
    HTTP_CODE_NOT_FOUND,
    HTTP_CODE_ALREADY_EXISTS,
    HTTP_CODE_PERMISSION_DENIED,
    HTTP_CODE_RESOURCE_EXHAUSTED,
    HTTP_CODE_FAILED_PRECONDITION,
    HTTP_CODE_ABORTED,
    HTTP_CODE_UNIMPLEMENTED,
    HTTP_CODE_INTERNAL,
    HTTP_CODE_UNAVAILABLE,
    HTTP_CODE_DATA_LOSS,
    HTTP_CODE_UNAUTHENTICATED,
};

#define HTTP_ERROR_BYTES_MAX 4096 /* of an error as JSON */

/* result 0: there is none, zh and en say it. Otherwise they may be NULL: the result's own sentence.
 */
struct http_error {
    enum http_code code;
    int status; /* of HTTP; 0: the code's */
    uint32_t result;
    uint32_t number_count;
    int64_t numbers[LB_FRAME_ERROR_NUMBERS_MAX];
    const char *zh;
    const char *en;
};

/* "unavailable" */
const char *http_code_name(enum http_code code);
/* The protocol's table of codes and HTTP's. */
int http_code_status(enum http_code code);
/* A number of the result list, or a newer one. */
enum http_code http_code_of_result(uint32_t result);

/* Of a result. */
struct http_error http_error_of(enum lb_result result);
/* Of the payload of an error frame. */
struct http_error http_error_of_frame(struct bytes payload);
int http_error_status(const struct http_error *error);
/* {"code":…,"message":…,"details":[…]}, of HTTP_ERROR_BYTES_MAX at most. */
void http_error_print(const struct http_error *error, struct http_text *out);

#endif
