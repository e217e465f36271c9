/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sentences about a text. A place is at most PLACE_BYTES, a value VALUE_BYTES, what is allowed less
 * than 100 a language: together less than JSON_PROBLEM_BYTES. Pure.
 */
#include "problem.h"

#include "base/utf8.h"

#include <stdio.h>

#define PLACE_BYTES 128
#define PIECE_BYTES 48 /* a key, or a text, that is shown */
#define VALUE_BYTES 64

struct place place_of_key(const struct place *parent, const char *key)
{
    return (struct place){parent, key, 0, parent->depth + 1};
}

struct place place_of_element(const struct place *parent, size_t index)
{
    return (struct place){parent, NULL, index, parent->depth + 1};
}

/* A text as it is shown: whole characters, "..." where it was cut. */
static void piece_write(struct bytes text, char piece[static PIECE_BYTES])
{
    const size_t room = PIECE_BYTES - sizeof("...");
    size_t used = 0;
    while (text.size > 0) {
        struct bytes left = text;
        uint32_t code_point = 0;
        bool is_text = utf8_next(&left, &code_point);
        const size_t size = is_text ? text.size - left.size : 1;
        is_text = is_text && utf8_is_text(bytes_of(text.data, size), 0);
        if (used + size > room) {
            memcpy(piece + used, "...", 3);
            used += 3;
            break;
        }
        if (is_text) {
            memcpy(piece + used, text.data, size);
        } else {
            piece[used] = '?';
        }
        used += is_text ? size : 1;
        text.data += size;
        text.size -= size;
    }
    piece[used] = '\0';
}

/* "commands[3].memo"; cut at its end. Returns its length. */
static size_t place_write(const struct place *place, char text[static PLACE_BYTES])
{
    size_t used = place->parent == NULL ? 0 : place_write(place->parent, text);
    char piece[PIECE_BYTES];
    int length = 0;
    if (place->parent == NULL) {
        text[0] = '\0';
    } else if (place->key == NULL) {
        length = snprintf(text + used, PLACE_BYTES - used, "[%zu]", place->index);
    } else {
        piece_write(bytes_of_text(*place->key == '\0' ? "\"\"" : place->key), piece);
        length = snprintf(text + used, PLACE_BYTES - used, "%s%s", used == 0 ? "" : ".", piece);
    }
    used += length > 0 ? (size_t)length : 0;
    return used < PLACE_BYTES ? used : PLACE_BYTES - 1;
}

static const char *place_or_all(const char *place)
{
    return *place == '\0' ? "JSON" : place;
}

static void value_write(const json_t *value, char text[static VALUE_BYTES])
{
    char piece[PIECE_BYTES];
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        (void)snprintf(text, VALUE_BYTES, "{...}");
        break;
    case JSON_ARRAY:
        (void)snprintf(text, VALUE_BYTES, "[...]");
        break;
    case JSON_STRING:
        piece_write(bytes_of(json_string_value(value), json_string_length(value)), piece);
        (void)snprintf(text, VALUE_BYTES, "\"%s\"", piece);
        break;
    case JSON_INTEGER:
        (void)snprintf(text, VALUE_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        (void)snprintf(text, VALUE_BYTES, "%.17g", json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        (void)snprintf(text, VALUE_BYTES, json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
        (void)snprintf(text, VALUE_BYTES, "null");
        break;
    }
}

enum lb_result problem_of_place(char problem[static JSON_PROBLEM_BYTES], const struct place *place,
                                const char *zh, const char *en)
{
    char where[PLACE_BYTES];
    (void)place_write(place, where);
    (void)snprintf(problem, JSON_PROBLEM_BYTES, "%s：%s / %s: %s", place_or_all(where), zh,
                   place_or_all(where), en);
    return LB_MALFORMED;
}

enum lb_result problem_of_value(char problem[static JSON_PROBLEM_BYTES], const struct place *place,
                                const json_t *value, const char *zh, const char *en)
{
    char where[PLACE_BYTES];
    char what[VALUE_BYTES];
    (void)place_write(place, where);
    value_write(value, what);
    (void)snprintf(problem, JSON_PROBLEM_BYTES, "%s 是 %s，应为%s / %s is %s, must be %s",
                   place_or_all(where), what, zh, place_or_all(where), what, en);
    return LB_MALFORMED;
}

/* Why, by jansson's code. */
struct problem_words {
    const char *zh;
    const char *en;
};

static struct problem_words problem_words_of(const json_error_t *error)
{
    /* Not a switch: the few that a text can cause. */
    const enum json_error_code code = json_error_code(error);
    if (code == json_error_invalid_utf8) {
        return (struct problem_words){"不是 UTF-8", "not UTF-8"};
    }
    if (code == json_error_duplicate_key) {
        return (struct problem_words){"同一字段写了两次", "a field is given twice"};
    }
    if (code == json_error_null_byte_in_key) {
        return (struct problem_words){"字段名里有 \\u0000", "a field's name holds \\u0000"};
    }
    if (code == json_error_numeric_overflow) {
        return (struct problem_words){"数太大，请写成字符串",
                                      "the number is too large, write it as a string"};
    }
    if (code == json_error_stack_overflow) {
        return (struct problem_words){"嵌套太深", "nested too deeply"};
    }
    if (code == json_error_premature_end_of_input) {
        return (struct problem_words){"没有写完", "it ends too early"};
    }
    return (struct problem_words){"不是正确的 JSON", "not well-formed JSON"};
}

enum lb_result problem_of_text(char problem[static JSON_PROBLEM_BYTES], const json_error_t *error)
{
    if (error->text[0] == '\0') {
        return LB_MEMORY; /* for which alone jansson has no words */
    }
    const struct problem_words words = problem_words_of(error);
    (void)snprintf(problem, JSON_PROBLEM_BYTES,
                   "第 %d 行第 %d 个字符：%s / line %d, character %d: %s", error->line,
                   error->column, words.zh, error->line, error->column, words.en);
    return LB_MALFORMED;
}
