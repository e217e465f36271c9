/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows of the spool in words. One thread.
 */
#include "sync.h"

#include "entry_view.h"
#include "figure.h"
#include "registry.h"
#include "table.h"
#include "working_days.h"

#include "base/date.h"

#include <inttypes.h>
#include <time.h>

static const char *sync_member_text(struct cli *cli, const Lovebank__V1__MemberRef *ref)
{
    return ref->card != 0 ? cli_format(cli, "%010" PRIu64, ref->card)
                          : cli_format(cli, "%08" PRIu64, ref->member);
}

const char *sync_row_text(struct cli *cli, const struct spool_row *row)
{
    const Lovebank__V1__ServiceRecord *record = row->command->service_record;
    return cli_format(cli, "%s %s %s %s", entry_view_day(cli, row->command->day),
                      sync_member_text(cli, record->member),
                      registry_name(cli, REGISTRY_CATEGORY, record->category),
                      figure_minutes(cli, record->minutes));
}

const char *sync_who_text(struct cli *cli, const struct spool_who *who)
{
    if (who->principal == 0) {
        return TEXT(cli, "未登录", "no log-in");
    }
    return who->login[0] != '\0' ? cli_copy(cli, who->login)
                                 : cli_format(cli, "%" PRIu32, who->principal);
}

int64_t sync_row_late(const struct spool_row *row, int32_t today)
{
    const int64_t days = working_days_between(row->command->day, today);
    return days > WORKING_DAYS_ALLOWED ? days : 0;
}

/* Takes the reference; false: no memory. */
static bool sync_json_add(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static bool sync_json_command(struct cli *cli, json_t *object, const Lovebank__V1__Command *command)
{
    const Lovebank__V1__ServiceRecord *record = command->service_record;
    return sync_json_add(object, record->member->card != 0 ? "card" : "member",
                         json_string(sync_member_text(cli, record->member))) &&
           sync_json_add(object, "day", json_string(entry_view_day(cli, command->day))) &&
           sync_json_add(object, "category", json_integer((json_int_t)record->category)) &&
           sync_json_add(object, "minutes", json_integer((json_int_t)record->minutes));
}

json_t *sync_row_json(struct cli *cli, const struct spool_row *row)
{
    char id[ID_TEXT_BYTES];
    id_format(&row->id, id);
    json_t *object = json_pack("{s:I,s:s}", "row", (json_int_t)row->number, "id", id);
    if (object == NULL || row->is_damaged) {
        return object;
    }
    if (!sync_json_command(cli, object, row->command) ||
        !sync_json_add(object, "principal", json_integer((json_int_t)row->who.principal)) ||
        !sync_json_add(object, "login", json_string(row->who.login)) ||
        !sync_json_add(object, "typed_ms", json_integer((json_int_t)row->typed_ms))) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* "05-01 08:30" by this computer's clock. */
static const char *sync_typed_text(struct cli *cli, int64_t typed_ms)
{
    char text[32] = "?";
    struct tm local;
    const time_t seconds = (time_t)(typed_ms / 1000);
    if (localtime_r(&seconds, &local) != NULL) {
        (void)strftime(text, sizeof(text), "%m-%d %H:%M", &local);
    }
    return cli_copy(cli, text);
}

void sync_put_state(struct cli *cli, const struct spool_row *row, const char *state)
{
    json_t *object = sync_row_json(cli, row);
    if (object != NULL && !sync_json_add(object, "state", json_string(state))) {
        json_decref(object);
        object = NULL;
    }
    cli_put_json(cli, object);
}

void sync_list_rows(struct cli *cli, const struct spool_row *rows, size_t count)
{
    static const struct table_column columns[] = {
        {.title = {"第几条", "number"}, .is_right = true},
        {.title = {"记录", "record"}},
        {.title = {"录入人", "typed by"}},
        {.title = {"录入时间", "typed"}},
    };
    struct table table;
    if (cli->is_json) {
        for (size_t i = 0; i < count; i++) {
            sync_put_state(cli, &rows[i], rows[i].is_damaged ? "damaged" : "kept");
        }
        return;
    }
    TABLE_BEGIN(&table, cli, columns);
    for (size_t i = 0; i < count; i++) {
        const struct spool_row *row = &rows[i];
        const char *number = cli_format(cli, "%" PRIu32, row->number);
        const char *const damaged[] = {number, TEXT(cli, "文件已损坏", "the file is damaged"), "?",
                                       "?"};
        if (row->is_damaged) {
            table_row(&table, damaged);
            continue;
        }
        const char *const cells[] = {number, sync_row_text(cli, row), sync_who_text(cli, &row->who),
                                     sync_typed_text(cli, row->typed_ms)};
        table_row(&table, cells);
    }
    table_end(&table);
}
