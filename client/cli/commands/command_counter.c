/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank counter open|list`. One thread.
 */
#include "commands.h"

#include "catalogue.h"
#include "columns.h"
#include "forms.h"
#include "listing.h"
#include "registry.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option counter_open_columns[] = {
    {.name = "counter",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_COUNTER,
     .is_required = true,
     .spellings = "编号|兑换点编号|number|code",
     .help = {"兑换点编号", "number of the counter"}},
    {.name = "org",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ORG,
     .is_required = true,
     .spellings = HEADINGS_ORG,
     .help = {"所属组织", "the org it belongs to"}},
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .spellings = "名称|兑换点|兑换点名称",
     .help = {"名称", "its name"}},
};

static void counter_open_build(struct form_build *build)
{
    Lovebank__V1__CounterOpen *act = form_new(build, &lovebank__v1__counter_open__descriptor);
    act->counter = (uint32_t)form_number(build, "counter", 1, LB_CODE_MAX);
    act->org = form_org(build, "org");
    act->name = form_text(build, "name");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_COUNTER_OPEN;
    build->command->counter_open = act;
}

static void counter_open_say(struct cli *cli, const Lovebank__V1__Command *command,
                             const Lovebank__V1__Result *result)
{
    const Lovebank__V1__CounterOpen *act = command->counter_open;
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已设立兑换点 %" PRIu32 " %s", "opened counter %" PRIu32 " %s"),
                         act->counter, act->name));
}

const struct form counter_form = {
    .kind = "counter",
    FORM_COLUMNS(counter_open_columns),
    .build = counter_open_build,
    .say = counter_open_say,
};

const struct cli_command command_counter_open = {
    .name = "counter open",
    .summary = {"设立兑换点", "Opens a counter"},
    .form = &counter_form,
    .run = form_run,
};

static void counter_list_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__CounterInfo *counter = message;
    const char *cells[] = {cli_format(cli, "%" PRIu32, counter->counter), counter->name,
                           registry_name(cli, REGISTRY_ORG, counter->org)};
    table_row(table, cells);
}

static const struct table_column counter_list_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"名称", "NAME"}, .may_shrink = true},
    {.title = {"组织", "ORG"}, .may_shrink = true},
};

static const struct listing counter_listing = {
    LISTING_COLUMNS(counter_list_columns),
    .row = counter_list_row,
};

static enum cli_exit counter_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__CatalogueResponse *catalogue = catalogue_get(cli, arguments, &exit);
    if (catalogue != NULL) {
        listing_print(cli, &counter_listing, catalogue->counters, catalogue->n_counters);
        lovebank__v1__catalogue_response__free_unpacked(catalogue, NULL);
    }
    return exit;
}

const struct cli_command command_counter_list = {
    .name = "counter list",
    .summary = {"列出兑换点", "Lists the counters"},
    .run = counter_list_run,
};
