/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank star-table set|list`. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "catalogue.h"
#include "columns.h"
#include "form.h"
#include "table.h"
#include "write.h"

#include <inttypes.h>
#include <string.h>

static const struct cli_option star_table_set_columns[] = {
    {.name = "hours",
     .kind = OPTION_REST,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .value = "HOURS",
     .help = {"1 星、2 星……所需的累计小时，递增", "lifetime hours for 1, 2 … stars, rising"}},
    COLUMN_FROM,
};

static void star_table_set_build(struct form_build *build)
{
    Lovebank__V1__StarTableSet *act = form_new(build, &lovebank__v1__star_table_set__descriptor);
    char *list = form_text(build, "hours");
    act->hours = cli_take(build->cli, LB_COMMAND_LINES_MAX, sizeof(*act->hours));
    while (list != NULL && list[0] != '\0' && act->n_hours < LB_COMMAND_LINES_MAX) {
        uint64_t hours = 0;
        if (!amount_parse_number(strsep(&list, ";"), 1, 1000000, &hours)) {
            form_complain(build, "hours",
                          (struct cli_text){"请写递增的小时数，如 100 300 600",
                                            "write rising hours, like 100 300 600"});
        }
        act->hours[act->n_hours++] = (uint32_t)hours;
    }
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_STAR_TABLE_SET;
    build->command->star_table_set = act;
}

static const struct form star_table_set_form = {
    .kind = "star-table",
    FORM_COLUMNS(star_table_set_columns),
    .build = star_table_set_build,
    .say = write_say_act,
};

const struct cli_command command_star_table_set = {
    .name = "star-table set",
    .summary = {"设定星级表", "Sets the star table"},
    .form = &star_table_set_form,
    .run = form_run,
};

static enum cli_exit star_table_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    static const struct table_column columns[] = {
        {.title = {"星级", "STARS"}, .is_right = true},
        {.title = {"累计小时", "LIFETIME HOURS"}, .is_right = true},
    };
    enum cli_exit exit = CLI_DONE;
    struct table table;
    Lovebank__V1__CatalogueResponse *catalogue = catalogue_get(cli, arguments, &exit);
    if (catalogue == NULL) {
        return exit;
    }
    if (!cli->is_json) {
        TABLE_BEGIN(&table, cli, columns);
    }
    for (size_t i = 0; i < catalogue->n_star_hours; i++) {
        const char *cells[] = {cli_format(cli, "%zu", i + 1),
                               cli_format(cli, "%" PRIu32, catalogue->star_hours[i])};
        if (cli->is_json) {
            cli_put_json(cli, json_pack("{s:I,s:I}", "stars", (json_int_t)i + 1, "hours",
                                        (json_int_t)catalogue->star_hours[i]));
        } else {
            table_row(&table, cells);
        }
    }
    if (!cli->is_json) {
        table_end(&table);
    }
    lovebank__v1__catalogue_response__free_unpacked(catalogue, NULL);
    return CLI_DONE;
}

const struct cli_command command_star_table_list = {
    .name = "star-table list",
    .summary = {"列出星级表", "Shows the star table"},
    .run = star_table_list_run,
};
