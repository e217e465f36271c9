/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank receipt`: an entry on paper, or its proof code checked. One thread.
 */
#include "commands.h"

#include "entry_view.h"
#include "printer.h"
#include "query.h"
#include "receipt_view.h"

#include "lovebank/v1/services.pb-c.h"

#include <inttypes.h>
#include <string.h>

/* The member of the receipt; NULL when it is not to be had: then the number stands for the name. */
static Lovebank__V1__MemberGetResponse *receipt_member(struct cli *cli, uint64_t member)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = member;
    request.member = &ref;
    return (Lovebank__V1__MemberGetResponse *)cli_call(
        cli, LB_METHOD_MEMBER_GET, &request.base, &lovebank__v1__member_get_response__descriptor,
        &exit);
}

static bool receipt_zone(struct cli *cli, int32_t *zone_east_s, enum cli_exit *exit)
{
    const Lovebank__V1__HelloRequest request = cli_greeting(cli);
    Lovebank__V1__HelloResponse *hello = (Lovebank__V1__HelloResponse *)cli_call(
        cli, LB_METHOD_HELLO, &request.base, &lovebank__v1__hello_response__descriptor, exit);
    if (hello == NULL) {
        return false;
    }
    *zone_east_s = hello->zone_east_s;
    cli_free_response(&hello->base);
    return true;
}

/* A copy in a file is a file of its own; -o is not the day's roll of a till. */
static enum cli_exit receipt_write(struct cli *cli, const char *path, struct bytes paper)
{
    FILE *file = path == NULL ? cli->out : fopen(path, "we");
    bool is_written = file != NULL && fwrite(paper.data, 1, paper.size, file) == paper.size;
    if (path == NULL) {
        return CLI_DONE; /* cli_flush tells */
    }
    is_written = file != NULL && fclose(file) == 0 && is_written;
    if (!is_written) {
        cli_complain(cli,
                     TEXT(cli, "写不了 %s。请腾出空间，或改到别处。",
                          "Cannot write %s; make room, or send it elsewhere."),
                     path);
    }
    return is_written ? CLI_DONE : CLI_FAULT;
}

static enum cli_exit receipt_print(struct cli *cli, const struct cli_arguments *arguments,
                                   const struct printer *printer, const struct receipt *receipt)
{
    char *text = cli_take(cli, RECEIPT_BYTES_MAX, 1);
    size_t lost = 0;
    if (arguments_get(arguments, "passbook") != NULL) {
        receipt_format_passbook(receipt, text);
    } else {
        receipt_format(receipt, printer->columns, text);
    }
    struct bytes paper = printer_encode(cli, text, printer->encoding, &lost);
    enum cli_exit exit = receipt_write(cli, arguments_get(arguments, "output"), paper);
    if (lost > 0) {
        cli_complain(cli,
                     TEXT(cli, "有 %zu 个字打印机印不出，印成了“?”。",
                          "%zu characters cannot be printed; they became \"?\"."),
                     lost);
    }
    return exit;
}

static enum cli_exit receipt_check(struct cli *cli, const struct cli_arguments *arguments,
                                   const Lovebank__V1__Entry *entry,
                                   const Lovebank__V1__StoredEntry *stored)
{
    char given[PROOF_CODE_BYTES];
    char real[PROOF_CODE_BYTES];
    if (!proof_code_parse(arguments_get(arguments, "check"), given)) {
        return arguments_complain(
            cli, arguments, "check",
            (struct cli_text){"请照抄收据上的 8 位校验码，如 K7QF-M2XD",
                              "give the 8 characters of the receipt, like K7QF-M2XD"});
    }
    proof_code_of(bytes_of(stored->packed.data, stored->packed.len), real);
    const bool is_same = strcmp(given, real) == 0;
    if (cli->is_json) {
        cli_put_json(cli, json_pack("{s:I,s:s,s:b}", "entry", (json_int_t)entry->number, "code",
                                    given, "matches", (int)is_same));
    } else if (is_same) {
        cli_say(cli,
                TEXT(cli, "校验码 %s 与第 %" PRIu64 " 号账相符。",
                     "The proof code %s belongs to entry %" PRIu64 "."),
                given, entry->number);
    } else {
        cli_complain(cli,
                     TEXT(cli,
                          "校验码 %s 不是第 %" PRIu64 " 号账的。请核对两个号码；若都没抄错，这张"
                          "收据不是这笔账打出的。",
                          "The proof code %s is not that of entry %" PRIu64
                          ". Check both numbers; if they were copied right, the receipt was not "
                          "printed from this entry."),
                     given, entry->number);
    }
    return is_same ? CLI_DONE : CLI_REFUSED;
}

static enum cli_exit receipt_of(struct cli *cli, const struct cli_arguments *arguments,
                                const struct printer *printer,
                                const Lovebank__V1__StoredEntry *stored,
                                const Lovebank__V1__Entry *entry)
{
    enum cli_exit exit = CLI_DONE;
    int32_t zone_east_s = 0;
    if (arguments_get(arguments, "check") != NULL) {
        return receipt_check(cli, arguments, entry, stored);
    }
    if (!receipt_view_is_possible(entry)) {
        cli_complain(cli,
                     TEXT(cli,
                          "第 %" PRIu64 " 号账（%s）没有收据：只有成功的兑换、记时、预约、"
                          "转入期初余额、撤销才有。",
                          "Entry %" PRIu64 " (%s) has no receipt: only redemptions, services, "
                          "opening balances and reversals that were done have one."),
                     entry->number, entry_view_what(cli, entry));
        return CLI_REFUSED;
    }
    if (!receipt_zone(cli, &zone_east_s, &exit)) {
        return exit;
    }
    struct receipt receipt;
    Lovebank__V1__MemberGetResponse *member = receipt_member(cli, entry->links[0]->member);
    receipt_view(cli, stored, entry, member == NULL ? NULL : member->info, zone_east_s, &receipt);
    receipt.is_reprint = arguments_get(arguments, "original") == NULL;
    exit = receipt_print(cli, arguments, printer, &receipt);
    if (member != NULL) {
        cli_free_response(&member->base);
    }
    return exit;
}

static enum cli_exit receipt_answer(struct cli *cli, const struct cli_arguments *arguments,
                                    const struct printer *printer,
                                    const Lovebank__V1__EntryRef *target,
                                    const Lovebank__V1__EntryGetResponse *response)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__Entry *entry = entry_view_answer(cli, response, target, &exit);
    if (entry == NULL) {
        return exit;
    }
    exit = receipt_of(cli, arguments, printer, response->entry, entry);
    lovebank__v1__entry__free_unpacked(entry, NULL);
    return exit;
}

static enum cli_exit receipt_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct printer printer;
    Lovebank__V1__EntryRef target = LOVEBANK__V1__ENTRY_REF__INIT;
    if (!query_entry(cli, arguments, "entry", &target)) {
        return CLI_USAGE;
    }
    enum cli_exit exit = printer_read_options(cli, arguments, &printer);
    if (exit != CLI_DONE) {
        return exit;
    }
    Lovebank__V1__EntryGetResponse *response = entry_view_get(cli, &target, false, &exit);
    if (response == NULL) {
        return exit;
    }
    exit = receipt_answer(cli, arguments, &printer, &target, response);
    cli_free_response(&response->base);
    return exit;
}

static const struct cli_option receipt_options[] = {
    {.name = "entry",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .help = {"记账号或请求号", "an entry number or a request id"}},
    PRINTER_OPTIONS,
    {.name = "passbook",
     .kind = OPTION_FLAG,
     .help = {"存折上的一行，80 列", "one line for a paper passbook, 80 columns"}},
    {.name = "original",
     .kind = OPTION_FLAG,
     .help = {"不印“补打”：第一次打印时用", "without the mark of a reprint: for the first print"}},
    {.name = "check",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "CODE",
     .help = {"不打印，只核对收据上的校验码", "prints nothing: is this the entry's proof code?"}},
    {.name = "output",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "FILE",
     .help = {"写到这个文件，默认显示在屏幕上", "to this file, by default standard output"}},
};

const struct cli_command command_receipt = {
    .name = "receipt",
    .summary = {"打印一笔账的收据，或核对校验码",
                "Prints the receipt of an entry, or checks its code"},
    COMMAND_OPTIONS(receipt_options),
    .run = receipt_run,
};
