/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Values of forms that name something: orgs, categories, items, counters, members by number or by
 * name, entries by receipt. One thread.
 */
#include "form.h"

#include "amounts.h"
#include "entry_view.h"
#include "identify.h"
#include "people.h"
#include "registry.h"
#include "typed.h"

#include "lovebank/card.h"
#include "lovebank/v1/services.pb-c.h"
#include "text/text.h"

#include <inttypes.h>
#include <string.h>

#define FORM_CANDIDATES_MAX 5 /* shown of an ambiguous name */
#define FORM_ATTEMPTS_MAX   1000
#define FORM_PARTS_MAX      (2 * LB_COMMAND_LINES_MAX) /* of a list: more than allowed are counted */

static uint64_t form_check_code(struct form_build *build, const char *column, uint64_t number,
                                uint64_t max)
{
    if (number == 0 || number > max) {
        form_complain(build, column, range_wanted(build->cli, 1, max));
        return 0;
    }
    return number;
}

/* By number, name, the beginning of a name or initials. */
static uint64_t form_find_typed(struct form_build *build, const char *column,
                                enum registry_kind kind, const char *value, uint64_t max)
{
    uint64_t number = 0;
    struct cli_text reason = {0};
    switch (typed_code(build->cli, kind, value, &number, &reason)) {
    case TYPED_FOUND:
        return form_check_code(build, column, number, max);
    case TYPED_REFUSED:
        form_complain(build, column, reason);
        return 0;
    case TYPED_UNANSWERED:
        form_complain_result(build, column, LB_TRY_LATER, 0, 0);
        return 0;
    }
    return 0;
}

static uint64_t form_find(struct form_build *build, const char *column, enum registry_kind kind,
                          const char *value, uint64_t max)
{
    uint64_t number = 0;
    size_t digits = 0;
    /* A number as a spreadsheet writes it, 310101001001.0, is that number. */
    if (value_identifier(value, INT64_MAX, &number, &digits) == VALUE_GOOD) {
        value = cli_format(build->cli, "%" PRIu64, number);
    }
    if (build->file == NULL) {
        return form_find_typed(build, column, kind, value, max);
    }
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
    return form_check_code(build, column, number, max);
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

/* A list as people write it, "1;党员" or "大米2袋、食盐". */
static size_t form_read_lines(struct form_build *build, const char *column,
                              struct value_line lines[static FORM_PARTS_MAX])
{
    size_t count = 0;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    enum value_fault fault = value_lines(value, lines, FORM_PARTS_MAX, &count);
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
        return 0;
    }
    if (count > LB_COMMAND_LINES_MAX) {
        form_complain_result(build, column, LB_LINES_TOO_MANY, (int64_t)count,
                             LB_COMMAND_LINES_MAX);
        return 0;
    }
    return count;
}

uint32_t *form_classes(struct form_build *build, const char *column, size_t *count)
{
    struct value_line lines[FORM_PARTS_MAX];
    uint32_t *classes = cli_take(build->cli, LB_COMMAND_LINES_MAX, sizeof(*classes));
    *count = form_read_lines(build, column, lines);
    for (size_t i = 0; i < *count; i++) {
        classes[i] = (uint32_t)form_find(build, column, REGISTRY_CLASS, lines[i].name, LB_CODE_MAX);
    }
    return classes;
}

size_t form_lines(struct form_build *build, const char *column,
                  struct form_line lines[static LB_COMMAND_LINES_MAX])
{
    struct value_line read[FORM_PARTS_MAX];
    const size_t count = form_read_lines(build, column, read);
    for (size_t i = 0; i < count; i++) {
        lines[i].quantity = form_check_quantity(build, column, read[i].quantity);
        lines[i].item =
            (uint32_t)form_find(build, column, REGISTRY_ITEM, read[i].name, LB_CODE_MAX);
    }
    return count;
}

bool member_ref_parse(const char *text, Lovebank__V1__MemberRef *ref)
{
    uint64_t number = 0;
    size_t digits = 0;
    if (value_identifier(text, LB_CARD_MAX, &number, &digits) != VALUE_GOOD || number == 0) {
        return false;
    }
    if (digits == 10) {
        ref->card = number;
    } else if (digits <= 8) {
        ref->member = number;
    }
    return digits == 10 || digits <= 8;
}

/* What a spreadsheet or a mask destroyed is told as such. */
static void form_complain_member(struct form_build *build, const char *column,
                                 struct cli_text reason)
{
    uint64_t number;
    size_t digits;
    enum value_fault fault =
        value_identifier(form_value(build, column), LB_CARD_MAX, &number, &digits);
    if (fault == VALUE_GOOD || fault == VALUE_NOT_A_NUMBER || fault == VALUE_OUT_OF_RANGE) {
        form_complain(build, column, reason);
    } else {
        form_complain_fault(build, column, fault);
    }
}

/* What is neither number nor card, but typed: a name or initials. */
static void form_typed_member(struct form_build *build, const char *column, const char *value,
                              Lovebank__V1__MemberRef *ref)
{
    struct cli_text reason = {0};
    switch (typed_member(build->cli, value, &ref->member, &reason)) {
    case TYPED_FOUND:
        return;
    case TYPED_REFUSED:
        form_complain(build, column, reason);
        return;
    case TYPED_UNANSWERED:
        form_complain_result(build, column, LB_TRY_LATER, 0, 0);
        return;
    }
}

Lovebank__V1__MemberRef *form_member(struct form_build *build, const char *column)
{
    const char *value = form_given(build, column);
    if (value == NULL) {
        return NULL;
    }
    Lovebank__V1__MemberRef *ref = form_new(build, &lovebank__v1__member_ref__descriptor);
    const bool is_number = member_ref_parse(value, ref);
    if (!is_number && build->file == NULL && typed_is_name(value)) {
        form_typed_member(build, column, value, ref);
    } else if (!is_number) {
        form_complain_member(
            build, column,
            (struct cli_text){"既不是卡号（10 位）也不是志愿者编号（最多 8 位）。请核对",
                              "neither a card (10 digits) nor a member number (up to 8); check "
                              "it"});
    } else if (ref->card != 0 && !lb_card_is_valid(ref->card)) {
        form_complain_result(build, column, LB_CARD_CHECK_DIGIT, (int64_t)ref->card, 0);
    }
    return ref;
}

uint64_t form_card(struct form_build *build, const char *column)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    if (!member_ref_parse(value, &ref) || ref.card == 0) {
        form_complain_member(build, column,
                             (struct cli_text){"不是卡号。卡号是 10 位数字",
                                               "not a card number; cards have 10 digits"});
        return 0;
    }
    if (!lb_card_is_valid(ref.card)) {
        form_complain_result(build, column, LB_CARD_CHECK_DIGIT, (int64_t)ref.card, 0);
    }
    return ref.card;
}

const char *form_candidates(struct cli *cli, const Lovebank__V1__MemberFindResponse *found)
{
    const char *list = "";
    for (size_t i = 0; i < found->n_members && i < FORM_CANDIDATES_MAX; i++) {
        const Lovebank__V1__MemberInfo *info = found->members[i];
        list = cli_format(cli, "%s%s%08" PRIu64 " %s %s", list, i == 0 ? "" : TEXT(cli, "、", ", "),
                          info->member, info->masked_name,
                          registry_name(cli, REGISTRY_ORG, info->org));
    }
    return found->n_members > FORM_CANDIDATES_MAX ? cli_format(cli, "%s…", list) : list;
}

static void form_complain_nobody(struct form_build *build, uint64_t org)
{
    struct cli *cli = build->cli;
    const char *place = org == 0 ? "" : registry_name(cli, REGISTRY_ORG, org);
    if (org == 0) {
        form_complain(build, "name",
                      (struct cli_text){"没有叫这个名字的志愿者。请核对姓名，或改写编号、卡号",
                                        "no member has that name; check it, or give the number or "
                                        "card"});
        return;
    }
    form_complain(
        build, "name",
        (struct cli_text){
            cli_format(cli, "%s没有叫这个名字的志愿者。请核对姓名和组织，或改写编号、卡号", place),
            cli_format(cli,
                       "no member of %s has that name; check the name and the org, or give the "
                       "number or card",
                       place)});
}

/* The one member of that name; NULL: a complaint. */
static Lovebank__V1__MemberRef *form_by_name(struct form_build *build, const char *name,
                                             uint64_t org)
{
    struct cli *cli = build->cli;
    const Lovebank__V1__MemberFindResponse *found = people_find(build->file->people, name, org);
    const bool is_nobody = found == NULL || found->n_members == 0;
    /* A person finds members by the initials of their names; a file must name them. */
    if (is_nobody && text_is_letters(bytes_of_text(name))) {
        form_complain(build, "name",
                      (struct cli_text){"文件里不能用拼音缩写代替姓名。请写全姓名，或写编号、卡号",
                                        "initials do not do in a file; write the whole name, or "
                                        "the number or card"});
        return NULL;
    }
    if (is_nobody) {
        form_complain_nobody(build, org);
        return NULL;
    }
    if (found->n_members > 1) {
        const char *list = form_candidates(cli, found);
        form_complain(build, "name",
                      (struct cli_text){
                          cli_format(cli, "叫这个名字的有 %zu 人：%s。请写编号或卡号",
                                     found->n_members, list),
                          cli_format(cli, "%zu members have that name: %s; give the number or card",
                                     found->n_members, list)});
        return NULL;
    }
    Lovebank__V1__MemberRef *ref = form_new(build, &lovebank__v1__member_ref__descriptor);
    ref->member = found->members[0]->member;
    return ref;
}

/* Number and name of one row belong together. */
static void form_check_name(struct form_build *build, const Lovebank__V1__MemberRef *ref,
                            const char *name)
{
    struct cli *cli = build->cli;
    uint64_t member = ref->member;
    const Lovebank__V1__MemberFindResponse *found = people_find(build->file->people, name, 0);
    if (member == 0 && !people_card_owner(build->file->people, ref->card, &member)) {
        form_complain_result(build, "card", LB_TRY_LATER, 0, 0);
    }
    for (size_t i = 0; found != NULL && i < found->n_members; i++) {
        if (found->members[i]->member == member) {
            return;
        }
    }
    if (member == 0) {
        return; /* there is no such card: the server says so */
    }
    form_complain(
        build, "name",
        (struct cli_text){
            cli_format(cli, "编号 %08" PRIu64 " 不是“%s”。请核对编号和姓名", member, name),
            cli_format(cli,
                       "number %08" PRIu64 " is not \"%s\"; check the number and the "
                       "name",
                       member, name)});
}

/* The columns member and card, if both are filled in, mean one person. */
static void form_check_card(struct form_build *build, const Lovebank__V1__MemberRef *ref)
{
    uint64_t owner = 0;
    const Lovebank__V1__MemberRef *card = form_member(build, "card");
    if (build->complaint.is_set || card == NULL || card->card == 0 || ref->member == 0) {
        return;
    }
    if (!people_card_owner(build->file->people, card->card, &owner)) {
        form_complain_result(build, "card", LB_TRY_LATER, 0, 0);
    } else if (owner != ref->member) {
        form_complain(build, "card",
                      (struct cli_text){"这张卡不是该编号志愿者的。请核对卡号和编号",
                                        "the card is not that member's; check both numbers"});
    }
}

Lovebank__V1__MemberRef *form_who(struct form_build *build, const char *column)
{
    if (build->file == NULL) {
        return form_member(build, column);
    }
    const bool has_member = form_has(build, "member");
    const char *name = form_has(build, "name") ? form_name(build, "name") : "";
    Lovebank__V1__MemberRef *ref = NULL;
    if (has_member || form_has(build, "card") || name[0] == '\0') {
        ref = form_member(build, has_member ? "member" : form_has(build, "card") ? "card" : column);
    }
    if (build->complaint.is_set) {
        return ref;
    }
    if (ref == NULL && name[0] == '\0') {
        form_complain_result(build, column, LB_FIELD_MISSING, 0, 0);
        return NULL;
    }
    if (ref == NULL) {
        uint64_t org = form_has(build, "org") ? form_org(build, "org") : build->file->org;
        return form_by_name(build, name, org);
    }
    if (has_member && form_has(build, "card")) {
        form_check_card(build, ref);
    }
    if (name[0] != '\0' && !build->complaint.is_set) {
        form_check_name(build, ref, name);
    }
    return ref;
}

enum form_outcome { FORM_UNTOLD, FORM_UNKNOWN, FORM_REFUSED, FORM_DONE };

/* What became of the act with that id; FORM_UNTOLD: the server did not say, which was told. */
static enum form_outcome form_outcome_of(struct cli *cli, struct id *id)
{
    enum cli_exit exit = CLI_DONE;
    enum form_outcome outcome = FORM_UNKNOWN;
    Lovebank__V1__EntryRef ref = LOVEBANK__V1__ENTRY_REF__INIT;
    ref.request_id = (ProtobufCBinaryData){.len = sizeof(id->bytes), .data = id->bytes};
    Lovebank__V1__EntryGetResponse *response = entry_view_get(cli, &ref, false, &exit);
    if (response == NULL) {
        return FORM_UNTOLD;
    }
    if (response->code == LB_OK && response->entry != NULL) {
        Lovebank__V1__Entry *entry = entry_view_unpack(response->entry);
        outcome = entry != NULL && entry->code == LB_OK ? FORM_DONE : FORM_REFUSED;
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    cli_free_response(&response->base);
    return outcome;
}

/*
 * The id of the act that was done under a receipt of that kind, in whichever attempt: those before
 * it were refused. Undone or not: importing undos again must not undo what was entered anew. The
 * last known, or the first, when none was done. false: told.
 */
static bool form_done_receipt(struct cli *cli, const char *kind, const char *receipt, struct id *id)
{
    const struct id first = identify_receipt(kind, receipt);
    *id = first;
    for (uint32_t attempt = 1; attempt <= FORM_ATTEMPTS_MAX; attempt++) {
        struct id next = identify_attempt(&first, attempt);
        enum form_outcome outcome = form_outcome_of(cli, &next);
        if (outcome == FORM_UNTOLD || outcome == FORM_UNKNOWN) {
            return outcome == FORM_UNKNOWN;
        }
        *id = next;
        if (outcome == FORM_DONE) {
            return true;
        }
    }
    return true;
}

/* What a receipt stands for: a row of the same import, or what was entered under it. */
static bool form_find_receipt(struct form_build *build, const char *column, const char *kind,
                              const char *receipt, struct id *id)
{
    const struct form_file *file = build->file;
    if (file != NULL && file->receipts != NULL && strcmp(build->form->kind, kind) == 0 &&
        lookup_get(file->receipts, bytes_of_text(receipt), &build->target_row)) {
        *id = identify_receipt(kind, receipt);
        return true;
    }
    if (!form_done_receipt(build->cli, kind, receipt, id)) {
        form_complain_result(build, column, LB_TRY_LATER, 0, 0);
        return false;
    }
    return true;
}

Lovebank__V1__EntryRef *form_entry(struct form_build *build, const char *column, const char *kind)
{
    struct id id = {{0}};
    const char *value = form_given(build, column);
    if (value == NULL) {
        return NULL;
    }
    Lovebank__V1__EntryRef *ref = form_new(build, &lovebank__v1__entry_ref__descriptor);
    if (build->file == NULL && amount_parse_number(value, 1, INT64_MAX, &ref->entry)) {
        return ref;
    }
    if ((build->file != NULL || !id_parse(bytes_of_text(value), &id)) &&
        !form_find_receipt(build, column, kind, value, &id)) {
        return ref;
    }
    ref->request_id.len = sizeof(id.bytes);
    ref->request_id.data = cli_take(build->cli, 1, sizeof(id.bytes));
    memcpy(ref->request_id.data, id.bytes, sizeof(id.bytes));
    return ref;
}
