/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows to commands: the members they name are asked for, values read, ids made. One thread.
 */
#include "import.h"

#include "identify.h"
#include "registry.h"
#include "write.h"

#include "base/assert.h"
#include "base/wire.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *import_value(const struct import *import, const struct import_row *row,
                         const char *column)
{
    const size_t c = form_find_column(import->form, column);
    if (c == FORM_NO_COLUMN) {
        return "";
    }
    const char *said = row->values == NULL ? "" : row->values[c];
    const char *otherwise = import->arguments->defaults[c];
    return said[0] == '\0' && otherwise != NULL ? otherwise : said;
}

/* The org in which the row's member is looked for: its own, else its file's. */
static uint64_t import_org(struct import *import, const struct import_row *row)
{
    uint64_t org = 0;
    const char *given = import_value(import, row, "org");
    if (given[0] == '\0') {
        return import->files[row->file].org;
    }
    return registry_find(import->cli, REGISTRY_ORG, given, &org) == REGISTRY_FOUND ? org : 0;
}

/* Forms in which a name says whom the row is about, and does not give it. */
static bool import_names_members(const struct import *import)
{
    const size_t name = form_find_column(import->form, "name");
    const size_t card = form_find_column(import->form, "card");
    return name != FORM_NO_COLUMN && card != FORM_NO_COLUMN &&
           import->form->columns[name].is_file_only;
}

static enum cli_exit import_ask_people(struct import *import)
{
    char name[LB_MEMO_BYTES_MAX + 1];
    import->people = people_new(import->cli, false);
    const bool has_names = import_names_members(import);
    for (size_t i = 0; i < import->row_count; i++) {
        const struct import_row *row = &import->rows[i];
        const char *said = import_value(import, row, "name");
        if (!(has_names || import_is_newcomer(import, row)) || said[0] == '\0' ||
            value_name(said, name, sizeof(name)) != VALUE_GOOD) {
            continue;
        }
        bool has_number = import_value(import, row, "member")[0] != '\0' ||
                          import_value(import, row, "card")[0] != '\0';
        people_want(import->people, name, has_number ? 0 : import_org(import, row));
    }
    return people_ask(import->people);
}

/* Rows that have a receipt may mean each other by it. */
static void import_list_receipts(struct import *import)
{
    for (size_t i = 0; i < import->row_count && !import->form->receipt_is_target; i++) {
        const char *receipt = import_value(import, &import->rows[i], "receipt");
        if (receipt[0] != '\0') {
            lookup_put(import->cli, &import->receipts, bytes_of_text(receipt), i);
        }
    }
}

/* "2#1f3a9c2e": the second time that its file says what this row says. */
static const char *import_mark(struct import *import, const struct id *content, uint32_t nth)
{
    const uint8_t *bytes = content->bytes;
    return cli_format(import->cli, "%" PRIu32 "#%02x%02x%02x%02x", nth, bytes[0], bytes[1],
                      bytes[2], bytes[3]);
}

/* How often the row's file said the same, unless a rejects file tells which time this was, and the
 * row still says it. What another sheet says as well is the same act: a copy. */
static uint32_t import_occurrence(struct import *import, const struct import_row *row,
                                  const struct id *content, const char *said)
{
    uint64_t count = 0;
    uint8_t key_data[8 + sizeof(content->bytes)];
    struct wire_writer key_writer = {.data = key_data, .cap = sizeof(key_data)};
    wire_put_u64(&key_writer, row->file);
    memcpy(key_data + 8, content->bytes, sizeof(content->bytes));
    const struct bytes key = bytes_of(key_data, sizeof(key_data));
    const uint32_t nth = (uint32_t)strtoul(said, NULL, 10);
    if (nth != 0 && strcmp(said, import_mark(import, content, nth)) == 0) {
        return nth;
    }
    (void)lookup_get(&import->occurrences, key, &count);
    lookup_put(import->cli, &import->occurrences, key, count + 1);
    return (uint32_t)count + 1;
}

static Lovebank__V1__MemberRef *import_member_ref(const Lovebank__V1__Command *command)
{
    switch ((int)command->act_case) {
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD:
        return command->service_record->member;
    case LOVEBANK__V1__COMMAND__ACT_REDEEM:
        return command->redeem->member;
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK:
        return command->service_ask->member;
    case LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE:
        return command->opening_balance->member;
    default:
        return NULL;
    }
}

/* What the row says, whether it names the member by number, name or card. false: told. */
static bool import_identify_content(struct import *import, const struct import_row *row,
                                    const Lovebank__V1__Command *command, struct id *content)
{
    const struct id *activity =
        row->activity == SIZE_MAX ? NULL : &import->activities[row->activity].first;
    Lovebank__V1__MemberRef *ref = import_member_ref(command);
    const uint64_t card = ref == NULL ? 0 : ref->card;
    uint64_t owner = 0;
    if (card != 0 && !people_card_owner(import->people, card, &owner)) {
        return false;
    }
    if (owner != 0) {
        ref->card = 0;
        ref->member = owner;
    }
    bool has_memory = identify_content(import->form->kind, command, activity,
                                       import_value(import, row, "sheet"), content);
    if (owner != 0) {
        ref->card = card;
        ref->member = 0;
    }
    if (!has_memory) {
        (void)cli_fail(import->cli, LB_MEMORY, NULL, "");
    }
    return has_memory;
}

/* false: told. */
static bool import_identify(struct import *import, struct import_row *row, struct post *post)
{
    struct id content;
    const char *said = row->mark;
    const char *receipt = import_value(import, row, "receipt");
    row->mark = "";
    if (import_is_newcomer(import, row)) {
        if (!cli_make_id(import->cli, &post->first)) {
            (void)cli_fail(import->cli, LB_INTERNAL, NULL, "getrandom");
            return false;
        }
    } else if (receipt[0] != '\0' && !import->form->receipt_is_target) {
        post->first = identify_receipt(import->form->kind, receipt);
    } else {
        if (!import_identify_content(import, row, post->command, &content)) {
            return false;
        }
        const uint32_t nth = import_occurrence(import, row, &content, said);
        row->mark = import_mark(import, &content, nth);
        post->is_said_by_id = import_member_ref(post->command) != NULL;
        post->first = identify_occurrence(import->form->kind, &content, nth);
    }
    post_identify(import->cli, post);
    return true;
}

/* The row must not name somebody whom the org knows. */
static void import_check_name(struct import *import, size_t i)
{
    char name[LB_MEMO_BYTES_MAX + 1];
    const struct import_row *row = &import->rows[i];
    if (import_is_newcomer(import, row) &&
        value_name(import_value(import, row, "name"), name, sizeof(name)) == VALUE_GOOD) {
        import_check_newcomer(import, i, name, import_org(import, row));
    }
}

static enum cli_exit import_build_row(struct import *import, size_t i)
{
    struct import_row *row = &import->rows[i];
    const struct form *form = import->form;
    const char *values[COMMAND_OPTIONS_MAX];
    if (row->complaint.is_set) {
        return CLI_DONE;
    }
    for (size_t c = 0; c < form->column_count; c++) {
        values[c] = import_value(import, row, form->columns[c].name);
    }
    const struct form_file file = {.year = import->options.year,
                                   .org = import->files[row->file].org,
                                   .people = import->people,
                                   .receipts = &import->receipts};
    struct form_build build = {.cli = import->cli, .form = form, .values = values, .file = &file};
    form_build(&build);
    row->complaint = build.complaint;
    row->target_row = build.target_row;
    if (!row->complaint.is_set) {
        import_check_name(import, i);
    }
    if (row->complaint.is_set) {
        return cli_exit_of(row->complaint.result) == CLI_TRY_LATER ? CLI_TRY_LATER : CLI_DONE;
    }
    struct post *post = &import->posts[import->post_count];
    *post = (struct post){.command = build.command, .attempt = 1};
    if (!import_identify(import, row, post)) {
        return CLI_FAULT;
    }
    row->post = import->post_count;
    import->post_rows[import->post_count++] = i;
    return CLI_DONE;
}

enum cli_exit import_build(struct import *import)
{
    enum cli_exit exit = import_ask_people(import);
    import_list_receipts(import);
    import->posts = cli_take(import->cli, import->row_count + 1, sizeof(*import->posts));
    import->post_rows = cli_take(import->cli, import->row_count + 1, sizeof(*import->post_rows));
    for (size_t i = 0; i < import->row_count && exit == CLI_DONE; i++) {
        exit = import_build_row(import, i);
    }
    return exit;
}
