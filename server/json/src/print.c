/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Message to text, straight from its fields into one block of the arena, which is replaced by one
 * twice as large when it is full. One arena per thread.
 */
#include "json/json.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "base64.h"
#include "field.h"

#define BLOCK_BYTES  1024
#define NUMBER_BYTES 20 /* of 64 bits, with a sign */

struct printer {
    struct arena *arena;
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* no memory: nothing is written any more */
};

/* --- bytes ------------------------------------------------------------------------------------ */

/* Room for so many bytes behind what is written. NULL: there is none. */
static uint8_t *printer_room(struct printer *printer, size_t bytes)
{
    if (bytes <= printer->capacity - printer->size) {
        return printer->data + printer->size;
    }
    size_t wanted = 0;
    uint8_t *data = NULL;
    if (!printer->failed && !__builtin_add_overflow(printer->size, bytes, &wanted) &&
        wanted <= SIZE_MAX / 2) {
        wanted = wanted * 2 > BLOCK_BYTES ? wanted * 2 : BLOCK_BYTES;
        data = arena_take(printer->arena, wanted);
    }
    if (data == NULL) {
        printer->failed = true;
        printer->capacity = printer->size; /* no room, whatever comes */
        return NULL;
    }
    if (printer->size > 0) {
        memcpy(data, printer->data, printer->size);
    }
    printer->data = data;
    printer->capacity = wanted;
    return data + printer->size;
}

static void print_bytes(struct printer *printer, const void *data, size_t size)
{
    uint8_t *room = printer_room(printer, size);
    if (room != NULL && size > 0) {
        memcpy(room, data, size);
        printer->size += size;
    }
}

static void print_character(struct printer *printer, char character)
{
    uint8_t *room = printer_room(printer, 1);
    if (room != NULL) {
        *room = (uint8_t)character;
        printer->size++;
    }
}

static void print_literal(struct printer *printer, const char *text)
{
    print_bytes(printer, text, strlen(text));
}

/* --- values ----------------------------------------------------------------------------------- */

static void print_unsigned(struct printer *printer, uint64_t number, bool is_negative)
{
    char digits[NUMBER_BYTES];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    if (is_negative) {
        digits[--at] = '-';
    }
    print_bytes(printer, digits + at, sizeof(digits) - at);
}

static void print_signed(struct printer *printer, int64_t number)
{
    print_unsigned(printer, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0);
}

static void print_enum(struct printer *printer, const ProtobufCEnumDescriptor *descriptor,
                       int number)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(descriptor, number);
    if (known == NULL) {
        print_signed(printer, number);
        return;
    }
    print_character(printer, '"');
    print_literal(printer, known->name);
    print_character(printer, '"');
}

static void print_base64(struct printer *printer, const ProtobufCBinaryData *data)
{
    const size_t size = base64_text_size(data->len);
    print_character(printer, '"');
    uint8_t *room = printer_room(printer, size);
    if (room != NULL) {
        base64_encode(bytes_of(data->data, data->len), room);
        printer->size += size;
    }
    print_character(printer, '"');
}

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

static void print_escaped(struct printer *printer, uint8_t character)
{
    static const char hex[] = "0123456789abcdef";
    static const char short_of[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                    ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    if (character < sizeof(short_of) && short_of[character] != '\0') {
        print_bytes(printer, (const char[]){'\\', short_of[character]}, 2);
        return;
    }
    const char escape[] = {'\\', 'u', '0', '0', hex[character >> 4], hex[character & 15]};
    print_bytes(printer, escape, sizeof(escape));
}

/* The characters that stand as they are, up to the next that does not. */
static struct bytes take_plain(struct bytes *left)
{
    struct bytes plain = {left->data, 0};
    uint32_t code_point = 0;
    for (;;) {
        if (left->size > 0 && is_plain(left->data[0])) {
            left->data++;
            left->size--;
        } else if (left->size == 0 || left->data[0] < 0x80 || !utf8_next(left, &code_point)) {
            break;
        }
    }
    plain.size = (size_t)(left->data - plain.data);
    return plain;
}

/* protobuf-c does not look at texts it unpacks: what is not UTF-8 becomes U+FFFD. NULL is to it an
 * empty text. */
static void print_string(struct printer *printer, const char *text)
{
    struct bytes left = bytes_of_text(text == NULL ? "" : text);
    print_character(printer, '"');
    while (left.size > 0) {
        const struct bytes plain = take_plain(&left);
        print_bytes(printer, plain.data, plain.size);
        if (left.size > 0) {
            if (left.data[0] >= 0x80) {
                print_literal(printer, "\xef\xbf\xbd");
            } else {
                print_escaped(printer, left.data[0]);
            }
            left.data++;
            left.size--;
        }
    }
    print_character(printer, '"');
}

/* --- messages --------------------------------------------------------------------------------- */

static void print_message(struct printer *printer, const ProtobufCMessage *message);

static void print_value(struct printer *printer, const ProtobufCFieldDescriptor *field,
                        const void *member)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        print_signed(printer, *(const int32_t *)member);
        return;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        print_unsigned(printer, *(const uint32_t *)member, false);
        return;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        print_character(printer, '"'); /* a string: JavaScript's numbers do not hold 64 bits */
        print_signed(printer, *(const int64_t *)member);
        print_character(printer, '"');
        return;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        print_character(printer, '"');
        print_unsigned(printer, *(const uint64_t *)member, false);
        print_character(printer, '"');
        return;
    case PROTOBUF_C_TYPE_BOOL:
        print_literal(printer, *(const protobuf_c_boolean *)member ? "true" : "false");
        return;
    case PROTOBUF_C_TYPE_ENUM:
        print_enum(printer, field->descriptor, *(const int *)member);
        return;
    case PROTOBUF_C_TYPE_STRING:
        print_string(printer, *(char *const *)member);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        print_base64(printer, member);
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        print_message(printer, *(ProtobufCMessage *const *)member);
        return;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    LB_ASSERT(field->type != PROTOBUF_C_TYPE_FLOAT && field->type != PROTOBUF_C_TYPE_DOUBLE);
}

/* Has a single field, outside of a oneof, its default value? */
static bool is_default(const ProtobufCFieldDescriptor *field, const void *member)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return *(const uint32_t *)member == 0;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return *(const uint64_t *)member == 0;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)member == 0;
    case PROTOBUF_C_TYPE_ENUM:
        return *(const int *)member == 0;
    case PROTOBUF_C_TYPE_STRING:
        return *(char *const *)member == NULL || **(char *const *)member == '\0';
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)member)->len == 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(ProtobufCMessage *const *)member == NULL;
    }
    return false;
}

/* protobuf-c takes a member of a oneof that is no pointer for one that is not there. */
static bool points_nowhere(const ProtobufCFieldDescriptor *field, const void *member)
{
    return (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE) &&
           *(void *const *)member == NULL;
}

static bool is_present(const ProtobufCFieldDescriptor *field, const uint8_t *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return *(const size_t *)(message + field->quantifier_offset) > 0;
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        return *(const uint32_t *)(message + field->quantifier_offset) == field->id &&
               !points_nowhere(field, message + field->offset);
    }
    return !is_default(field, message + field->offset);
}

static void print_array(struct printer *printer, const ProtobufCFieldDescriptor *field,
                        const uint8_t *message)
{
    const size_t count = *(const size_t *)(message + field->quantifier_offset);
    const uint8_t *elements = *(uint8_t *const *)(message + field->offset);
    const size_t bytes = field_value_bytes(field);
    print_character(printer, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            print_character(printer, ',');
        }
        print_value(printer, field, elements + i * bytes);
    }
    print_character(printer, ']');
}

/* "priceCenti": */
static void print_name(struct printer *printer, const char *name)
{
    uint8_t *room = printer_room(printer, strlen(name) + 3);
    if (room == NULL) {
        return;
    }
    uint8_t *at = room;
    *at++ = '"';
    for (char next = field_name_next(&name); next != '\0'; next = field_name_next(&name)) {
        *at++ = (uint8_t)next;
    }
    *at++ = '"';
    *at++ = ':';
    printer->size += (size_t)(at - room);
}

static void print_message(struct printer *printer, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const uint8_t *base = (const uint8_t *)message;
    char separator = '{';
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (!is_present(field, base)) {
            continue;
        }
        print_character(printer, separator);
        separator = ',';
        print_name(printer, field->name);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            print_array(printer, field, base);
        } else {
            print_value(printer, field, base + field->offset);
        }
    }
    print_literal(printer, separator == '{' ? "{}" : "}");
}

enum lb_result json_print(const ProtobufCMessage *message, struct arena *arena, struct bytes *text)
{
    struct printer printer = {.arena = arena};
    *text = (struct bytes){NULL, 0};
    print_message(&printer, message);
    if (printer.failed) {
        return LB_MEMORY;
    }
    *text = bytes_of(printer.data, printer.size);
    return LB_OK;
}
