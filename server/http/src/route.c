/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Paths. Pure.
 */
#include "route.h"

#include <string.h>

static int path_compare(struct bytes path, const char *method)
{
    return bytes_compare(path, bytes_of_text(method));
}

void http_route_order(const struct http_method *methods, size_t count, uint16_t *order)
{
    for (size_t i = 0; i < count; i++) {
        size_t place = i;
        while (place > 0 && strcmp(methods[order[place - 1]].path, methods[i].path) > 0) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = (uint16_t)i;
    }
}

const struct http_method *http_route_method(const struct http_method *methods, size_t count,
                                            const uint16_t *order, struct bytes path)
{
    size_t low = 0;
    size_t high = count;
    if (path.size == 0 || path.data[0] != '/') {
        return NULL;
    }
    path = bytes_of(path.data + 1, path.size - 1);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct http_method *method = &methods[order[middle]];
        const int side = path_compare(path, method->path);
        if (side == 0) {
            return method;
        }
        if (side < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

struct bytes http_route_path(const char *uri)
{
    return bytes_of(uri, strcspn(uri, "?#"));
}

bool http_number_parse(struct bytes text, uint64_t *number)
{
    uint64_t value = 0;
    if (text.size == 0) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        const uint8_t digit = (uint8_t)(text.data[i] - '0');
        if (digit > 9 || __builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit, &value)) {
            return false;
        }
    }
    *number = value;
    return true;
}

bool http_route_number(const char *uri, const char *name, uint64_t *number)
{
    const size_t size = strlen(name);
    const char *query = strchr(uri, '?');
    while (query != NULL && *query != '\0') {
        query++;
        const size_t pair = strcspn(query, "&#");
        if (pair > size && memcmp(query, name, size) == 0 && query[size] == '=') {
            return http_number_parse(bytes_of(query + size + 1, pair - size - 1), number);
        }
        query = query[pair] == '&' ? query + pair : NULL;
    }
    return false;
}

bool http_route_is_method_like(struct bytes path)
{
    const uint8_t *second = path.size < 2 ? NULL : memchr(path.data + 1, '/', path.size - 1);
    return second != NULL && memchr(path.data + 1, '.', (size_t)(second - path.data) - 1) != NULL &&
           memchr(second + 1, '/', (size_t)(path.data + path.size - second) - 1) == NULL;
}
