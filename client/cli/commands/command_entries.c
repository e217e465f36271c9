/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank entries`: the entries of the ledger that one may see, newest first, or from one on, and
 * then the new ones as they come. One thread.
 */
#include "commands.h"

#include "entry_view.h"
#include "export.h"
#include "json_message.h"
#include "principals.h"
#include "query.h"
#include "registry.h"
#include "typed.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define ENTRIES_ROWS_DEFAULT 20
#define ENTRIES_PAUSE_S      1

struct entries {
    struct cli *cli;
    struct export export;
    uint64_t rows; /* still wanted */
    bool is_following;
    Lovebank__V1__EntryListRequest request;
};

static const struct export_column entries_columns[] = {
    {.name = "number", .title = {"记账号", "ENTRY"}, .type = EXPORT_COUNT},
    {.name = "recorded", .title = {"记账时间", "RECORDED"}},
    {.name = "day", .title = {"日期", "DATE"}, .type = EXPORT_DAY},
    {.name = "member", .title = {"志愿者", "MEMBER"}, .type = EXPORT_IDENTIFIER},
    {.name = "what", .title = {"事项", "WHAT"}, .may_shrink = true, .share = 0.25},
    {.name = "minutes", .title = {"分钟", "MINUTES"}, .type = EXPORT_COUNT, .is_change = true},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS, .is_change = true},
    {.name = "org",
     .title = {"组织编号", "ORG NUMBER"},
     .type = EXPORT_IDENTIFIER,
     .place = EXPORT_IN_FILES},
    {.name = "note", .title = {"备注", "NOTE"}, .may_shrink = true, .share = 0.1},
    {.name = "who", .title = {"经手", "BY"}, .may_shrink = true, .share = 0.1},
};

/* ---- rows ---- */

static struct export_cell entries_change(const Lovebank__V1__Entry *entry, uint64_t member,
                                         Lovebank__V1__AssetKind asset)
{
    const int64_t change = entry_view_change(entry, member, asset);
    return change == 0 ? export_none() : export_number(change);
}

static void entries_row(struct entries *entries, const Lovebank__V1__StoredEntry *stored,
                        const Lovebank__V1__Entry *entry)
{
    struct cli *cli = entries->cli;
    const uint64_t member = entry->n_links == 0 ? 0 : entry->links[0]->member;
    const struct export_cell cells[] = {
        export_number((int64_t)entry->number),
        export_text(registry_when(cli, entry->recorded_ms)),
        export_number(entry->day),
        export_identifier(cli, member, EXPORT_MEMBER_DIGITS),
        export_text(entry_view_what(cli, entry)),
        entries_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES),
        entries_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS),
        export_identifier(cli, entry->org, EXPORT_ORG_DIGITS),
        export_text(entry_view_note(cli, stored, entry)),
        export_text(entry_view_who(cli, stored, entry)),
    };
    export_row(&entries->export, cells, NULL);
}

/* Who follows wants each entry at once, so no table is laid out. */
static void entries_line(struct entries *entries, const Lovebank__V1__StoredEntry *stored,
                         const Lovebank__V1__Entry *entry)
{
    struct cli *cli = entries->cli;
    const char *parts[] = {
        entry->n_links == 0 ? "" : cli_format(cli, "%08" PRIu64, entry->links[0]->member),
        entry_view_what(cli, entry),
        entry_view_note(cli, stored, entry),
        entry_view_who(cli, stored, entry),
    };
    const char *line =
        cli_format(cli, "%" PRIu64 "  %s", entry->number, registry_when(cli, entry->recorded_ms));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        line = parts[i][0] == '\0' ? line : cli_format(cli, "%s  %s", line, parts[i]);
    }
    cli_say(cli, "%s", line);
}

/* false: an entry cannot be read. */
static bool entries_page(struct entries *entries, const Lovebank__V1__EntryListResponse *page)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        const Lovebank__V1__StoredEntry *stored = page->entries[i];
        if (entries->export.format == EXPORT_JSON) {
            export_object(&entries->export, json_of_stored_entry(&stored->base));
            continue;
        }
        Lovebank__V1__Entry *entry = entry_view_unpack(stored);
        if (entry == NULL) {
            return false;
        }
        if (entries->is_following) {
            entries_line(entries, stored, entry);
        } else {
            entries->export.made_day =
                entries->export.made_day == 0 ? entry->day : entries->export.made_day;
            entries_row(entries, stored, entry);
        }
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    return true;
}

/* ---- pages ---- */

/* One page; to be freed with cli_free_response. NULL: told. */
static Lovebank__V1__EntryListResponse *entries_ask(struct entries *entries, enum cli_exit *exit)
{
    struct cli *cli = entries->cli;
    entries->request.limit =
        (uint32_t)(entries->rows < LB_PAGE_ROWS_MAX ? entries->rows : LB_PAGE_ROWS_MAX);
    Lovebank__V1__EntryListResponse *page = (Lovebank__V1__EntryListResponse *)cli_call(
        cli, LB_METHOD_ENTRY_LIST, &entries->request.base,
        &lovebank__v1__entry_list_response__descriptor, exit);
    if (page != NULL && page->code != LB_OK) {
        const int64_t numbers[3] = {page->a};
        *exit = cli_fail(cli, (int)page->code, numbers, "");
        cli_free_response(&page->base);
        return NULL;
    }
    return page;
}

/* Shows a page, and sets where the next one begins. false: that was the last for now. */
static bool entries_take(struct entries *entries, const Lovebank__V1__EntryListResponse *page,
                         enum cli_exit *exit)
{
    Lovebank__V1__EntryListRequest *request = &entries->request;
    if (!entries_page(entries, page)) {
        *exit = cli_fail(entries->cli, LB_MALFORMED, NULL, "Entry");
        return false;
    }
    entries->rows -= page->n_entries < entries->rows ? page->n_entries : entries->rows;
    if (request->newest_first) {
        request->before_entry = page->next;
        return page->next != 0;
    }
    request->after_entry = page->next;
    return page->next != page->durable_entry;
}

/* Up to the last there is now, or as many as are wanted. */
static enum cli_exit entries_pages(struct entries *entries)
{
    enum cli_exit exit = CLI_DONE;
    bool has_more = true;
    while (has_more && entries->rows > 0 && exit == CLI_DONE &&
           !export_is_cut_off(&entries->export)) {
        Lovebank__V1__EntryListResponse *page = entries_ask(entries, &exit);
        if (page == NULL) {
            return exit;
        }
        has_more = entries_take(entries, page, &exit);
        cli_free_response(&page->base);
    }
    return exit;
}

/* The newest entry, from which on to follow. false: told. */
static bool entries_find_newest(struct entries *entries, enum cli_exit *exit)
{
    const Lovebank__V1__EntryListRequest wanted = entries->request;
    entries->request.newest_first = true;
    Lovebank__V1__EntryListResponse *page = entries_ask(entries, exit);
    entries->request = wanted;
    if (page == NULL) {
        return false;
    }
    entries->request.after_entry = page->durable_entry;
    cli_free_response(&page->base);
    return true;
}

/* Ends when as many came as are wanted, when nobody reads any more, or with a signal. */
static enum cli_exit entries_follow(struct entries *entries, bool is_from_newest)
{
    enum cli_exit exit = CLI_DONE;
    if (is_from_newest && !entries_find_newest(entries, &exit)) {
        return exit;
    }
    for (;;) {
        exit = entries_pages(entries);
        exit = cli_flush(entries->cli, exit);
        if (exit != CLI_DONE || entries->rows == 0 || cli_is_cut_off(entries->cli)) {
            return exit;
        }
        const struct timespec pause = {.tv_sec = ENTRIES_PAUSE_S};
        (void)nanosleep(&pause, NULL);
    }
}

static enum cli_exit entries_write(struct entries *entries)
{
    const struct export_sheet sheet = {.name = TEXT(entries->cli, "账目", "Entries"),
                                       EXPORT_COLUMNS(entries_columns)};
    export_sheet_begin(&entries->export, &sheet);
    const enum cli_exit exit = entries_pages(entries);
    if (exit == CLI_DONE) {
        export_sheet_end(&entries->export, NULL);
    }
    return exit;
}

/* ---- options ---- */

/* By its name in proto/, also with hyphens: "service_record". 0: none has it. */
static uint32_t entries_find_act(const char *name)
{
    const ProtobufCMessageDescriptor *command = &lovebank__v1__command__descriptor;
    for (unsigned i = 0; i < command->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &command->fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
            option_is_named(name, strlen(name), field->name)) {
            return field->id;
        }
    }
    return 0;
}

/* By the words that lists show, or by the name in proto/. */
static bool entries_read_act(struct cli *cli, const struct cli_arguments *arguments, uint32_t *act)
{
    const char *word = arguments_get(arguments, "act");
    Lovebank__V1__Command__ActCase found = LOVEBANK__V1__COMMAND__ACT__NOT_SET;
    if (word == NULL) {
        return true;
    }
    *act = words_find_act(word, &found) ? (uint32_t)found : entries_find_act(word);
    if (*act != 0) {
        return true;
    }
    (void)arguments_complain(
        cli, arguments, "act",
        (struct cli_text){
            "请写事项，如 记时、兑换商品、登记志愿者，或 service_record",
            "give an act as lists show it: service, redeem goods, register member; or "
            "service_record"});
    return false;
}

/* One's own: there must be a log-in to go by. */
static bool entries_read_mine(struct cli *cli, const struct cli_arguments *arguments,
                              uint32_t *principal, enum cli_exit *exit)
{
    const Lovebank__V1__WhoamiRequest request = LOVEBANK__V1__WHOAMI_REQUEST__INIT;
    if (arguments_get(arguments, "mine") == NULL) {
        return true;
    }
    Lovebank__V1__WhoamiResponse *response = (Lovebank__V1__WhoamiResponse *)cli_call(
        cli, LB_METHOD_WHOAMI, &request.base, &lovebank__v1__whoami_response__descriptor, exit);
    if (response == NULL) {
        return false;
    }
    *principal = response->principal == NULL ? 0 : response->principal->principal;
    cli_free_response(&response->base);
    if (*principal == 0) {
        *exit = arguments_complain(
            cli, arguments, "mine",
            (struct cli_text){"还没有登录，不知道您是谁：请先 lovebank login，或去掉 --mine",
                              "nobody is logged in: run lovebank login, or leave out --mine"});
    }
    return *principal != 0;
}

static bool entries_read_order(struct cli *cli, const struct cli_arguments *arguments,
                               struct entries *entries)
{
    Lovebank__V1__EntryListRequest *request = &entries->request;
    const bool has_after = arguments_get(arguments, "after") != NULL;
    if (!query_number(cli, arguments, "limit", 1, UINT32_MAX, &entries->rows) ||
        !query_number(cli, arguments, "before", 1, INT64_MAX, &request->before_entry) ||
        !query_number(cli, arguments, "after", 0, INT64_MAX, &request->after_entry)) {
        return false;
    }
    entries->is_following = arguments_get(arguments, "follow") != NULL;
    request->newest_first = !has_after && !entries->is_following;
    if (request->before_entry != 0 && !request->newest_first) {
        (void)arguments_complain(
            cli, arguments, "before",
            (struct cli_text){"从新到旧才用 --before，不能与 --after、--follow 同用",
                              "goes with newest first only, not with --after or --follow"});
        return false;
    }
    return true;
}

static bool entries_read(struct cli *cli, const struct cli_arguments *arguments,
                         struct entries *entries, enum cli_exit *exit)
{
    Lovebank__V1__EntryListRequest *request = &entries->request;
    const char *org = arguments_get(arguments, "org");
    *exit = CLI_USAGE;
    if (!entries_read_order(cli, arguments, entries) ||
        !entries_read_act(cli, arguments, &request->act) ||
        !query_day(cli, arguments, "day", &request->recorded_day, &request->has_recorded_day)) {
        return false;
    }
    request->no_refused = arguments_get(arguments, "done") != NULL;
    *exit = CLI_DONE;
    return (org == NULL || typed_resolve(cli, REGISTRY_ORG, org, &request->org, exit)) &&
           (arguments_get(arguments, "device") == NULL ||
            principals_resolve(cli, arguments, "device", PRINCIPAL_DEVICE, &request->device,
                               exit)) &&
           entries_read_mine(cli, arguments, &request->principal, exit);
}

static enum cli_exit entries_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    struct entries entries = {.cli = cli, .request = LOVEBANK__V1__ENTRY_LIST_REQUEST__INIT};
    if (!entries_read(cli, arguments, &entries, &exit) ||
        !export_open(&entries.export, cli, arguments, &exit)) {
        return exit;
    }
    const enum export_format format = entries.export.format;
    const bool is_file =
        format == EXPORT_CSV || format == EXPORT_XLSX || arguments_get(arguments, "output") != NULL;
    if (entries.is_following && is_file) {
        exit = arguments_complain(
            cli, arguments, "follow",
            (struct cli_text){"只能显示在屏幕上，或用 --json；请去掉 --format、--output",
                              "shows on the terminal, or as --json: leave out --format and "
                              "--output"});
        return export_close(&entries.export, exit);
    }
    if (arguments_get(arguments, "all") != NULL ||
        (entries.rows == 0 && (is_file || entries.is_following))) {
        entries.rows = UINT64_MAX;
    } else if (entries.rows == 0) {
        entries.rows = ENTRIES_ROWS_DEFAULT;
    }
    exit = entries.is_following
               ? entries_follow(&entries, arguments_get(arguments, "after") == NULL)
               : entries_write(&entries);
    return export_close(&entries.export, exit);
}

static const struct cli_option entries_options[] = {
    {.name = "org",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .help = {"只看这个组织及其下级的", "of this org and those below it"}},
    {.name = "act",
     .kind = OPTION_VALUE,
     .value = "WHAT",
     .help = {"只看这种事项，如 记时、兑换商品", "such acts only: service, redeem goods"}},
    {.name = "mine", .kind = OPTION_FLAG, .help = {"只看自己记的", "your own only"}},
    {.name = "device",
     .kind = OPTION_VALUE,
     .value = "NAME",
     .help = {"只看在这台设备上记的", "recorded at this device"}},
    {.name = "day",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .help = {"只看这一天记的，如 今天", "recorded on this day"}},
    {.name = "done",
     .kind = OPTION_FLAG,
     .help = {"不要被拒绝的和等确认的", "without refusals and what waits"}},
    {.name = "after",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "ENTRY",
     .help = {"这个记账号以后的，从旧到新", "those after this one, oldest first"}},
    {.name = "before",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "ENTRY",
     .help = {"这个记账号以前的", "those before this one"}},
    {.name = "limit",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"最多多少笔，默认 20；写到文件或 --follow 默认不限",
              "at most so many, by default 20; in files and with --follow no limit"}},
    {.name = "all", .kind = OPTION_FLAG, .help = {"全部", "all of them"}},
    {.name = "follow",
     .kind = OPTION_FLAG,
     .help = {"等新的，来一笔显示一笔", "wait for new ones and show them as they come"}},
    EXPORT_OPTIONS,
};

const struct cli_command command_entries = {
    .name = "entries",
    .summary = {"账目，新的在前；可等新的",
                "Entries of the ledger, newest first; waits for new ones"},
    COMMAND_OPTIONS(entries_options),
    .run = entries_run,
};
