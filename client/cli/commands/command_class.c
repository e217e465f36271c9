/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank class set|list`. One thread.
 */
#include "commands.h"

#include "catalogue.h"
#include "forms.h"
#include "listing.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option class_set_columns[] = {
    {.name = "class",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_CLASS,
     .is_required = true,
     .spellings = "编号|类别编号|number|code",
     .help = {"类别编号", "number of the class"}},
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .spellings = "名称|类别|类别名称",
     .help = {"名称", "its name"}},
    {.name = "public",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "yes|no",
     .spellings = "公开|是否公开|可公开",
     .help = {"yes：可用于公开名单；no：不公开（默认）",
              "yes: may filter public lists; no: may not (default)"}},
};

static void class_set_build(struct form_build *build)
{
    Lovebank__V1__ClassSet *act = form_new(build, &lovebank__v1__class_set__descriptor);
    act->class_id = (uint32_t)form_number(build, "class", 1, LB_CODE_MAX);
    act->name = form_text(build, "name");
    act->is_public = form_yes(build, "public");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_CLASS_SET;
    build->command->class_set = act;
}

static void class_set_say(struct cli *cli, const Lovebank__V1__Command *command,
                          const Lovebank__V1__Result *result)
{
    const Lovebank__V1__ClassSet *act = command->class_set;
    write_say(cli, result,
              cli_format(cli, TEXT(cli, "已设定类别 %" PRIu32 " %s", "set class %" PRIu32 " %s"),
                         act->class_id, act->name));
}

const struct form class_form = {
    .kind = "class",
    FORM_COLUMNS(class_set_columns),
    .build = class_set_build,
    .say = class_set_say,
};

const struct cli_command command_class_set = {
    .name = "class set",
    .summary = {"设定志愿者类别（党员、居民……）", "Sets a class of members"},
    .form = &class_form,
    .run = form_run,
};

static void class_list_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__ClassInfo *class = message;
    const char *cells[] = {cli_format(cli, "%" PRIu32, class->class_id), class->name,
                           class->is_public ? TEXT(cli, "是", "yes") : TEXT(cli, "否", "no")};
    table_row(table, cells);
}

static const struct table_column class_list_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"名称", "NAME"}, .may_shrink = true},
    {.title = {"公开", "PUBLIC"}},
};

static const struct listing class_listing = {
    LISTING_COLUMNS(class_list_columns),
    .row = class_list_row,
};

static enum cli_exit class_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__CatalogueResponse *catalogue = catalogue_get(cli, arguments, &exit);
    if (catalogue != NULL) {
        listing_print(cli, &class_listing, catalogue->classes, catalogue->n_classes);
        lovebank__v1__catalogue_response__free_unpacked(catalogue, NULL);
    }
    return exit;
}

const struct cli_command command_class_list = {
    .name = "class list",
    .summary = {"列出类别", "Lists the classes"},
    .run = class_list_run,
};
