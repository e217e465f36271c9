/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The activities that the rows of a sheet name: each org, name and day once, opened before the rows
 * are entered. One thread.
 */
#include "import.h"

#include "identify.h"
#include "registry.h"
#include "write.h"

#include <inttypes.h>
#include <string.h>

/* The org that holds the row's activity: by its column, else by the file's name. 0: unknown. */
static uint64_t activities_org(struct import *import, const struct import_row *row)
{
    uint64_t org = 0;
    const char *given = import_value(import, row, "org");
    if (given[0] != '\0') {
        return registry_find(import->cli, REGISTRY_ORG, given, &org) == REGISTRY_FOUND ? org : 0;
    }
    return import->files[row->file].org;
}

static Lovebank__V1__Command *activities_command(struct import *import, uint64_t org,
                                                 const char *name, int32_t day)
{
    struct form_build build = {.cli = import->cli, .form = import->form};
    Lovebank__V1__Command *command = form_new(&build, &lovebank__v1__command__descriptor);
    Lovebank__V1__ActivityOpen *act = form_new(&build, &lovebank__v1__activity_open__descriptor);
    act->org = org;
    act->name = cli_copy(import->cli, name);
    command->act_case = LOVEBANK__V1__COMMAND__ACT_ACTIVITY_OPEN;
    command->activity_open = act;
    command->desk = import->cli->desk;
    command->has_day = true;
    command->day = day;
    return command;
}

/* Puts the row's activity among them. A row without a readable day will be refused for it. */
static bool activities_add(struct import *import, struct lookup *known, size_t i)
{
    struct import_row *row = &import->rows[i];
    const struct value_calendar calendar = {.year = import->options.year};
    struct id content;
    int32_t day = 0;
    uint64_t place = import->activity_count;
    const uint64_t org = activities_org(import, row);
    const char *name = import_value(import, row, "activity");
    if (value_date(import_value(import, row, "date"), &calendar, &day) != VALUE_GOOD) {
        return true;
    }
    if (org == 0) {
        row->complaint = (struct complaint){
            .is_set = true,
            .result = LB_FIELD_INVALID,
            .column = "org",
            .value = import_value(import, row, "org"),
            .reason = {"写了活动，但不知道是哪个组织办的。请用 --org 写明活动组织单位",
                       "it names an activity, but which org holds it is not known; give --org"}};
        return true;
    }
    const char *key = cli_format(import->cli, "%" PRIu64 " %d %s", org, day, name);
    if (!lookup_get(known, bytes_of_text(key), &place)) {
        Lovebank__V1__Command *command = activities_command(import, org, name, day);
        if (!identify_content("activity", command, NULL, "", &content)) {
            return false;
        }
        lookup_put(import->cli, known, bytes_of_text(key), place);
        import->activities[place] = (struct post){.command = command, .attempt = 1};
        import->activities[place].first = identify_occurrence("activity", &content, 1);
        post_identify(import->cli, &import->activities[place]);
        import->activity_count++;
    }
    row->activity = place;
    return true;
}

enum cli_exit import_find_activities(struct import *import)
{
    struct lookup known = {0};
    bool has_memory = true;
    import->activities = cli_take(import->cli, import->row_count + 1, sizeof(*import->activities));
    import->activity_refusals =
        cli_take(import->cli, import->row_count + 1, sizeof(*import->activity_refusals));
    import->activity_numbers =
        cli_take(import->cli, import->row_count + 1, sizeof(*import->activity_numbers));
    for (size_t i = 0; i < import->row_count && import->form->has_activities && has_memory; i++) {
        const struct import_row *row = &import->rows[i];
        if (!row->complaint.is_set && import_value(import, row, "activity")[0] != '\0') {
            has_memory = activities_add(import, &known, i);
        }
    }
    lookup_fini(&known);
    return has_memory ? CLI_DONE : cli_fail(import->cli, LB_MEMORY, NULL, "");
}

static void activities_settled(void *context, size_t i, const Lovebank__V1__Result *result)
{
    struct import *import = context;
    /* A dry run gives out a number that no row may use. */
    bool is_there = !import->is_trying || result->replayed;
    import->activity_numbers[i] = result->code == LB_OK && is_there ? result->assigned : 0;
    import->activity_refusals[i] =
        result->code == LB_OK ? NULL : write_sentence(import->cli, result);
}

/* Without its activity a row is not entered. */
static void activities_refuse_rows(struct import *import)
{
    for (size_t i = 0; i < import->row_count; i++) {
        struct import_row *row = &import->rows[i];
        if (row->post == SIZE_MAX || row->activity == SIZE_MAX) {
            continue;
        }
        const char *text = import->activity_refusals[row->activity];
        row->complaint = (struct complaint){0};
        if (text != NULL) {
            const int code = import->activities[row->activity].code;
            const char *blamed = import_blame(import, code);
            const char *column = blamed[0] == '\0' ? "activity" : blamed;
            row->complaint = (struct complaint){.is_set = true,
                                                .result = code,
                                                .column = column,
                                                .value = import_value(import, row, column),
                                                .reason = {text, text}};
            import->posts[row->post].state = POST_REFUSED;
        }
    }
}

enum cli_exit import_open_activities(struct import *import, bool is_dry_run)
{
    struct post_list list = {.cli = import->cli,
                             .posts = import->activities,
                             .count = import->activity_count,
                             .is_dry_run = is_dry_run,
                             .settled = activities_settled,
                             .context = import};
    for (size_t i = 0; i < list.count; i++) {
        list.posts[i].command->import = import->number;
    }
    post_rewind(&list);
    import->is_trying = is_dry_run;
    enum cli_exit exit = list.count == 0 ? CLI_DONE : post_send(&list);
    if (exit == CLI_DONE && list.count > 0) {
        activities_refuse_rows(import);
    }
    return exit;
}
