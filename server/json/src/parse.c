/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Text to message: jansson's tree is walked by the message's descriptor. Values of single fields:
 * parse_value.c. One arena per thread.
 */
#include "parse.h"

#include "field.h"

#include <stdio.h>

#define DEPTH_MAX  64 /* objects and arrays in each other, in what is no unknown field */
#define NAME_BYTES 48

/* What jansson takes for them, rounded up: 314 MiB for 4 MiB of "[{},{},..." where none is counted.
 */
#define TREE_BYTES_MAX    ((size_t)64 << 20)
#define TREE_OBJECT_BYTES 256
#define TREE_ARRAY_BYTES  160
#define TREE_VALUE_BYTES  96 /* and a key: with the sign before it */

static enum lb_result parse_message(const struct parser *parser, const struct place *place,
                                    json_t *object, const ProtobufCMessageDescriptor *descriptor,
                                    ProtobufCMessage **out);

/* One value into its place in the message, or in the array. */
static enum lb_result parse_single(const struct parser *parser, const struct place *place,
                                   json_t *value, const ProtobufCFieldDescriptor *field,
                                   void *member)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        return parse_message(parser, place, value, field->descriptor, member);
    }
    return parse_value(parser, place, value, field, member);
}

static enum lb_result parse_repeated(const struct parser *parser, const struct place *place,
                                     json_t *array, const ProtobufCFieldDescriptor *field,
                                     uint8_t *message)
{
    if (!json_is_array(array)) {
        return problem_of_value(parser->problem, place, array, "数组 [...]", "an array [...]");
    }
    const size_t count = json_array_size(array);
    const size_t bytes = field_value_bytes(field);
    uint8_t *elements = count == 0 ? NULL : arena_take_zeroed(parser->arena, count, bytes);
    if (count > 0 && elements == NULL) {
        return LB_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct place element = place_of_element(place, i);
        const enum lb_result result =
            parse_single(parser, &element, json_array_get(array, i), field, elements + i * bytes);
        if (result != LB_OK) {
            return result;
        }
    }
    *(size_t *)(message + field->quantifier_offset) = count;
    *(void **)(message + field->offset) = elements;
    return LB_OK;
}

/* There is `other`, and `place` would be a second one. */
static enum lb_result problem_of_second(const struct parser *parser, const struct place *place,
                                        const ProtobufCFieldDescriptor *other)
{
    char name[NAME_BYTES];
    char zh[NAME_BYTES + 32];
    char en[NAME_BYTES + 32];
    field_name_write(other, name, sizeof(name));
    (void)snprintf(zh, sizeof(zh), "与 %s 只能写一个", name);
    (void)snprintf(en, sizeof(en), "not together with %s", name);
    return problem_of_place(parser->problem, place, zh, en);
}

static enum lb_result parse_oneof(const struct parser *parser, const struct place *place,
                                  json_t *value, const ProtobufCFieldDescriptor *field,
                                  ProtobufCMessage *message)
{
    uint8_t *base = (uint8_t *)message;
    uint32_t *oneof_case = (uint32_t *)(base + field->quantifier_offset);
    if (*oneof_case != 0) {
        return problem_of_second(
            parser, place,
            protobuf_c_message_descriptor_get_field(message->descriptor, *oneof_case));
    }
    *oneof_case = field->id;
    return parse_single(parser, place, value, field, base + field->offset);
}

/* NULL: there is none. */
static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *descriptor,
                                                  const char *key)
{
    const bool is_json = strchr(key, '_') == NULL; /* which no JSON name has */
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const char *name = descriptor->fields[i].name;
        if (is_json ? field_name_is_json(name, key) : strcmp(name, key) == 0) {
            return &descriptor->fields[i];
        }
    }
    return NULL;
}

static enum lb_result parse_member(const struct parser *parser, const struct place *place,
                                   json_t *object, json_t *value, ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field = find_field(message->descriptor, place->key);
    if (field == NULL) {
        return problem_of_place(parser->problem, place, "没有这个字段", "there is no such field");
    }
    /* Either name alone jansson has refused to see twice. */
    if (strcmp(field->name, place->key) != 0 && json_object_get(object, field->name) != NULL) {
        return problem_of_place(parser->problem, place, "同一字段以两种名字写了两次",
                                "given twice, by both its names");
    }
    if (json_is_null(value)) {
        return LB_OK;
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return parse_repeated(parser, place, value, field, (uint8_t *)message);
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        return parse_oneof(parser, place, value, field, message);
    }
    return parse_single(parser, place, value, field, (uint8_t *)message + field->offset);
}

static enum lb_result parse_message(const struct parser *parser, const struct place *place,
                                    json_t *object, const ProtobufCMessageDescriptor *descriptor,
                                    ProtobufCMessage **out)
{
    if (!json_is_object(object)) {
        return problem_of_value(parser->problem, place, object, "对象 {...}", "an object {...}");
    }
    if (place->depth > DEPTH_MAX) {
        return problem_of_place(parser->problem, place, "嵌套太深", "nested too deeply");
    }
    ProtobufCMessage *message = arena_take(parser->arena, descriptor->sizeof_message);
    if (message == NULL) {
        return LB_MEMORY;
    }
    protobuf_c_message_init(descriptor, message);
    for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i)) {
        const struct place member = place_of_key(place, json_object_iter_key(i));
        const enum lb_result result =
            parse_member(parser, &member, object, json_object_iter_value(i), message);
        if (result != LB_OK) {
            return result;
        }
    }
    *out = message;
    return LB_OK;
}

static size_t tree_bytes_of(uint8_t sign)
{
    switch (sign) {
    case '{':
        return TREE_OBJECT_BYTES;
    case '[':
        return TREE_ARRAY_BYTES;
    case ',':
    case ':':
        return TREE_VALUE_BYTES;
    default:
        return 0;
    }
}

/* The tree of that text would take no more than a tree may. */
static bool tree_is_allowed(struct bytes text)
{
    size_t total = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.size && total <= TREE_BYTES_MAX; i++) {
        if (text.data[i] == '"') {
            in_string = !in_string;
        } else if (!in_string) {
            total += tree_bytes_of(text.data[i]);
        } else if (text.data[i] == '\\') {
            i++;
        }
    }
    return total <= TREE_BYTES_MAX;
}

enum lb_result json_parse(struct bytes text, const ProtobufCMessageDescriptor *descriptor,
                          struct arena *arena, ProtobufCMessage **message,
                          char problem[static JSON_PROBLEM_BYTES])
{
    const struct parser parser = {arena, problem};
    const struct place root = {NULL, NULL, 0, 0};
    json_error_t error;
    *message = NULL;
    problem[0] = '\0';
    if (!tree_is_allowed(text)) {
        return problem_of_place(problem, &root, "值太多，请分几次发送",
                                "too many values, send it in parts");
    }
    json_t *tree = json_loadb(text.size == 0 ? "" : (const char *)text.data, text.size,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (tree == NULL) {
        return problem_of_text(problem, &error);
    }
    const enum lb_result result = parse_message(&parser, &root, tree, descriptor, message);
    json_decref(tree);
    return result;
}
