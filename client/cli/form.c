/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Values of forms: read, checked, looked up. The first that is wrong is the complaint. One thread.
 */
#include "form.h"

#include "amounts.h"
#include "identify.h"
#include "registry.h"
#include "sentence.h"
#include "words.h"

#include "base/assert.h"
#include "base/date.h"
#include "base/utf8.h"
#include "lovebank/card.h"

#include <string.h>

static const char *form_value(const struct form_build *build, const char *column)
{
    const struct form *form = build->form;
    for (size_t i = 0; i < form->column_count; i++) {
        if (strcmp(form->columns[i].name, column) == 0) {
            const char *value = build->values[i];
            return value == NULL ? "" : value;
        }
    }
    return "";
}

static bool form_is_required(const struct form_build *build, const char *column)
{
    const struct form *form = build->form;
    for (size_t i = 0; i < form->column_count; i++) {
        if (strcmp(form->columns[i].name, column) == 0) {
            return form->columns[i].is_required;
        }
    }
    return false;
}

bool form_has(const struct form_build *build, const char *column)
{
    return form_value(build, column)[0] != '\0';
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

/* The value, or NULL when there is none, which a required column does not allow. */
static const char *form_given(struct form_build *build, const char *column)
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
    build->form->build(build);
    LB_ASSERT(build->complaint.is_set || build->command->act_case != 0);
}

char *form_text(struct form_build *build, const char *column)
{
    const char *value = form_given(build, column);
    size_t size = value == NULL ? 0 : strlen(value);
    char *text = cli_take(build->cli, size + 1, 1);
    if (value == NULL) {
        return text;
    }
    if (!utf8_is_text(bytes_of(value, size), UTF8_ALLOW_NEWLINE)) {
        form_complain_result(build, column, LB_TEXT_INVALID, 0, 0);
    }
    memcpy(text, value, size);
    return text;
}

uint64_t form_number(struct form_build *build, const char *column, uint64_t min, uint64_t max)
{
    uint64_t number = 0;
    const char *value = form_given(build, column);
    if (value != NULL && !amount_parse_number(value, min, max, &number)) {
        form_complain(build, column, range_wanted(build->cli, min, max));
        return 0;
    }
    return number;
}

int64_t form_integer(struct form_build *build, const char *column)
{
    int64_t number = 0;
    const char *value = form_given(build, column);
    if (value != NULL && !amount_parse_integer(value, &number)) {
        form_complain(build, column,
                      (struct cli_text){"不是整数。请改正", "not a whole number; correct it"});
        return 0;
    }
    return number;
}

int64_t form_decimal(struct form_build *build, const char *column, unsigned decimals)
{
    int64_t number = 0;
    const char *value = form_given(build, column);
    if (value != NULL && (!amount_parse_decimal(value, decimals, &number) || number < 0 ||
                          number > LB_POINTS_CENTI_MAX)) {
        form_complain(build, column,
                      decimals == 2 ? (struct cli_text){"不是数额。请写成 12 或 12.50",
                                                        "not an amount; write 12 or 12.50"}
                                    : (struct cli_text){"不是系数。请写成 1 或 1.5",
                                                        "not a factor; write 1 or 1.5"});
        return 0;
    }
    return number;
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

bool form_day(struct form_build *build, const char *column, int32_t *day)
{
    const char *value = form_given(build, column);
    if (value == NULL) {
        return false;
    }
    if (!date_parse(bytes_of_text(value), day)) {
        form_complain_result(build, column, LB_DATE_INVALID, 0, 0);
        return false;
    }
    return true;
}

void form_command_day(struct form_build *build, const char *column)
{
    build->command->has_day = form_day(build, column, &build->command->day);
}

bool form_clock(struct form_build *build, const char *column, uint32_t *minute)
{
    const char *value = form_given(build, column);
    if (value == NULL) {
        return false;
    }
    if (!amount_parse_clock(value, minute)) {
        form_complain(build, column,
                      (struct cli_text){"不是钟点。请写成 08:30", "not a clock time; write 08:30"});
        return false;
    }
    return true;
}

uint32_t form_minutes(struct form_build *build, const char *column)
{
    int64_t minutes = form_integer(build, column);
    if (form_has(build, column) && (minutes < 1 || minutes > LB_DAY_MINUTES)) {
        form_complain_result(build, column, LB_MINUTES_INVALID, minutes, LB_DAY_MINUTES);
        return 0;
    }
    return (uint32_t)minutes;
}

int64_t form_quantity(struct form_build *build, const char *column)
{
    int64_t quantity = form_integer(build, column);
    if (form_has(build, column) && (quantity < 1 || quantity > LB_QUANTITY_MAX)) {
        form_complain_result(build, column, LB_QUANTITY_INVALID, quantity, LB_QUANTITY_MAX);
        return 0;
    }
    return quantity;
}

uint64_t form_card(struct form_build *build, const char *column)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    if (!member_ref_parse(value, &ref) || ref.card == 0) {
        form_complain(build, column,
                      (struct cli_text){"不是卡号。卡号是 10 位数字",
                                        "not a card number; cards have 10 digits"});
        return 0;
    }
    if (!lb_card_is_valid(ref.card)) {
        form_complain_result(build, column, LB_CARD_CHECK_DIGIT, (int64_t)ref.card, 0);
    }
    return ref.card;
}

bool member_ref_parse(const char *text, Lovebank__V1__MemberRef *ref)
{
    size_t digits = strspn(text, "0123456789");
    uint64_t number = 0;
    if (text[digits] != '\0' || !amount_parse_number(text, 1, LB_CARD_MAX, &number)) {
        return false;
    }
    if (digits == 10) {
        ref->card = number;
    } else if (digits <= 8) {
        ref->member = number;
    }
    return digits == 10 || digits <= 8;
}

Lovebank__V1__MemberRef *form_member(struct form_build *build, const char *column)
{
    const char *value = form_given(build, column);
    if (value == NULL) {
        return NULL;
    }
    Lovebank__V1__MemberRef *ref = form_new(build, &lovebank__v1__member_ref__descriptor);
    if (!member_ref_parse(value, ref)) {
        form_complain(build, column,
                      (struct cli_text){"既不是卡号（10 位）也不是志愿者编号（最多 8 位）。请核对",
                                        "neither a card (10 digits) nor a member number (up to 8);"
                                        " check it"});
    } else if (ref->card != 0 && !lb_card_is_valid(ref->card)) {
        form_complain_result(build, column, LB_CARD_CHECK_DIGIT, (int64_t)ref->card, 0);
    }
    return ref;
}

Lovebank__V1__EntryRef *form_entry(struct form_build *build, const char *column, const char *kind)
{
    const char *value = form_given(build, column);
    if (value == NULL) {
        return NULL;
    }
    Lovebank__V1__EntryRef *ref = form_new(build, &lovebank__v1__entry_ref__descriptor);
    if (!build->is_sheet && amount_parse_number(value, 1, INT64_MAX, &ref->entry)) {
        return ref;
    }
    struct id id;
    if (build->is_sheet || !id_parse(bytes_of_text(value), &id)) {
        id = identify_receipt(kind, value);
    }
    ref->request_id.len = sizeof(id.bytes);
    ref->request_id.data = cli_take(build->cli, 1, sizeof(id.bytes));
    memcpy(ref->request_id.data, id.bytes, sizeof(id.bytes));
    return ref;
}

static uint64_t form_find(struct form_build *build, const char *column, enum registry_kind kind,
                          const char *value, uint64_t max)
{
    uint64_t number = 0;
    switch (registry_find(build->cli, kind, value, &number)) {
    case REGISTRY_FOUND:
        break;
    case REGISTRY_NONE:
        form_complain(build, column,
                      (struct cli_text){"没有这个名称。请核对，或改用编号",
                                        "there is none of that name; check it or use its number"});
        return 0;
    case REGISTRY_SEVERAL:
        form_complain(build, column,
                      (struct cli_text){"这个名称不止一个。请改用编号",
                                        "the name is not unique; use its number"});
        return 0;
    case REGISTRY_UNAVAILABLE:
        form_complain_result(build, column, LB_TRY_LATER, 0, 0);
        return 0;
    }
    if (number == 0 || number > max) {
        form_complain(build, column, range_wanted(build->cli, 1, max));
        return 0;
    }
    return number;
}

static uint64_t form_named(struct form_build *build, const char *column, enum registry_kind kind,
                           uint64_t max)
{
    const char *value = form_given(build, column);
    return value == NULL ? 0 : form_find(build, column, kind, value, max);
}

uint64_t form_org(struct form_build *build, const char *column)
{
    return form_named(build, column, REGISTRY_ORG, LB_ORG_MAX);
}

uint32_t form_category(struct form_build *build, const char *column)
{
    return (uint32_t)form_named(build, column, REGISTRY_CATEGORY, LB_CODE_MAX);
}

uint32_t form_item(struct form_build *build, const char *column)
{
    return (uint32_t)form_named(build, column, REGISTRY_ITEM, LB_CODE_MAX);
}

uint32_t form_counter(struct form_build *build, const char *column)
{
    return (uint32_t)form_named(build, column, REGISTRY_COUNTER, LB_CODE_MAX);
}

/* Cuts the next part off a list "a;b;c" in the arena. NULL: no more. */
static char *form_next_part(char **list)
{
    while (**list == ';') {
        (*list)++;
    }
    return **list == '\0' ? NULL : strsep(list, ";");
}

uint32_t *form_classes(struct form_build *build, const char *column, size_t *count)
{
    char *list = form_text(build, column);
    uint32_t *classes = cli_take(build->cli, LB_COMMAND_LINES_MAX, sizeof(*classes));
    char *part;
    *count = 0;
    while (list != NULL && (part = form_next_part(&list)) != NULL) {
        if (*count == LB_COMMAND_LINES_MAX) {
            form_complain_result(build, column, LB_LINES_TOO_MANY, (int64_t)*count + 1,
                                 LB_COMMAND_LINES_MAX);
            break;
        }
        classes[(*count)++] = (uint32_t)form_find(build, column, REGISTRY_CLASS, part, LB_CODE_MAX);
    }
    return classes;
}

size_t form_lines(struct form_build *build, const char *column,
                  struct form_line lines[static LB_COMMAND_LINES_MAX])
{
    char *list = form_text(build, column);
    char *part;
    size_t count = 0;
    while (list != NULL && (part = form_next_part(&list)) != NULL) {
        char *equals = strrchr(part, '=');
        if (count == LB_COMMAND_LINES_MAX) {
            form_complain_result(build, column, LB_LINES_TOO_MANY, (int64_t)count + 1,
                                 LB_COMMAND_LINES_MAX);
            break;
        }
        lines[count].quantity = 1;
        if (equals != NULL) {
            *equals = '\0';
            if (!amount_parse_integer(equals + 1, &lines[count].quantity)) {
                form_complain(build, column,
                              (struct cli_text){"数量不是整数。请写成 商品=数量，如 101=2",
                                                "a quantity is not a whole number; write "
                                                "ITEM=N, like 101=2"});
            } else if (lines[count].quantity < 1 || lines[count].quantity > LB_QUANTITY_MAX) {
                form_complain_result(build, column, LB_QUANTITY_INVALID, lines[count].quantity,
                                     LB_QUANTITY_MAX);
            }
        }
        lines[count].item = (uint32_t)form_find(build, column, REGISTRY_ITEM, part, LB_CODE_MAX);
        count++;
    }
    return count;
}
