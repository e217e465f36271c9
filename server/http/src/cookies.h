/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who a request says it is from: the header Authorization and the two cookies. Pure.
 */
#ifndef HTTP_SRC_COOKIES_H
#define HTTP_SRC_COOKIES_H

#include "http/http.h"
#include "text.h"

#define HTTP_COOKIES_BYTES_MAX 512 /* of the lines of both */

/* Each may be NULL. LB_OK; LB_SESSION_EXPIRED: Authorization holds no token of ours. has_cookies: a
 * browser sent one of ours by itself, used or not. */
LB_MUST_CHECK enum lb_result http_credentials_read(const char *authorization, const char *cookie,
                                                   struct http_credentials *credentials,
                                                   bool *has_cookies);

/* The lines of header, each with its line end, by which a reply changes cookies. */
void http_cookies_print(const struct http_reply *reply, struct http_text *out);

#endif
