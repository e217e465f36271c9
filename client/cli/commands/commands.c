/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The table of commands, and the program around it. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "principals.h"
#include "registry.h"
#include "spool.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct cli_command *const cli_commands[] = {
    &command_status,
    &command_login,
    &command_logout,
    &command_whoami,
    &command_password,
    &command_org_open,
    &command_org_update,
    &command_org_list,
    &command_class_set,
    &command_class_list,
    &command_category_set,
    &command_category_list,
    &command_item_set,
    &command_item_list,
    &command_counter_open,
    &command_counter_list,
    &command_till,
    &command_star_table_set,
    &command_star_table_list,
    &command_member_add,
    &command_member_show,
    &command_member_find,
    &command_member_update,
    &command_member_block,
    &command_member_unblock,
    &command_member_close,
    &command_member_reveal,
    &command_member_consent,
    &command_member_export,
    &command_member_erase,
    &command_card_issue,
    &command_card_block,
    &command_card_replace,
    &command_stock_receive,
    &command_stock_show,
    &command_activity_open,
    &command_record,
    &command_sync,
    &command_redeem,
    &command_service_ask,
    &command_service_give,
    &command_service_release,
    &command_opening,
    &command_import_orgs,
    &command_import_classes,
    &command_import_categories,
    &command_import_items,
    &command_import_counters,
    &command_import_members,
    &command_import_stock,
    &command_import_sheet,
    &command_import_redemptions,
    &command_import_services,
    &command_import_undos,
    &command_import_openings,
    &command_import_list,
    &command_import_undo,
    &command_balance,
    &command_history,
    &command_entries,
    &command_statement,
    &command_undo,
    &command_proposal_list,
    &command_proposal_show,
    &command_proposal_confirm,
    &command_proposal_refuse,
    &command_stars,
    &command_report,
    &command_explain,
    &command_receipt,
    &command_operator_open,
    &command_operator_list,
    &command_operator_code,
    &command_operator_link,
    &command_operator_lock,
    &command_operator_unlock,
    &command_operator_close,
    &command_device_open,
    &command_device_list,
    &command_device_lock,
    &command_device_unlock,
    &command_device_close,
    &command_role_list,
    &command_role_set,
    &command_role_add,
    &command_role_remove,
    &command_policy_show,
    &command_policy_set,
    &command_keys_rotate,
    &command_verify,
    &command_backup,
    &command_migrate_store,
    &command_bench,
    &command_shell,
    &command_completion,
    &command_complete,
};
const size_t cli_command_count = sizeof(cli_commands) / sizeof(cli_commands[0]);

/* Output is UTF-8 always; the table library and wide characters need a locale that says so. */
static void cli_set_locale(void)
{
    if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    }
    (void)setlocale(LC_NUMERIC, "C");
}

/* NULL: not set, or empty. */
static const char *cli_variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static enum cli_exit cli_read_environment(struct cli *cli)
{
    const char *address = cli_variable("LOVEBANK_CONNECT");
    const char *desk = cli_variable("LOVEBANK_DESK");
    cli->address = address != NULL ? address : LB_CLIENT_ADDRESS_DEFAULT;
    cli->token_path = cli_variable("LOVEBANK_TOKEN_FILE");
    cli->device_token_path = cli_variable("LOVEBANK_DEVICE_TOKEN_FILE");
    cli->ca_path = cli_variable("LOVEBANK_CA");
    cli->certificate_path = cli_variable("LOVEBANK_CERTIFICATE");
    cli->certificate_key_path = cli_variable("LOVEBANK_CERTIFICATE_KEY");
    if (desk != NULL) {
        uint64_t number = 0;
        if (!amount_parse_number(desk, 1, LB_CODE_MAX, &number)) {
            cli_complain(cli, TEXT(cli, "LOVEBANK_DESK “%s”：%s。", "LOVEBANK_DESK \"%s\": %s."),
                         cli_cut(cli, desk), cli_choose(cli, range_wanted(cli, 1, LB_CODE_MAX)));
            return CLI_USAGE;
        }
        cli->desk = (uint32_t)number;
    }
    return CLI_DONE;
}

/* Whoever works at a terminal is reminded of what waits here to be sent. */
static void cli_mention_spool(struct cli *cli, const struct cli_command *command)
{
    if (cli->is_json || cli->is_hint || command->is_hidden || command == &command_sync ||
        command == &command_shell || isatty(fileno(cli->err)) != 1) {
        return;
    }
    const size_t count = spool_count(cli);
    if (count > 0) {
        cli_complain(cli,
                     TEXT(cli, "本机有 %zu 条离线记录还没有记账。请运行：lovebank sync",
                          "Kept on this computer, not recorded yet: %zu. Run: lovebank sync"),
                     count);
    }
}

/* Parses and runs. */
static enum cli_exit cli_run(struct cli *cli, int argc, char **argv)
{
    struct cli_arguments arguments;
    const enum cli_exit exit = arguments_parse(cli, argc, argv, &arguments);
    if (exit != CLI_DONE) {
        return exit;
    }
    if (arguments.command == NULL && arguments.group != NULL) {
        help_group(cli, arguments.group, cli->out);
        return CLI_DONE;
    }
    if (arguments.command == NULL) {
        help_program(cli);
        return arguments.wants_help ? CLI_DONE : CLI_USAGE;
    }
    if (arguments.wants_help) {
        help_command(cli, arguments.command);
        return CLI_DONE;
    }
    const enum cli_exit ended = arguments.command->run(cli, &arguments);
    if (ended == CLI_DONE) {
        cli_mention_spool(cli, arguments.command);
    }
    return ended;
}

enum cli_exit cli_perform(struct cli *cli, int argc, char **argv)
{
    const enum cli_exit exit = cli_flush(cli, cli_run(cli, argc, argv));
    registry_free(cli->registry);
    cli->registry = NULL;
    principals_free(cli->principals);
    cli->principals = NULL;
    return exit;
}

enum cli_exit cli_main(int argc, char **argv)
{
    struct cli cli;
    cli_set_locale();
    cli_init(&cli, arguments_language_is_chinese(argc, argv));
    enum cli_exit exit = cli_read_environment(&cli);
    if (exit == CLI_DONE) {
        exit = cli_perform(&cli, argc, argv);
    }
    cli_fini(&cli);
    return exit;
}
