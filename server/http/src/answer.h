/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Answers: the status line, the headers that all have, the body. They go out past evhttp, which
 * would print each header by itself, and ask for a turn of the loop first. Server's thread.
 */
#ifndef HTTP_SRC_ANSWER_H
#define HTTP_SRC_ANSWER_H

#include "base/bytes.h"
#include "errors.h"

#include <stdbool.h>

#define HTTP_ANSWER_HEAD_BYTES_MAX 2048

struct evhttp_request;
struct http_connection;

struct http_answer {
    int status;
    const char *type;  /* of the content; NULL: there is none */
    const char *cache; /* NULL: no-store */
    const char *lines; /* more headers, each with its line end; NULL: none */
    struct bytes body; /* needed during the call only; to HEAD it is measured and left out */
    bool is_lasting;   /* the body lives as long as the server, and need not be copied */
    bool is_endless;   /* it is not known how much comes */
};

/* Sends it and goes on to the connection's next request. The connection may be gone after it, and
 * the request is. */
void http_answer(struct http_connection *connection, struct evhttp_request *request,
                 const struct http_answer *answer);
/* The same for an error of the Connect protocol; one more header or NULL. */
void http_answer_error(struct http_connection *connection, struct evhttp_request *request,
                       const struct http_error *error, const char *lines);
/* The answer as text; false: it does not fit. is_last: the connection ends with it. */
bool http_answer_head(const struct http_connection *connection, const struct http_answer *answer,
                      bool is_last, struct http_text *out);
/* "Not Found"; "" of one that is not used here. */
const char *http_status_name(int status);

#endif
