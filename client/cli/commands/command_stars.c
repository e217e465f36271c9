/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank stars`: the star board (明星榜). One thread.
 */
#include "commands.h"

#include "amounts.h"
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

/* A row kept for the sheet of its community. In memory of the arena. */
struct stars_kept {
    Lovebank__V1__StarsRow row;
    struct stars_kept *next;
};

struct stars_community {
    const Lovebank__V1__Org *org;
    struct stars_kept *first;
    struct stars_kept **end;
    struct stars_community *next;
};

/* How the board is written. Its bytes depend on the ledger up to the entry alone, as long as names
 * are not asked for; the names of a workbook's sheets are those of the year's last day. */
struct stars {
    struct cli *cli;
    struct export export;
    bool with_names;
    struct communities communities;    /* of a workbook only */
    struct stars_community *by_number; /* those with rows, rising */
};

static const struct export_column stars_columns[] = {
    {.name = "rank", .title = {"名次", "RANK"}, .type = EXPORT_COUNT},
    {.name = "member", .title = {"编号", "MEMBER"}, .type = EXPORT_IDENTIFIER},
    {.name = "masked_name", .title = {"姓名", "NAME"}, .place = EXPORT_WITH_NAMES},
    {.name = "org",
     .title = {"组织编号", "ORG NUMBER"},
     .type = EXPORT_IDENTIFIER,
     .place = EXPORT_IN_FILES},
    {.name = "org_name", .title = {"组织", "ORG"}, .place = EXPORT_WITH_NAMES, .may_shrink = true},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS},
    {.name = "minutes", .title = {"时长", "TIME"}, .type = EXPORT_MINUTES},
    {.name = "services", .title = {"人次", "TIMES"}, .type = EXPORT_COUNT},
    {.name = "lifetime_minutes",
     .title = {"累计时长", "LIFETIME"},
     .type = EXPORT_MINUTES,
     .place = EXPORT_IN_FILES},
    {.name = "stars", .title = {"星级", "STARS"}, .type = EXPORT_COUNT},
};

static void stars_begin(struct stars *stars, const char *name, const char *title)
{
    const struct export_sheet sheet = {.name = name, .title = title, EXPORT_COLUMNS(stars_columns)};
    export_sheet_begin(&stars->export, &sheet);
}

static json_t *stars_object(const struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    json_t *object = json_of_message(&row->base);
    if (object != NULL && !stars->with_names) {
        (void)json_object_del(object, "masked_name");
    }
    return object;
}

static void stars_row(struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    struct cli *cli = stars->cli;
    if (stars->export.format == EXPORT_JSON) {
        export_object(&stars->export, stars_object(stars, row));
        return;
    }
    const struct export_cell cells[] = {
        export_number(row->rank),
        export_identifier(cli, row->member, EXPORT_MEMBER_DIGITS),
        export_text(row->masked_name),
        export_identifier(cli, row->org, EXPORT_ORG_DIGITS),
        stars->with_names || stars->export.format == EXPORT_TABLE
            ? export_text(registry_name(cli, REGISTRY_ORG, row->org))
            : export_none(),
        export_number(row->points_centi),
        export_number(row->minutes),
        export_number(row->services),
        export_number(row->lifetime_minutes),
        export_number(row->stars),
    };
    export_row(&stars->export, cells, NULL);
}

/* The place of a community in the list, which it gets when its first row comes. */
static struct stars_community *stars_community(struct stars *stars, const Lovebank__V1__Org *org)
{
    struct stars_community **at = &stars->by_number;
    while (*at != NULL && (*at)->org->org < org->org) {
        at = &(*at)->next;
    }
    if (*at == NULL || (*at)->org != org) {
        struct stars_community *community = cli_take(stars->cli, 1, sizeof(*community));
        community->org = org;
        community->end = &community->first;
        community->next = *at;
        *at = community;
    }
    return *at;
}

static void stars_keep(struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    const Lovebank__V1__Org *org = communities_of(&stars->communities, row->org);
    if (org == NULL) {
        return; /* of the street itself: on the first sheet only */
    }
    struct stars_community *community = stars_community(stars, org);
    struct stars_kept *kept = cli_take(stars->cli, 1, sizeof(*kept));
    kept->row = *row;
    kept->row.masked_name = cli_copy(stars->cli, row->masked_name);
    *community->end = kept;
    community->end = &kept->next;
}

static const char *stars_title(const struct stars *stars, const Lovebank__V1__StarsRequest *request,
                               uint64_t org_number)
{
    struct cli *cli = stars->cli;
    const bool by_hours = request->by == LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_HOURS;
    const Lovebank__V1__Org *org = communities_find(&stars->communities, org_number);
    return cli_format(
        cli, TEXT(cli, "%s %" PRId32 " 年明星榜（按%s）", "%s: star board %" PRId32 ", by %s"),
        org == NULL ? cli_format(cli, "%012" PRIu64, org_number) : org->name, request->year,
        by_hours ? TEXT(cli, "时长", "hours") : TEXT(cli, "积分", "points"));
}

static void stars_community_sheets(struct stars *stars, const Lovebank__V1__StarsRequest *request)
{
    for (const struct stars_community *at = stars->by_number; at != NULL; at = at->next) {
        stars_begin(stars, at->org->name, stars_title(stars, request, at->org->org));
        for (const struct stars_kept *kept = at->first; kept != NULL; kept = kept->next) {
            stars_row(stars, &kept->row);
        }
        export_sheet_end(&stars->export, NULL);
    }
}

/* What stands at the foot, or beside the rows. */
static void stars_end(struct stars *stars, const Lovebank__V1__StarsRequest *request,
                      const Lovebank__V1__StarsResponse *last)
{
    struct cli *cli = stars->cli;
    const char *root = cli_hex(cli, &last->root);
    export_sheet_end(&stars->export, NULL);
    stars_community_sheets(stars, request);
    export_note(&stars->export,
                cli_format(cli,
                           TEXT(cli, "上榜 %s，服务 %s。截至第 %" PRIu64 " 号账，根：\n%s",
                                "%s, %s. As of entry %" PRIu64 ", root:\n%s"),
                           figure_persons(cli, last->persons),
                           figure_person_times(cli, last->person_times), last->at_entry, root));
    if (stars->by_number != NULL) {
        export_note(&stars->export,
                    TEXT(cli, "各社区表中的名次是全榜的名次。",
                         "Ranks on a community's sheet are those of the whole board."));
    }
    export_object(&stars->export,
                  json_pack("{s:I,s:s,s:I,s:I}", "at_entry", (json_int_t)last->at_entry, "root",
                            root, "persons", (json_int_t)last->persons, "person_times",
                            (json_int_t)last->person_times));
}

static void stars_page(struct stars *stars, const Lovebank__V1__StarsResponse *page)
{
    for (size_t i = 0; i < page->n_rows; i++) {
        stars_row(stars, page->rows[i]);
        if (stars->export.format == EXPORT_XLSX) {
            stars_keep(stars, page->rows[i]);
        }
    }
}

/* All pages; those after the first are of the same entry. */
static enum cli_exit stars_pages(struct stars *stars, Lovebank__V1__StarsRequest *request)
{
    struct cli *cli = stars->cli;
    enum cli_exit exit = CLI_DONE;
    bool has_begun = false;
    do {
        Lovebank__V1__StarsResponse *page = (Lovebank__V1__StarsResponse *)cli_call(
            cli, LB_METHOD_STARS, &request->base, &lovebank__v1__stars_response__descriptor, &exit);
        if (page == NULL) {
            return exit;
        }
        const int64_t numbers[3] = {page->a, page->b};
        if (page->code != LB_OK) {
            exit = cli_fail(cli, (int)page->code, numbers, "class");
            cli_free_response(&page->base);
            return exit;
        }
        if (!has_begun) {
            stars_begin(stars, TEXT(cli, "全部", "All"),
                        stars->export.format == EXPORT_XLSX
                            ? stars_title(stars, request, request->org)
                            : NULL);
            has_begun = true;
        }
        stars_page(stars, page);
        request->at_entry = page->at_entry;
        request->after = page->next;
        if (page->next == 0) {
            stars_end(stars, request, page);
        }
        cli_free_response(&page->base);
    } while (request->after != 0 && !export_is_cut_off(&stars->export));
    return CLI_DONE;
}

/* 1/100 points, or hours as minutes. */
static bool stars_read_least(const struct cli_arguments *arguments,
                             Lovebank__V1__StarsRequest *request)
{
    const char *value = arguments_get(arguments, "at_least");
    int64_t centi = 0;
    if (value == NULL) {
        return true;
    }
    if (!amount_parse_decimal(value, 2, &centi) || centi < 0 || centi > LB_POINTS_CENTI_MAX) {
        return false;
    }
    bool by_hours = request->by == LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_HOURS;
    request->at_least = by_hours ? (centi * 60 + 99) / 100 : centi;
    return true;
}

static enum cli_exit stars_read(struct stars *stars, const struct cli_arguments *arguments,
                                Lovebank__V1__StarsRequest *request)
{
    struct cli *cli = stars->cli;
    enum cli_exit exit = CLI_DONE;
    uint64_t year = 0;
    uint64_t top = 0;
    uint64_t class = 0;
    const char *by = arguments_get(arguments, "by");
    const char *class_name = arguments_get(arguments, "class");
    if (by != NULL && strcmp(by, "points") != 0 && strcmp(by, "hours") != 0) {
        return arguments_complain(
            cli, arguments, "by",
            (struct cli_text){"请写 points 或 hours", "write points or hours"});
    }
    request->by = by != NULL && strcmp(by, "hours") == 0
                      ? LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_HOURS
                      : LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_POINTS;
    if (!stars_read_least(arguments, request)) {
        return arguments_complain(
            cli, arguments, "at_least",
            (struct cli_text){"请写数额，如 1000", "write an amount, like 1000"});
    }
    if (!query_number(cli, arguments, "year", 1900, 2199, &year) ||
        !query_number(cli, arguments, "top", 1, UINT32_MAX, &top) ||
        !query_number(cli, arguments, "at", 1, INT64_MAX, &request->at_entry)) {
        return CLI_USAGE;
    }
    if (!typed_resolve(cli, REGISTRY_ORG, arguments_get(arguments, "org"), &request->org, &exit) ||
        (class_name != NULL && !typed_resolve(cli, REGISTRY_CLASS, class_name, &class, &exit))) {
        return exit;
    }
    stars->with_names = arguments_get(arguments, "names") != NULL;
    request->year = (int32_t)year;
    request->top = (uint32_t)top;
    request->class_id = (uint32_t) class;
    return CLI_DONE;
}

static enum cli_exit stars_write(struct stars *stars, Lovebank__V1__StarsRequest *request)
{
    enum cli_exit exit = CLI_DONE;
    const int32_t last_day =
        date_to_day((struct date){.year = request->year, .month = 12, .day = 31});
    const bool is_workbook = stars->export.format == EXPORT_XLSX;
    stars->export.with_names = stars->with_names;
    stars->export.made_day = last_day;
    request->with_names = stars->with_names || stars->export.format == EXPORT_TABLE;
    if (!is_workbook ||
        communities_load(&stars->communities, stars->cli, request->org, last_day, &exit)) {
        exit = stars_pages(stars, request);
    }
    communities_free(&stars->communities);
    return exit;
}

static enum cli_exit stars_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct stars stars = {.cli = cli};
    Lovebank__V1__StarsRequest request = LOVEBANK__V1__STARS_REQUEST__INIT;
    enum cli_exit exit = stars_read(&stars, arguments, &request);
    if (exit != CLI_DONE || !export_open(&stars.export, cli, arguments, &exit)) {
        return exit;
    }
    return export_close(&stars.export, stars_write(&stars, &request));
}

static const struct cli_option stars_options[] = {
    OPTIONS_YEAR_AND_ORG,
    {.name = "class",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CLASS,
     .help = {"只列这一（公开）类别，如 党员", "only this (public) class"}},
    {.name = "by",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "points|hours",
     .help = {"points 按服务所得积分（默认），hours 按时长",
              "points earned by service (default) or hours"}},
    {.name = "top",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"前几名（并列都算）", "ranks up to N, ties included"}},
    {.name = "at_least",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "X",
     .help = {"至少多少分（或小时）", "at least so many points (or hours)"}},
    {.name = "at",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "ENTRY",
     .help = {"截至哪一号账，默认最新一笔", "as of this entry, by default the newest"}},
    {.name = "names",
     .kind = OPTION_FLAG,
     .help = {"文件里也写姓名（打星号）和组织名称",
              "masked names and names of orgs in files, too"}},
    EXPORT_OPTIONS,
};

const struct cli_command command_stars = {
    .name = "stars",
    .summary = {"年度明星榜", "The year's star board"},
    COMMAND_OPTIONS(stars_options),
    .run = stars_run,
};
