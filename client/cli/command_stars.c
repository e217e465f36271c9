/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank stars`: the star board (明星榜). One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "json_message.h"
#include "query.h"
#include "registry.h"
#include "table.h"
#include "write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum stars_format { STARS_TABLE, STARS_CSV, STARS_JSON };

/* How the board is written. Its bytes in CSV and JSON depend on the ledger up to the entry alone,
 * as long as names are not asked for. */
struct stars {
    struct cli *cli;
    enum stars_format format;
    bool with_names;
    struct table table; /* STARS_TABLE */
};

static void stars_begin(struct stars *stars)
{
    static const struct table_column columns[] = {
        {.title = {"名次", "RANK"}, .is_right = true},
        {.title = {"编号", "MEMBER"}},
        {.title = {"姓名", "NAME"}},
        {.title = {"组织", "ORG"}, .may_shrink = true},
        {.title = {"积分", "POINTS"}, .is_amount = true},
        {.title = {"时长", "TIME"}, .is_right = true},
        {.title = {"人次", "TIMES"}, .is_right = true},
        {.title = {"星级", "STARS"}, .is_right = true},
    };
    if (stars->format == STARS_TABLE) {
        TABLE_BEGIN(&stars->table, stars->cli, columns);
    } else if (stars->format == STARS_CSV) {
        (void)fprintf(stars->cli->out,
                      "rank,member,org,points_centi,minutes,services,lifetime_minutes,stars%s\n",
                      stars->with_names ? ",name" : "");
    }
}

static void stars_row_table(struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    struct cli *cli = stars->cli;
    const char *cells[] = {
        cli_format(cli, "%" PRIu32, row->rank),
        cli_format(cli, "%08" PRIu64, row->member),
        row->masked_name,
        registry_name(cli, REGISTRY_ORG, row->org),
        write_points(cli, row->points_centi),
        write_minutes(cli, row->minutes),
        cli_format(cli, "%" PRIu32, row->services),
        cli_format(cli, "%" PRIu32, row->stars),
    };
    table_row(&stars->table, cells);
}

/* In quotation marks, those inside it doubled. */
static void stars_csv_text(FILE *out, const char *text)
{
    (void)fputs(",\"", out);
    for (; *text != '\0'; text++) {
        (void)fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    }
    (void)fputc('"', out);
}

static void stars_row_csv(struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    FILE *out = stars->cli->out;
    (void)fprintf(out,
                  "%" PRIu32 ",%08" PRIu64 ",%012" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRIu32
                  ",%" PRId64 ",%" PRIu32,
                  row->rank, row->member, row->org, row->points_centi, row->minutes, row->services,
                  row->lifetime_minutes, row->stars);
    if (stars->with_names) {
        stars_csv_text(out, row->masked_name);
    }
    (void)fputc('\n', out);
}

static void stars_row_json(struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    json_t *object = json_of_message(&row->base);
    if (object != NULL && !stars->with_names) {
        (void)json_object_del(object, "masked_name");
    }
    cli_put_json(stars->cli, object);
}

static void stars_row(struct stars *stars, const Lovebank__V1__StarsRow *row)
{
    switch (stars->format) {
    case STARS_TABLE:
        stars_row_table(stars, row);
        break;
    case STARS_CSV:
        stars_row_csv(stars, row);
        break;
    case STARS_JSON:
        stars_row_json(stars, row);
        break;
    }
}

/* What stands at the foot; in CSV beside it, on standard error. */
static void stars_end(struct stars *stars, const Lovebank__V1__StarsResponse *last)
{
    struct cli *cli = stars->cli;
    const char *root = cli_hex(cli, &last->root);
    if (stars->format == STARS_JSON) {
        cli_put_json(cli, json_pack("{s:I,s:s,s:I,s:I}", "at_entry", (json_int_t)last->at_entry,
                                    "root", root, "persons", (json_int_t)last->persons,
                                    "person_times", (json_int_t)last->person_times));
        return;
    }
    if (stars->format == STARS_TABLE) {
        table_end(&stars->table);
    }
    FILE *foot = stars->format == STARS_TABLE ? cli->out : cli->err;
    (void)fprintf(foot,
                  TEXT(cli, "上榜 %s，服务 %s。截至第 %" PRIu64 " 号记账，根：\n%s\n",
                       "%s, %s. As of entry %" PRIu64 ", root:\n%s\n"),
                  write_persons(cli, last->persons), write_person_times(cli, last->person_times),
                  last->at_entry, root);
}

/* All pages; those after the first are of the same entry. */
static enum cli_exit stars_pages(struct stars *stars, Lovebank__V1__StarsRequest *request)
{
    enum cli_exit exit = CLI_DONE;
    bool has_begun = false;
    do {
        Lovebank__V1__StarsResponse *page = (Lovebank__V1__StarsResponse *)cli_call(
            stars->cli, LB_METHOD_STARS, &request->base, &lovebank__v1__stars_response__descriptor,
            &exit);
        if (page == NULL) {
            return exit;
        }
        const int64_t numbers[3] = {page->a, page->b};
        if (page->code != LB_OK) {
            exit = cli_fail(stars->cli, (int)page->code, numbers, "class");
            cli_free_response(&page->base);
            return exit;
        }
        if (!has_begun) {
            stars_begin(stars);
            has_begun = true;
        }
        for (size_t i = 0; i < page->n_rows; i++) {
            stars_row(stars, page->rows[i]);
        }
        request->at_entry = page->at_entry;
        request->after = page->next;
        if (page->next == 0) {
            stars_end(stars, page);
        }
        cli_free_response(&page->base);
    } while (request->after != 0 && !cli_is_cut_off(stars->cli));
    return CLI_DONE;
}

static bool stars_read_format(const struct cli_arguments *arguments, struct stars *stars)
{
    static const char *const names[] = {"table", "csv", "json"};
    const char *value = arguments_get(arguments, "format");
    stars->format = stars->cli->is_json ? STARS_JSON : STARS_TABLE;
    for (size_t i = 0; value != NULL && i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            stars->format = (enum stars_format)i;
            return true;
        }
    }
    return value == NULL;
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
    request->at_least = by_hours ? centi * 60 / 100 : centi;
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
    if (!stars_read_format(arguments, stars)) {
        return arguments_complain(
            cli, arguments, "format",
            (struct cli_text){"请写 table、csv 或 json", "write table, csv or json"});
    }
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
    if (!registry_resolve(cli, REGISTRY_ORG, arguments_get(arguments, "org"), &request->org,
                          &exit) ||
        (class_name != NULL && !registry_resolve(cli, REGISTRY_CLASS, class_name, &class, &exit))) {
        return exit;
    }
    stars->with_names = arguments_get(arguments, "names") != NULL;
    request->year = (int32_t)year;
    request->top = (uint32_t)top;
    request->class_id = (uint32_t) class;
    request->with_names = stars->with_names || stars->format == STARS_TABLE;
    return CLI_DONE;
}

static enum cli_exit stars_write_file(struct cli *cli, const char *path, const char *board,
                                      size_t size)
{
    FILE *file = fopen(path, "we");
    bool is_good = file != NULL && fwrite(board, 1, size, file) == size && fflush(file) == 0;
    int error = errno;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!is_good) {
        cli_complain(cli,
                     TEXT(cli, "写不了 %s：%s。请核对路径和空间，或换一个文件。",
                          "Cannot write %s: %s. Check its path and room, or name another file."),
                     path, strerror(error));
    }
    return is_good ? CLI_DONE : CLI_FAULT;
}

/* The file is opened when the board is there: a refusal leaves it as it was. */
static enum cli_exit stars_to_file(struct stars *stars, Lovebank__V1__StarsRequest *request,
                                   const char *path)
{
    struct cli *cli = stars->cli;
    FILE *terminal = cli->out;
    char *board = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&board, &size);
    if (memory == NULL) {
        return cli_fail(cli, LB_MEMORY, NULL, "");
    }
    cli->out = memory;
    enum cli_exit exit = stars_pages(stars, request);
    cli->out = terminal;
    if (fclose(memory) != 0) {
        exit = cli_fail(cli, LB_MEMORY, NULL, "");
    } else if (exit == CLI_DONE) {
        exit = stars_write_file(cli, path, board, size);
    } else if (cli->is_json) {
        (void)fwrite(board, 1, size, terminal); /* the refusal */
    }
    free(board);
    return exit;
}

static enum cli_exit stars_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct stars stars = {.cli = cli};
    Lovebank__V1__StarsRequest request = LOVEBANK__V1__STARS_REQUEST__INIT;
    const char *path = arguments_get(arguments, "output");
    enum cli_exit exit = stars_read(&stars, arguments, &request);
    if (exit != CLI_DONE) {
        return exit;
    }
    return path == NULL ? stars_pages(&stars, &request) : stars_to_file(&stars, &request, path);
}

static const struct cli_option stars_options[] = {
    {.name = "year", .kind = OPTION_VALUE, .is_required = true, .help = {"年份", "the year"}},
    {.name = "org",
     .kind = OPTION_VALUE,
     .is_required = true,
     .help = {"组织及其下级，编号或名称", "the org and all below it, by number or name"}},
    {.name = "class",
     .kind = OPTION_VALUE,
     .help = {"只列这一（公开）类别，如 党员", "only this (public) class"}},
    {.name = "by",
     .kind = OPTION_VALUE,
     .value = "points|hours",
     .help = {"points 按服务所得积分（默认），hours 按时长",
              "points earned by service (default) or hours"}},
    {.name = "top",
     .kind = OPTION_VALUE,
     .value = "N",
     .help = {"前几名（并列都算）", "ranks up to N, ties included"}},
    {.name = "at_least",
     .kind = OPTION_VALUE,
     .value = "X",
     .help = {"至少多少分（或小时）", "at least so many points (or hours)"}},
    {.name = "at",
     .kind = OPTION_VALUE,
     .value = "ENTRY",
     .help = {"截至这一号记账，默认最新", "as of this entry, by default the newest"}},
    {.name = "format",
     .kind = OPTION_VALUE,
     .help = {"table（默认）、csv、json", "table (default), csv or json"}},
    {.name = "names",
     .kind = OPTION_FLAG,
     .help = {"csv、json 中也写遮掩的姓名", "masked names in csv and json too"}},
    {.name = "output",
     .kind = OPTION_VALUE,
     .value = "FILE",
     .help = {"写入文件（也可写 -o）", "write to this file (also -o)"}},
};

const struct cli_command command_stars = {
    .name = "stars",
    .summary = {"年度明星榜", "The year's star board"},
    COMMAND_OPTIONS(stars_options),
    .run = stars_run,
};
