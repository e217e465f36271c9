/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * JSON from any message of the protocol, by protobuf-c's descriptors. Pure.
 */
#include "json_message.h"

#include "base/date.h"
#include "lovebank/result.h"
#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static json_t *json_of_bytes(const ProtobufCBinaryData *bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc(bytes->len * 2 + 1);
    if (text == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < bytes->len; i++) {
        text[2 * i] = digits[bytes->data[i] >> 4];
        text[2 * i + 1] = digits[bytes->data[i] & 15];
    }
    json_t *json = json_stringn(text, bytes->len * 2);
    free(text);
    return json;
}

static bool json_is_day(const char *name)
{
    size_t size = strlen(name);
    return strcmp(name, "day") == 0 || (size > 4 && strcmp(name + size - 4, "_day") == 0);
}

static json_t *json_of_int32(const char *name, int32_t value)
{
    char text[DATE_TEXT_BYTES];
    if (!json_is_day(name) || value < DATE_DAY_MIN || value > DATE_DAY_MAX) {
        return json_integer(value);
    }
    date_format(value, text);
    return json_string(text);
}

/* Members and cards are known by all their digits, zeros in front included. 0: a plain number. */
static int json_digits(const char *name)
{
    static const struct {
        const char *name;
        int digits;
    } numbers[] = {{"member", 8}, {"card", 10}, {"new_card", 10}, {"assigned_card", 10}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (strcmp(numbers[i].name, name) == 0) {
            return numbers[i].digits;
        }
    }
    return 0;
}

static json_t *json_of_uint64(const char *name, uint64_t value)
{
    int digits = json_digits(name);
    return digits == 0 ? json_integer((json_int_t)value)
                       : json_sprintf("%0*" PRIu64, digits, value);
}

static json_t *json_of_enum(const ProtobufCFieldDescriptor *field, int value)
{
    const ProtobufCEnumValue *named =
        protobuf_c_enum_descriptor_get_value(field->descriptor, value);
    return named == NULL ? json_integer(value) : json_string(named->name);
}

/* One value of a field. Only the types that proto/ uses. */
static json_t *json_of_value(const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_of_int32(field->name, *(const int32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return json_integer(*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return json_of_uint64(field->name, *(const uint64_t *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return json_of_enum(field, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return json_string(*(const char *const *)at);
    case PROTOBUF_C_TYPE_BYTES:
        return json_of_bytes(at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return json_of_message(*(const ProtobufCMessage *const *)at);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return json_null();
    }
    return json_null();
}

static size_t json_value_bytes(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    }
    return 4;
}

static const void *json_at(const ProtobufCMessage *message, unsigned offset)
{
    return (const uint8_t *)message + offset;
}

static json_t *json_of_list(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    size_t count = *(const size_t *)json_at(message, field->quantifier_offset);
    const uint8_t *values = *(const uint8_t *const *)json_at(message, field->offset);
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < count; i++) {
        json_t *value = json_of_value(field, values + i * json_value_bytes(field->type));
        if (json_array_append_new(list, value) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* has_x beside x, false: x says nothing. */
static bool json_is_switched_off(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const char *other = type->fields[i].name;
        size_t size = strlen(other);
        if (strncmp(other, "has_", 4) == 0 && strncmp(name, other + 4, size - 4) == 0 &&
            (name[size - 4] == '\0' || name[size - 4] == '_')) {
            return !*(const protobuf_c_boolean *)json_at(message, type->fields[i].offset);
        }
    }
    return false;
}

static bool json_is_left_out(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *at = json_at(message, field->offset);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        return *(const uint32_t *)json_at(message, field->quantifier_offset) != field->id;
    }
    if (strncmp(field->name, "has_", 4) == 0 || json_is_switched_off(message, field->name)) {
        return true;
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return *(const size_t *)json_at(message, field->quantifier_offset) == 0;
    }
    if (field->type == PROTOBUF_C_TYPE_UINT64 && json_digits(field->name) != 0) {
        return *(const uint64_t *)at == 0; /* no member, no card */
    }
    if (strcmp(field->name, "closed_day") == 0) {
        return *(const int32_t *)at == 0; /* not closed */
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)at;
        return text == NULL || text[0] == '\0';
    }
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        return *(const void *const *)at == NULL;
    }
    return field->type == PROTOBUF_C_TYPE_BYTES && ((const ProtobufCBinaryData *)at)->len == 0;
}

json_t *json_of_message(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    json_t *object = json_object();
    for (unsigned i = 0; object != NULL && i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (json_is_left_out(message, field)) {
            continue;
        }
        json_t *value = field->label == PROTOBUF_C_LABEL_REPEATED
                            ? json_of_list(message, field)
                            : json_of_value(field, json_at(message, field->offset));
        if (json_object_set_new(object, field->name, value) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

json_t *json_of_stored_entry(const ProtobufCMessage *message)
{
    const Lovebank__V1__StoredEntry *stored = (const Lovebank__V1__StoredEntry *)message;
    Lovebank__V1__Entry *entry =
        lovebank__v1__entry__unpack(NULL, stored->packed.len, stored->packed.data);
    if (entry == NULL) {
        return NULL;
    }
    json_t *object = json_of_message(&entry->base);
    lovebank__v1__entry__free_unpacked(entry, NULL);
    const char *memo = stored->memo == NULL ? "" : stored->memo;
    if (object != NULL &&
        (json_object_set_new(object, "reversed_by",
                             json_integer((json_int_t)stored->reversed_by)) ||
         json_object_set_new(object, "settled_by", json_integer((json_int_t)stored->settled_by)) ||
         json_object_set_new(object, "memo", json_string(memo)))) {
        json_decref(object);
        return NULL;
    }
    return object;
}
