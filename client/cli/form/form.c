/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Forms: their columns, texts, and the first thing that is wrong. Numbers, days and times are read
 * in form_values.c; members, names and lists in form_names.c. One thread.
 */
#include "form.h"

#include "sentence.h"
#include "words.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "text/text.h"

#include <string.h>

#define FORM_NAME_BYTES_MAX (LB_MEMO_BYTES_MAX + 1) /* how long it may be, the server says */

size_t form_find_column(const struct form *form, const char *column)
{
    for (size_t i = 0; i < form->column_count; i++) {
        if (strcmp(form->columns[i].name, column) == 0) {
            return i;
        }
    }
    return FORM_NO_COLUMN;
}

const char *form_value(const struct form_build *build, const char *column)
{
    size_t i = form_find_column(build->form, column);
    return i == FORM_NO_COLUMN || build->values[i] == NULL ? "" : build->values[i];
}

bool form_has(const struct form_build *build, const char *column)
{
    return form_value(build, column)[0] != '\0';
}

/* Is a column of the list "card|name" filled in? */
static bool form_has_one_of(const struct form_build *build, const char *columns)
{
    char names[64];
    char *rest = names;
    char *name;
    LB_ASSERT(strlen(columns) < sizeof(names));
    memcpy(names, columns, strlen(columns) + 1);
    while ((name = strsep(&rest, "|")) != NULL) {
        if (form_has(build, name)) {
            return true;
        }
    }
    return false;
}

static bool form_is_required(const struct form_build *build, const char *column)
{
    size_t i = form_find_column(build->form, column);
    if (i == FORM_NO_COLUMN) {
        return false;
    }
    const struct cli_option *option = &build->form->columns[i];
    bool may_differ = build->file != NULL && option->instead != NULL;
    return (option->is_required || (build->file != NULL && option->is_file_required)) &&
           !(may_differ && form_has_one_of(build, option->instead));
}

void form_complain(struct form_build *build, const char *column, struct cli_text reason)
{
    if (!build->complaint.is_set) {
        build->complaint = (struct complaint){.is_set = true,
                                              .result = LB_FIELD_INVALID,
                                              .column = column,
                                              .value = form_value(build, column),
                                              .reason = reason};
    }
}

void form_complain_result(struct form_build *build, const char *column, int result, int64_t a,
                          int64_t b)
{
    if (!build->complaint.is_set) {
        form_complain(build, column, (struct cli_text){0});
        build->complaint.result = result;
        build->complaint.numbers[0] = a;
        build->complaint.numbers[1] = b;
    }
}

void form_complain_fault(struct form_build *build, const char *column, enum value_fault fault)
{
    if (fault == VALUE_NOT_A_DATE) {
        form_complain_result(build, column, LB_DATE_INVALID, 0, 0);
        return;
    }
    form_complain(build, column,
                  (struct cli_text){value_fault_text(fault, true), value_fault_text(fault, false)});
}

const char *complaint_sentence(struct cli *cli, const struct complaint *complaint)
{
    if (complaint->reason.zh != NULL) {
        return cli_choose(cli, complaint->reason);
    }
    bool is_date = complaint->result == LB_DATE_INVALID;
    char *sentence = cli_take(cli, SENTENCE_BYTES_MAX, 1);
    sentence_format(sentence, SENTENCE_BYTES_MAX, cli->is_chinese, complaint->result,
                    complaint->numbers,
                    is_date ? cli_cut(cli, complaint->value) : complaint->column);
    return sentence;
}

const char *form_given(struct form_build *build, const char *column)
{
    const char *value = form_value(build, column);
    if (value[0] != '\0') {
        return value;
    }
    if (form_is_required(build, column)) {
        form_complain_result(build, column, LB_FIELD_MISSING, 0, 0);
    }
    return NULL;
}

void *form_new(struct form_build *build, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = cli_take(build->cli, 1, type->sizeof_message);
    protobuf_c_message_init(type, message);
    return message;
}

void form_build(struct form_build *build)
{
    LB_ASSERT(build->form->build != NULL);
    build->command = form_new(build, &lovebank__v1__command__descriptor);
    build->command->desk = build->cli->desk;
    build->complaint = (struct complaint){0};
    build->target_row = FORM_NO_ROW;
    build->form->build(build);
    LB_ASSERT(build->complaint.is_set || build->command->act_case != 0);
}

/* The value as text. NULL: not given, or no text, which is then the complaint. */
static const char *form_given_text(struct form_build *build, const char *column)
{
    const char *value = form_given(build, column);
    if (value != NULL && !utf8_is_text(bytes_of_text(value), UTF8_ALLOW_NEWLINE)) {
        form_complain_result(build, column, LB_TEXT_INVALID, 0, 0);
        return NULL;
    }
    return value;
}

char *form_text(struct form_build *build, const char *column)
{
    const char *value = form_given_text(build, column);
    struct bytes text = bytes_of_text(value == NULL ? "" : value);
    unsigned changes;
    /* What somebody types is meant so; a cell has come a long way. */
    if (build->file != NULL && !text_clean(&build->cli->arena, text, &text, &changes)) {
        form_complain_result(build, column, LB_MEMORY, 0, 0);
    }
    char *copy = cli_take(build->cli, text.size + 1, 1);
    if (text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    return copy;
}

char *form_name(struct form_build *build, const char *column)
{
    const char *value = form_given_text(build, column);
    char *name = cli_take(build->cli, FORM_NAME_BYTES_MAX, 1);
    if (value == NULL) {
        return name;
    }
    if (build->file == NULL && !utf8_is_text(bytes_of_text(value), 0)) {
        form_complain_result(build, column, LB_TEXT_INVALID, 0, 0); /* typed, it was meant so */
        return name;
    }
    enum value_fault fault = value_name(value, name, FORM_NAME_BYTES_MAX);
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
        name[0] = '\0';
    }
    return name;
}

bool form_yes(struct form_build *build, const char *column)
{
    bool yes = false;
    const char *value = form_given(build, column);
    if (value != NULL && !words_find_yes_no(value, &yes)) {
        form_complain(build, column, (struct cli_text){"请写 yes 或 no", "write yes or no"});
    }
    return yes;
}
