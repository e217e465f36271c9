/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank report`: a year's totals of an org, for staff. One thread.
 */
#include "commands.h"

#include "json_message.h"
#include "query.h"
#include "registry.h"
#include "write.h"

#include <inttypes.h>

static void report_print(struct cli *cli, const Lovebank__V1__ReportResponse *report)
{
    cli_say(cli, TEXT(cli, "志愿者　　%s", "Members            %s"),
            write_persons(cli, report->members));
    cli_say(cli, TEXT(cli, "服务　　　%s，%s", "Service            %s, %s"),
            write_persons(cli, report->service_persons),
            write_person_times(cli, report->service_person_times));
    cli_say(cli, TEXT(cli, "时长　　　%s", "Time               %s"),
            write_minutes(cli, report->minutes));
    cli_say(cli, TEXT(cli, "服务所得　%s 分", "Earned             %s points"),
            write_points(cli, report->earned_centi));
    cli_say(cli, TEXT(cli, "兑换商品　%s，%s", "Goods taken        %s, %s"),
            write_persons(cli, report->redemption_persons),
            write_person_times(cli, report->redemption_person_times));
    cli_say(cli, TEXT(cli, "受助　　　%s，%s", "Services received  %s, %s"),
            write_persons(cli, report->received_persons),
            write_person_times(cli, report->received_person_times));
    cli_say(cli, TEXT(cli, "用去积分　%s 分", "Spent              %s points"),
            write_points(cli, report->redeemed_centi));
    cli_say(cli, TEXT(cli, "截至第 %" PRIu64 " 号记账。", "As of entry %" PRIu64 "."),
            report->as_of_entry);
}

static enum cli_exit report_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t year = 0;
    uint64_t class = 0;
    Lovebank__V1__ReportRequest request = LOVEBANK__V1__REPORT_REQUEST__INIT;
    const char *class_name = arguments_get(arguments, "class");
    if (!query_number(cli, arguments, "year", 1900, 2199, &year)) {
        return CLI_USAGE;
    }
    if (!registry_resolve(cli, REGISTRY_ORG, arguments_get(arguments, "org"), &request.org,
                          &exit) ||
        (class_name != NULL && !registry_resolve(cli, REGISTRY_CLASS, class_name, &class, &exit))) {
        return exit;
    }
    request.year = (int32_t)year;
    request.class_id = (uint32_t) class;
    Lovebank__V1__ReportResponse *report = (Lovebank__V1__ReportResponse *)cli_call(
        cli, LB_METHOD_REPORT, &request.base, &lovebank__v1__report_response__descriptor, &exit);
    if (report == NULL) {
        return exit;
    }
    const int64_t numbers[3] = {report->a, report->b};
    if (report->code != LB_OK) {
        exit = cli_fail(cli, (int)report->code, numbers, "class");
    } else if (cli->is_json) {
        cli_put_json(cli, json_of_message(&report->base));
    } else {
        report_print(cli, report);
    }
    cli_free_response(&report->base);
    return exit;
}

static const struct cli_option report_options[] = {
    {.name = "year", .kind = OPTION_VALUE, .is_required = true, .help = {"年份", "the year"}},
    {.name = "org",
     .kind = OPTION_VALUE,
     .is_required = true,
     .help = {"组织及其下级", "the org and all below it"}},
    {.name = "class", .kind = OPTION_VALUE, .help = {"只算这一类别", "only this class"}},
};

const struct cli_command command_report = {
    .name = "report",
    .summary = {"一年的合计：人、人次、时长、积分",
                "A year's totals: persons, person-times, hours, points"},
    COMMAND_OPTIONS(report_options),
    .run = report_run,
};
