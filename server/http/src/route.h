/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a path names: a method, or something of the server's own. Pure.
 */
#ifndef HTTP_SRC_ROUTE_H
#define HTTP_SRC_ROUTE_H

#include "base/bytes.h"
#include "http/http.h"

#include <stdint.h>

/* Puts the places of the methods in the order of their paths. */
void http_route_order(const struct http_method *methods, size_t count, uint16_t *order);

/* The method of "/lovebank.v1.Ledger/Write"; NULL: there is none of that name. */
const struct http_method *http_route_method(const struct http_method *methods, size_t count,
                                            const uint16_t *order, struct bytes path);

/* The path without what follows a question mark. */
struct bytes http_route_path(const char *uri);
/* Decimal digits and nothing else. */
bool http_number_parse(struct bytes text, uint64_t *number);
/* The value of a number in the query: "from" of "/events?from=7". false: it is not there, or is no
 * number. */
bool http_route_number(const char *uri, const char *name, uint64_t *number);

/* It would be a method's if there were such a one: "/package.Service/Method". */
bool http_route_is_method_like(struct bytes path);

#endif
