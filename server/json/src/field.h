/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What printing and parsing must know of a field: its JSON name, the size of its values. Pure.
 */
#ifndef JSON_FIELD_H
#define JSON_FIELD_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The JSON name is made of the field's as protoc does it: '_' goes, and a small letter after it
 * becomes a capital; "price_centi" is "priceCenti". This is its next character, NUL at its end;
 * *name goes on behind it. */
static inline char field_name_next(const char **name)
{
    bool is_after_underscore = false;
    while (**name == '_') {
        is_after_underscore = true;
        (*name)++;
    }
    const char next = **name;
    if (next == '\0') {
        return '\0';
    }
    (*name)++;
    return is_after_underscore && next >= 'a' && next <= 'z' ? (char)(next - 'a' + 'A') : next;
}

/* Is `text` the JSON name of the field that is called so? */
static inline bool field_name_is_json(const char *name, const char *text)
{
    char next = '\0';
    do {
        next = field_name_next(&name);
        if (next != *text++) {
            return false;
        }
    } while (next != '\0');
    return true;
}

/* The JSON name, cut at the room, with its NUL. */
void field_name_write(const ProtobufCFieldDescriptor *field, char *text, size_t room);

/* How large a value is in the array of a repeated field. */
size_t field_value_bytes(const ProtobufCFieldDescriptor *field);

#endif
