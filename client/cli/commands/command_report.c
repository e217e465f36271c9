/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank report`: a year's totals of an org, for staff, and the same by month, org and category.
 * Persons (人) and person-times (人次) stand side by side and are never added to each other. One
 * thread.
 */
#include "commands.h"

#include "columns.h"
#include "communities.h"
#include "export.h"
#include "figure.h"
#include "json_message.h"
#include "query.h"
#include "registry.h"
#include "typed.h"

#include "base/date.h"

#include <inttypes.h>
#include <string.h>

/* All columns there are; which of them a report has depends on what it is broken down by. */
enum report_column {
    REPORT_MONTH_SHOWN,
    REPORT_MONTH,
    REPORT_ORG,
    REPORT_ORG_NAME,
    REPORT_CATEGORY,
    REPORT_CATEGORY_NAME,
    REPORT_MEMBERS,
    REPORT_COUNTS,                       /* the first of REPORT_COUNT_COLUMNS */
    REPORT_SPENDING = REPORT_COUNTS + 4, /* the first of those about what points were spent on */
};
#define REPORT_COUNT_COLUMNS 9
#define REPORT_COLUMNS       (REPORT_COUNTS + REPORT_COUNT_COLUMNS)

_Static_assert(REPORT_COLUMNS <= EXPORT_COLUMNS_MAX, "an export holds all columns");

static const struct export_column report_columns[REPORT_COLUMNS] = {
    [REPORT_MONTH_SHOWN] = {.name = "month",
                            .title = {"月份", "MONTH"},
                            .place = EXPORT_ON_TERMINAL},
    [REPORT_MONTH] = {.name = "month",
                      .title = {"月份", "MONTH"},
                      .type = EXPORT_COUNT,
                      .place = EXPORT_IN_FILES},
    [REPORT_ORG] = {.name = "org",
                    .title = {"组织编号", "ORG NUMBER"},
                    .type = EXPORT_IDENTIFIER,
                    .place = EXPORT_IN_FILES},
    [REPORT_ORG_NAME] = {.name = "org_name", .title = {"组织", "ORG"}, .may_shrink = true},
    [REPORT_CATEGORY] = {.name = "category",
                         .title = {"类别编号", "CATEGORY NUMBER"},
                         .type = EXPORT_IDENTIFIER,
                         .place = EXPORT_IN_FILES},
    [REPORT_CATEGORY_NAME] = {.name = "category_name",
                              .title = {"服务类别", "CATEGORY"},
                              .may_shrink = true},
    [REPORT_MEMBERS] = {.name = "members",
                        .title = {"志愿者人数", "MEMBERS"},
                        .type = EXPORT_COUNT},
    {.name = "service_persons", .title = {"服务人数", "PERSONS SERVING"}, .type = EXPORT_COUNT},
    {.name = "service_person_times", .title = {"服务人次", "TIMES SERVED"}, .type = EXPORT_COUNT},
    {.name = "minutes", .title = {"时长", "TIME"}, .type = EXPORT_MINUTES},
    {.name = "earned_centi", .title = {"所得积分", "EARNED"}, .type = EXPORT_POINTS},
    {.name = "redemption_persons",
     .title = {"兑换人数", "PERSONS REDEEMING"},
     .type = EXPORT_COUNT},
    {.name = "redemption_person_times",
     .title = {"兑换人次", "TIMES REDEEMED"},
     .type = EXPORT_COUNT},
    {.name = "received_persons", .title = {"受助人数", "PERSONS HELPED"}, .type = EXPORT_COUNT},
    {.name = "received_person_times", .title = {"受助人次", "TIMES HELPED"}, .type = EXPORT_COUNT},
    {.name = "redeemed_centi", .title = {"用去积分", "SPENT"}, .type = EXPORT_POINTS},
};

struct report {
    struct cli *cli;
    struct export export;
    Lovebank__V1__ReportRequest request;
    const Lovebank__V1__ReportResponse *response;
    struct communities communities; /* of a workbook by org only */
    bool is_broken_down;
    struct export_cell totals[REPORT_COLUMNS];    /* of the year, in all columns */
    struct export_column columns[REPORT_COLUMNS]; /* those that this report has */
    enum report_column which[REPORT_COLUMNS];
    size_t column_count;
};

/* The response and its rows name the counts alike. */
#define REPORT_CELLS_OF(from, cells)                                          \
    do {                                                                      \
        (cells)[0] = export_number((int64_t)(from)->service_persons);         \
        (cells)[1] = export_number((int64_t)(from)->service_person_times);    \
        (cells)[2] = export_number((from)->minutes);                          \
        (cells)[3] = export_number((from)->earned_centi);                     \
        (cells)[4] = export_number((int64_t)(from)->redemption_persons);      \
        (cells)[5] = export_number((int64_t)(from)->redemption_person_times); \
        (cells)[6] = export_number((int64_t)(from)->received_persons);        \
        (cells)[7] = export_number((int64_t)(from)->received_person_times);   \
        (cells)[8] = export_number((from)->redeemed_centi);                   \
    } while (0)

static bool report_has(const struct report *report, enum report_column column)
{
    const Lovebank__V1__ReportRequest *request = &report->request;
    switch (column) {
    case REPORT_MONTH_SHOWN:
    case REPORT_MONTH:
        return request->by_month;
    case REPORT_ORG:
    case REPORT_ORG_NAME:
        return request->by_org;
    case REPORT_CATEGORY:
    case REPORT_CATEGORY_NAME:
        return request->by_category;
    case REPORT_MEMBERS:
        return !report->is_broken_down;
    case REPORT_COUNTS:
    case REPORT_SPENDING:
        break;
    }
    /* A count. A terminal is narrow: what nobody did in the year is left out there. */
    if (column < REPORT_SPENDING || report->export.format != EXPORT_TABLE) {
        return true;
    }
    /* cppcheck-suppress arrayIndexOutOfBoundsCond; it takes the end of the caller's loop for one */
    return report->totals[column].number != 0;
}

static void report_choose_columns(struct report *report)
{
    for (size_t i = 0; i < REPORT_COLUMNS; i++) {
        if (report_has(report, (enum report_column)i)) {
            report->columns[report->column_count] = report_columns[i];
            report->which[report->column_count++] = (enum report_column)i;
        }
    }
}

/* The cells of the columns that this report has. */
static void report_pick(const struct report *report, const struct export_cell all[REPORT_COLUMNS],
                        struct export_cell cells[REPORT_COLUMNS])
{
    for (size_t i = 0; i < report->column_count; i++) {
        cells[i] = all[report->which[i]];
    }
}

static const char *report_category_name(const struct report *report, uint32_t category)
{
    struct cli *cli = report->cli;
    return category == 0 ? TEXT(cli, "（用去积分）", "(points spent)")
                         : registry_name(cli, REGISTRY_CATEGORY, category);
}

static json_t *report_row_object(const struct report *report, const Lovebank__V1__ReportRow *row)
{
    json_t *object = json_of_message(&row->base);
    if (object != NULL && report->request.by_org) {
        (void)json_object_set_new(object, "org_name",
                                  json_string(registry_name(report->cli, REGISTRY_ORG, row->org)));
    }
    if (object != NULL && row->category != 0) {
        (void)json_object_set_new(object, "category_name",
                                  json_string(report_category_name(report, row->category)));
    }
    return object;
}

static void report_row(struct report *report, const Lovebank__V1__ReportRow *row)
{
    struct cli *cli = report->cli;
    if (report->export.format == EXPORT_JSON) {
        export_object(&report->export, report_row_object(report, row));
        return;
    }
    struct export_cell all[REPORT_COLUMNS] = {{0}};
    struct export_cell cells[REPORT_COLUMNS];
    if (report->request.by_month) {
        all[REPORT_MONTH] = export_number(row->month);
        all[REPORT_MONTH_SHOWN] =
            export_text(cli_format(cli, TEXT(cli, "%" PRIu32 " 月", "%" PRIu32), row->month));
    }
    if (report->request.by_org) {
        all[REPORT_ORG] = export_identifier(cli, row->org, EXPORT_ORG_DIGITS);
        all[REPORT_ORG_NAME] = export_text(registry_name(cli, REGISTRY_ORG, row->org));
    }
    if (report->request.by_category) {
        all[REPORT_CATEGORY] = export_identifier(cli, row->category, 1);
        all[REPORT_CATEGORY_NAME] = export_text(report_category_name(report, row->category));
    }
    REPORT_CELLS_OF(row, &all[REPORT_COUNTS]);
    report_pick(report, all, cells);
    export_row(&report->export, cells, NULL);
}

/* The year's totals as a row: the only one of a report that is not broken down, else the last. */
static void report_total(struct report *report)
{
    struct cli *cli = report->cli;
    const Lovebank__V1__ReportRequest *request = &report->request;
    const struct export_cell label = export_text(TEXT(cli, "全年", "year"));
    if (request->by_month && report->export.format == EXPORT_TABLE) {
        report->totals[REPORT_MONTH_SHOWN] = label;
    } else if (request->by_org) {
        report->totals[REPORT_ORG_NAME] = label;
    } else {
        report->totals[REPORT_CATEGORY_NAME] = label;
    }
    report->totals[REPORT_MEMBERS] = export_number((int64_t)report->response->members);
    REPORT_CELLS_OF(report->response, &report->totals[REPORT_COUNTS]);
}

static void report_begin(struct report *report, const char *name, uint64_t org)
{
    struct cli *cli = report->cli;
    const struct export_sheet sheet = {
        .name = name,
        .title = report->export.format != EXPORT_XLSX
                     ? NULL
                     : cli_format(cli, TEXT(cli, "%s %" PRId32 " 年统计", "%s: report of %" PRId32),
                                  registry_name(cli, REGISTRY_ORG, org), report->request.year),
        .columns = report->columns,
        .column_count = report->column_count,
    };
    export_sheet_begin(&report->export, &sheet);
}

/* A workbook's sheet of each community: what was done in it and in its grids. */
static void report_community_sheets(struct report *report)
{
    const struct communities *communities = &report->communities;
    const Lovebank__V1__ReportResponse *response = report->response;
    for (size_t i = 0; communities->orgs != NULL && i < communities->orgs->n_orgs; i++) {
        const Lovebank__V1__Org *community = communities->by_number[i];
        bool has_begun = false;
        for (size_t j = 0; j < response->n_rows; j++) {
            if (communities_of(communities, response->rows[j]->org) != community) {
                continue;
            }
            if (!has_begun) {
                report_begin(report, community->name, community->org);
                has_begun = true;
            }
            report_row(report, response->rows[j]);
        }
        if (has_begun) {
            export_sheet_end(&report->export, NULL);
        }
    }
}

static void report_rows(struct report *report)
{
    struct cli *cli = report->cli;
    const Lovebank__V1__ReportResponse *response = report->response;
    const Lovebank__V1__ReportRequest *request = &report->request;
    struct export_cell totals[REPORT_COLUMNS];
    /* In a file months are numbers: a report by month alone has no place to name its last row. */
    const bool has_label =
        report->export.format == EXPORT_TABLE || request->by_org || request->by_category;
    report_pick(report, report->totals, totals);
    report_begin(report, TEXT(cli, "全部", "All"), report->request.org);
    for (size_t i = 0; i < response->n_rows && !export_is_cut_off(&report->export); i++) {
        report_row(report, response->rows[i]);
    }
    if (!report->is_broken_down) {
        export_row(&report->export, totals, NULL);
    }
    export_sheet_end(&report->export, has_label ? totals : NULL);
    report_community_sheets(report);
}

/* The totals in lines of text. */
static void report_lines(struct report *report)
{
    struct cli *cli = report->cli;
    const Lovebank__V1__ReportResponse *response = report->response;
    const char *const lines[] = {
        cli_format(cli, TEXT(cli, "志愿者　　%s", "Members            %s"),
                   figure_persons(cli, response->members)),
        cli_format(cli, TEXT(cli, "服务　　　%s，%s", "Service            %s, %s"),
                   figure_persons(cli, response->service_persons),
                   figure_person_times(cli, response->service_person_times)),
        cli_format(cli, TEXT(cli, "时长　　　%s", "Time               %s"),
                   figure_minutes(cli, response->minutes)),
        cli_format(cli, TEXT(cli, "服务所得　%s 分", "Earned             %s points"),
                   figure_points(cli, response->earned_centi)),
        cli_format(cli, TEXT(cli, "兑换商品　%s，%s", "Goods taken        %s, %s"),
                   figure_persons(cli, response->redemption_persons),
                   figure_person_times(cli, response->redemption_person_times)),
        cli_format(cli, TEXT(cli, "受助　　　%s，%s", "Services received  %s, %s"),
                   figure_persons(cli, response->received_persons),
                   figure_person_times(cli, response->received_person_times)),
        cli_format(cli, TEXT(cli, "用去积分　%s 分", "Spent              %s points"),
                   figure_points(cli, response->redeemed_centi)),
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        export_note(&report->export, lines[i]);
    }
}

static void report_put(struct report *report)
{
    struct cli *cli = report->cli;
    json_t *object = NULL;
    const bool is_table = report->export.format == EXPORT_TABLE;
    if (report->is_broken_down || !(is_table || report->export.format == EXPORT_JSON)) {
        report_rows(report);
    }
    if (!is_table || !report->is_broken_down) {
        report_lines(report);
    }
    if (report->is_broken_down) {
        export_note(&report->export,
                    TEXT(cli,
                         "各行的人次、时长、积分相加等于全年；人数不能相加，同一人可在几行里。",
                         "Person-times, time and points of the rows add up to the year's; persons "
                         "do not: one may be in several rows."));
    }
    export_note(&report->export,
                cli_format(cli, TEXT(cli, "截至第 %" PRIu64 " 号账。", "As of entry %" PRIu64 "."),
                           report->response->as_of_entry));
    if (report->export.format == EXPORT_JSON) {
        object = json_of_message(&report->response->base);
        (void)json_object_del(object, "rows"); /* they came before, one a line */
        export_object(&report->export, object);
    }
}

static enum cli_exit report_write(struct report *report)
{
    struct cli *cli = report->cli;
    enum cli_exit exit = CLI_DONE;
    const Lovebank__V1__ReportRequest *request = &report->request;
    const int32_t last_day = date_to_day((struct date){request->year, 12, 31});
    const bool has_sheets = report->export.format == EXPORT_XLSX && request->by_org &&
                            (request->by_month || request->by_category);
    report->export.made_day = last_day;
    if (has_sheets && !communities_load(&report->communities, cli, request->org, last_day, &exit)) {
        return exit;
    }
    Lovebank__V1__ReportResponse *response = (Lovebank__V1__ReportResponse *)cli_call(
        cli, LB_METHOD_REPORT, &request->base, &lovebank__v1__report_response__descriptor, &exit);
    if (response != NULL) {
        const int64_t numbers[3] = {response->a, response->b};
        report->response = response;
        if (response->code != LB_OK) {
            exit = cli_fail(cli, (int)response->code, numbers, "class");
        } else {
            report_total(report);
            report_choose_columns(report);
            report_put(report);
        }
        cli_free_response(&response->base);
    }
    communities_free(&report->communities);
    return exit;
}

/* "month,org" and the like. false: another word. */
static bool report_read_by(struct report *report, const char *value)
{
    Lovebank__V1__ReportRequest *request = &report->request;
    const struct {
        const char *word;
        protobuf_c_boolean *is_wanted;
    } words[] = {
        {"month", &request->by_month},
        {"org", &request->by_org},
        {"category", &request->by_category},
    };
    for (const char *at = value; at != NULL;) {
        const size_t size = strcspn(at, ",");
        bool is_known = false;
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            if (strlen(words[i].word) == size && strncmp(words[i].word, at, size) == 0) {
                *words[i].is_wanted = true;
                is_known = true;
            }
        }
        if (!is_known) {
            return false;
        }
        at = at[size] == ',' ? at + size + 1 : NULL;
    }
    report->is_broken_down = value != NULL;
    return true;
}

static enum cli_exit report_read(struct report *report, const struct cli_arguments *arguments)
{
    struct cli *cli = report->cli;
    enum cli_exit exit = CLI_DONE;
    uint64_t year = 0;
    uint64_t class = 0;
    Lovebank__V1__ReportRequest *request = &report->request;
    const char *class_name = arguments_get(arguments, "class");
    if (!report_read_by(report, arguments_get(arguments, "by"))) {
        return arguments_complain(
            cli, arguments, "by",
            (struct cli_text){"请写 month、org、category 中的几个，用逗号隔开，如 month,org",
                              "write one or more of month, org, category, like month,org"});
    }
    if (!query_number(cli, arguments, "year", 1900, 2199, &year)) {
        return CLI_USAGE;
    }
    if (!typed_resolve(cli, REGISTRY_ORG, arguments_get(arguments, "org"), &request->org, &exit) ||
        (class_name != NULL && !typed_resolve(cli, REGISTRY_CLASS, class_name, &class, &exit))) {
        return exit;
    }
    request->year = (int32_t)year;
    request->class_id = (uint32_t) class;
    return CLI_DONE;
}

static enum cli_exit report_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct report report = {.cli = cli, .request = LOVEBANK__V1__REPORT_REQUEST__INIT};
    enum cli_exit exit = report_read(&report, arguments);
    if (exit != CLI_DONE || !export_open(&report.export, cli, arguments, &exit)) {
        return exit;
    }
    return export_close(&report.export, report_write(&report));
}

static const struct cli_option report_options[] = {
    OPTIONS_YEAR_AND_ORG,
    {.name = "class",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CLASS,
     .help = {"只算这一类别", "only this class"}},
    {.name = "by",
     .kind = OPTION_VALUE,
     .value = "month,org,category",
     .help = {"按月份、组织、服务类别分开列，可写其中几个",
              "a row for each month, org, category, or several of these"}},
    EXPORT_OPTIONS,
};

const struct cli_command command_report = {
    .name = "report",
    .summary = {"一年的合计：人数、人次、时长、积分，可分项列出",
                "A year's totals: persons, hours, points; also by month, org and category"},
    COMMAND_OPTIONS(report_options),
    .run = report_run,
};
