/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank policy show|set`: which acts need a second person. One thread.
 */
#include "commands.h"

#include "catalogue.h"
#include "columns.h"
#include "figure.h"
#include "form.h"
#include "json_message.h"
#include "registry.h"
#include "write.h"

#include <inttypes.h>
#include <string.h>

#define POLICY_DAYS_DEFAULT 14

/* clang-format off */
static const struct cli_option policy_columns[] = {
    {.name = "service_minutes", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .value = "MINUTES",
     .help = {"一笔记时超过多少分钟要确认；0 不限", "records of more minutes wait; 0: never"}},
    {.name = "points", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER,
     .help = {"一笔超过多少积分要确认；0 不限", "acts of more points wait; 0: never"}},
    {.name = "back_days", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .value = "DAYS",
     .help = {"补记多少天以前的要确认；0 不限", "acts of a day further back wait; 0: never"}},
    {.name = "import_rows", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .value = "ROWS",
     .help = {"导入超过多少行要确认；0 不限", "imports of more rows wait; 0: never"}},
    {.name = "reversals", .kind = OPTION_VALUE, .holds = HOLDS_WORDS, .value = "yes|no",
     .help = {"撤销要不要确认", "whether undoing waits"}},
    {.name = "opening_balances", .kind = OPTION_VALUE, .holds = HOLDS_WORDS, .value = "yes|no",
     .help = {"转入纸质存折的余额要不要确认", "whether opening balances wait"}},
    {.name = "undo_minutes", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .value = "MINUTES",
     .help = {"自己刚记的一笔，多少分钟内可以自己撤销",
              "how long one's own last act may be undone alone"}},
    {.name = "proposal_days", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .value = "DAYS",
     .help = {"等多少天没人确认就作废，1 到 365", "what waits is void after so many, 1 to 365"}},
    COLUMN_FROM,
};
/* clang-format on */

/* In force today, or all zeros: a policy that was never set. */
static Lovebank__V1__PolicySet *policy_now(struct form_build *build)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__PolicySet *act = form_new(build, &lovebank__v1__policy_set__descriptor);
    const Lovebank__V1__CatalogueResponse *catalogue = registry_catalogue(build->cli, &exit);
    act->proposal_days = POLICY_DAYS_DEFAULT;
    if (catalogue == NULL) {
        form_complain_result(build, "from", LB_TRY_LATER, 0, 0);
    } else if (catalogue->policy != NULL) {
        *act = *catalogue->policy;
    }
    return act;
}

static void policy_read(struct form_build *build, const char *column, uint32_t *value)
{
    if (form_has(build, column)) {
        *value = (uint32_t)form_number(build, column, 0, UINT32_MAX);
    }
}

static void policy_set_build(struct form_build *build)
{
    Lovebank__V1__PolicySet *act = policy_now(build);
    policy_read(build, "service_minutes", &act->service_minutes);
    policy_read(build, "back_days", &act->back_days);
    policy_read(build, "import_rows", &act->import_rows);
    policy_read(build, "undo_minutes", &act->undo_minutes);
    policy_read(build, "proposal_days", &act->proposal_days);
    if (form_has(build, "points")) {
        act->points_centi = form_decimal(build, "points", 2);
    }
    if (form_has(build, "reversals")) {
        act->reversals = form_yes(build, "reversals");
    }
    if (form_has(build, "opening_balances")) {
        act->opening_balances = form_yes(build, "opening_balances");
    }
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_POLICY_SET;
    build->command->policy_set = act;
}

/* "超过 600 分钟", or never. */
static const char *policy_over(struct cli *cli, uint32_t value, struct cli_text unit)
{
    return value == 0 ? TEXT(cli, "不要确认", "never")
                      : cli_format(cli, TEXT(cli, "超过 %" PRIu32 " %s", "over %" PRIu32 " %s"),
                                   value, cli_choose(cli, unit));
}

static const char *policy_undoing(struct cli *cli, const Lovebank__V1__PolicySet *policy)
{
    if (!policy->reversals) {
        return TEXT(cli, "不要确认", "never");
    }
    return policy->undo_minutes == 0
               ? TEXT(cli, "都要确认", "always")
               : cli_format(cli,
                            TEXT(cli, "要确认，自己刚记的一笔 %" PRIu32 " 分钟内除外",
                                 "yes, but for one's own last act within %" PRIu32 " minutes"),
                            policy->undo_minutes);
}

static const char *policy_openings(struct cli *cli, const Lovebank__V1__PolicySet *policy)
{
    if (policy->opening_balances) {
        return TEXT(cli, "都要确认", "always");
    }
    return policy->points_centi == 0 ? TEXT(cli, "不要确认", "never")
                                     : cli_format(cli, TEXT(cli, "超过 %s 分", "over %s points"),
                                                  figure_points(cli, policy->points_centi));
}

static void policy_print(struct cli *cli, const Lovebank__V1__PolicySet *policy)
{
    const char *points = policy->points_centi == 0
                             ? TEXT(cli, "不要确认", "never")
                             : cli_format(cli, TEXT(cli, "超过 %s 分", "over %s points"),
                                          figure_points(cli, policy->points_centi));
    cli_say(cli, TEXT(cli, "要第二个人确认的：", "These need a second person:"));
    cli_say(cli, TEXT(cli, "  记时：%s", "  hours recorded: %s"),
            policy_over(cli, policy->service_minutes, (struct cli_text){"分钟", "minutes"}));
    cli_say(cli, TEXT(cli, "  积分：%s", "  points: %s"), points);
    cli_say(cli, TEXT(cli, "  补记：%s", "  for a day back: %s"),
            policy_over(cli, policy->back_days, (struct cli_text){"天", "days"}));
    cli_say(cli, TEXT(cli, "  导入：%s", "  imports: %s"),
            policy_over(cli, policy->import_rows, (struct cli_text){"行", "rows"}));
    cli_say(cli, TEXT(cli, "  撤销：%s", "  undoing: %s"), policy_undoing(cli, policy));
    cli_say(cli, TEXT(cli, "  期初余额：%s", "  opening balances: %s"),
            policy_openings(cli, policy));
    cli_say(cli, TEXT(cli, "  操作员为自己记的账：要确认",
                      "  what operators enter for themselves: yes"));
    cli_say(
        cli,
        TEXT(cli, "%" PRIu32 " 天没人确认就作废。", "What waits is void after %" PRIu32 " days."),
        policy->proposal_days);
}

static void policy_set_say(struct cli *cli, const Lovebank__V1__Command *command,
                           const Lovebank__V1__Result *result)
{
    write_say_act(cli, command, result);
    policy_print(cli, command->policy_set);
}

static const struct form policy_form = {
    .kind = "policy",
    FORM_COLUMNS(policy_columns),
    .build = policy_set_build,
    .say = policy_set_say,
};

const struct cli_command command_policy_set = {
    .name = "policy set",
    .summary = {"设定哪些账要第二个人确认", "Sets which acts need a second person"},
    .details = {"没有写的照今天的不变；还没有设定过的为 0（不要确认）。",
                "What is left out stays as it is today; what was never set is 0: never."},
    .form = &policy_form,
    .run = form_run,
};

static const struct cli_option policy_show_options[] = {
    {.name = "date",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"这一天的规则，默认今天", "as of that day, by default today"}},
};

static enum cli_exit policy_show_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__CatalogueResponse *catalogue = catalogue_get(cli, arguments, &exit);
    if (catalogue == NULL) {
        return exit;
    }
    if (cli->is_json) {
        cli_put_json(cli, catalogue->policy == NULL ? json_object()
                                                    : json_of_message(&catalogue->policy->base));
    } else if (catalogue->policy == NULL) {
        cli_say(cli, TEXT(cli, "没有设定双人规则：只有操作员为自己记的账要第二个人确认。",
                          "No policy is set: only what operators enter for themselves needs a "
                          "second person."));
    } else {
        policy_print(cli, catalogue->policy);
    }
    cli_free_response(&catalogue->base);
    return CLI_DONE;
}

const struct cli_command command_policy_show = {
    .name = "policy show",
    .summary = {"哪些账要第二个人确认", "Which acts need a second person"},
    COMMAND_OPTIONS(policy_show_options),
    .run = policy_show_run,
};
