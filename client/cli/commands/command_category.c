/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank category set|list`. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "catalogue.h"
#include "columns.h"
#include "figure.h"
#include "forms.h"
#include "listing.h"
#include "write.h"

#include "base/date.h"

#include <inttypes.h>
#include <string.h>

static const struct cli_option category_set_columns[] = {
    {.name = "category",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_CATEGORY,
     .is_required = true,
     .spellings = "编号|类别编号|服务类别编号|number|code",
     .help = {"服务类别编号", "number of the category"}},
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .spellings = "名称|服务类别|类别名称|服务名称",
     .help = {"名称", "its name"}},
    {.name = "points_per_hour",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .spellings = "每小时积分|积分标准|分/小时|积分/小时|points/h",
     .help = {"每小时积分，如 10 或 12.50", "points per hour, like 10 or 12.50"}},
    {.name = "coefficient",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "系数|factor",
     .help = {"系数，默认 1", "factor, by default 1"}},
    {.name = "rounding_minutes",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "计分单位|计分单位(分钟)|rounding",
     .help = {"按多少分钟计分，默认 1", "points count whole units of so many minutes (1)"}},
    {.name = "expires",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "有效期|积分有效期|expiry",
     .help = {"有效期：never、year-end+N、years:N，默认 never",
              "never (default), year-end+N or years:N"}},
    {.name = "day_minutes_max",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "每日上限|每日上限(分钟)|每天上限|day limit",
     .help = {"每人每天最多多少分钟，默认 1440",
              "at most so many minutes a member and day (1440)"}},
    COLUMN_FROM,
};

/* "never", "year-end+1", "years:3". */
static bool category_parse_expiry(const char *text, Lovebank__V1__TariffSet *act)
{
    static const struct {
        const char *prefix;
        Lovebank__V1__ExpiryKind kind;
    } kinds[] = {
        {"year-end+", LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEAR_END},
        {"years:", LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEARS},
    };
    act->expiry_kind = LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_NEVER;
    if (text[0] == '\0' || strcmp(text, "never") == 0) {
        return true;
    }
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(kinds[i].prefix);
        uint64_t years = 0;
        if (strncmp(text, kinds[i].prefix, size) == 0 &&
            amount_parse_number(text + size, 0, 100, &years)) {
            act->expiry_kind = kinds[i].kind;
            act->expiry_years = (uint32_t)years;
            return true;
        }
    }
    return false;
}

static void category_set_build(struct form_build *build)
{
    Lovebank__V1__TariffSet *act = form_new(build, &lovebank__v1__tariff_set__descriptor);
    act->category = (uint32_t)form_number(build, "category", 1, LB_CODE_MAX);
    act->name = form_text(build, "name");
    act->points_per_hour_centi = form_decimal(build, "points_per_hour", 2);
    act->coefficient_permille = 1000;
    if (form_has(build, "coefficient")) {
        int64_t permille = form_decimal(build, "coefficient", 3);
        if (permille > 100000) {
            form_complain(build, "coefficient",
                          (struct cli_text){"系数最大 100", "a factor is at most 100"});
        }
        act->coefficient_permille = (uint32_t)permille;
    }
    act->rounding_minutes = 1;
    if (form_has(build, "rounding_minutes")) {
        act->rounding_minutes = (uint32_t)form_number(build, "rounding_minutes", 1, LB_DAY_MINUTES);
    }
    act->day_minutes_max = LB_DAY_MINUTES;
    if (form_has(build, "day_minutes_max")) {
        act->day_minutes_max = (uint32_t)form_number(build, "day_minutes_max", 1, LB_DAY_MINUTES);
    }
    if (!category_parse_expiry(form_text(build, "expires"), act)) {
        form_complain(build, "expires",
                      (struct cli_text){"请写 never、year-end+1 或 years:3",
                                        "write never, year-end+1 or years:3"});
    }
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_TARIFF_SET;
    build->command->tariff_set = act;
}

static void category_set_say(struct cli *cli, const Lovebank__V1__Command *command,
                             const Lovebank__V1__Result *result)
{
    const Lovebank__V1__TariffSet *act = command->tariff_set;
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已设定服务类别 %" PRIu32 " %s：每小时 %s 分",
                              "set category %" PRIu32 " %s: %s points per hour"),
                         act->category, act->name, figure_points(cli, act->points_per_hour_centi)));
}

const struct form category_form = {
    .kind = "category",
    FORM_COLUMNS(category_set_columns),
    .build = category_set_build,
    .say = category_set_say,
};

const struct cli_command command_category_set = {
    .name = "category set",
    .summary = {"设定服务类别及其积分标准", "Opens a service category, or sets its tariff"},
    .form = &category_form,
    .run = form_run,
};

static const char *category_expiry(struct cli *cli, const Lovebank__V1__TariffSet *tariff)
{
    switch (tariff->expiry_kind) {
    case LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEAR_END:
        return cli_format(cli, "year-end+%" PRIu32, tariff->expiry_years);
    case LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEARS:
        return cli_format(cli, "years:%" PRIu32, tariff->expiry_years);
    case LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_NEVER:
    case LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_UNSPECIFIED:
    case _LOVEBANK__V1__EXPIRY_KIND_IS_INT_SIZE:
        break;
    }
    return "never";
}

static void category_list_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__CategoryInfo *info = message;
    const Lovebank__V1__TariffSet *tariff = info->tariff;
    char coefficient[AMOUNT_TEXT_BYTES];
    char from[DATE_TEXT_BYTES];
    if (tariff == NULL) {
        return;
    }
    amount_format_decimal(tariff->coefficient_permille, 3, coefficient);
    date_format(info->from_day, from);
    const char *cells[] = {
        cli_format(cli, "%" PRIu32, info->category),           tariff->name,
        figure_points(cli, tariff->points_per_hour_centi),     coefficient,
        cli_format(cli, "%" PRIu32, tariff->rounding_minutes), category_expiry(cli, tariff),
        cli_format(cli, "%" PRIu32, tariff->day_minutes_max),  from,
    };
    table_row(table, cells);
}

static const struct table_column category_list_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"名称", "NAME"}, .may_shrink = true},
    {.title = {"分/小时", "POINTS/H"}, .is_amount = true},
    {.title = {"系数", "FACTOR"}, .is_amount = true},
    {.title = {"计分单位", "UNIT MIN"}, .is_right = true},
    {.title = {"有效期", "EXPIRES"}},
    {.title = {"每日上限", "DAY MAX"}, .is_right = true},
    {.title = {"起用日期", "FROM"}},
};

static const struct listing category_listing = {
    LISTING_COLUMNS(category_list_columns),
    .row = category_list_row,
};

static enum cli_exit category_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__CatalogueResponse *catalogue = catalogue_get(cli, arguments, &exit);
    if (catalogue != NULL) {
        listing_print(cli, &category_listing, catalogue->categories, catalogue->n_categories);
        lovebank__v1__catalogue_response__free_unpacked(catalogue, NULL);
    }
    return exit;
}

static const struct cli_option category_list_options[] = {
    {.name = "date",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"这一天有效的标准，默认今天", "the tariffs of that day, by default today"}},
};

const struct cli_command command_category_list = {
    .name = "category list",
    .summary = {"列出服务类别和积分标准", "Lists the service categories"},
    COMMAND_OPTIONS(category_list_options),
    .run = category_list_run,
};
