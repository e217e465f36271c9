/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The entries of all commands, each defined in its command_*.c. Constant data.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "command.h"

extern const struct cli_command command_status;
extern const struct cli_command command_org_open;
extern const struct cli_command command_org_update;
extern const struct cli_command command_org_list;
extern const struct cli_command command_class_set;
extern const struct cli_command command_class_list;
extern const struct cli_command command_category_set;
extern const struct cli_command command_category_list;
extern const struct cli_command command_item_set;
extern const struct cli_command command_item_list;
extern const struct cli_command command_counter_open;
extern const struct cli_command command_counter_list;
extern const struct cli_command command_star_table_set;
extern const struct cli_command command_star_table_list;
extern const struct cli_command command_member_add;
extern const struct cli_command command_member_show;
extern const struct cli_command command_member_find;
extern const struct cli_command command_member_update;
extern const struct cli_command command_member_block;
extern const struct cli_command command_member_unblock;
extern const struct cli_command command_member_close;
extern const struct cli_command command_card_issue;
extern const struct cli_command command_card_block;
extern const struct cli_command command_card_replace;
extern const struct cli_command command_stock_receive;
extern const struct cli_command command_stock_show;
extern const struct cli_command command_activity_open;
extern const struct cli_command command_record;
extern const struct cli_command command_sync;
extern const struct cli_command command_redeem;
extern const struct cli_command command_service_ask;
extern const struct cli_command command_service_give;
extern const struct cli_command command_service_release;
extern const struct cli_command command_opening;
extern const struct cli_command command_balance;
extern const struct cli_command command_history;
extern const struct cli_command command_entries;
extern const struct cli_command command_statement;
extern const struct cli_command command_undo;
extern const struct cli_command command_import_orgs;
extern const struct cli_command command_import_classes;
extern const struct cli_command command_import_categories;
extern const struct cli_command command_import_items;
extern const struct cli_command command_import_counters;
extern const struct cli_command command_import_members;
extern const struct cli_command command_import_stock;
extern const struct cli_command command_import_sheet;
extern const struct cli_command command_import_redemptions;
extern const struct cli_command command_import_services;
extern const struct cli_command command_import_undos;
extern const struct cli_command command_import_openings;
extern const struct cli_command command_import_list;
extern const struct cli_command command_import_undo;
extern const struct cli_command command_stars;
extern const struct cli_command command_report;
extern const struct cli_command command_explain;
extern const struct cli_command command_receipt;
extern const struct cli_command command_till;
extern const struct cli_command command_verify;
extern const struct cli_command command_backup;
extern const struct cli_command command_migrate_store;
extern const struct cli_command command_bench;
extern const struct cli_command command_login;
extern const struct cli_command command_logout;
extern const struct cli_command command_password;
extern const struct cli_command command_whoami;
extern const struct cli_command command_operator_open;
extern const struct cli_command command_operator_list;
extern const struct cli_command command_operator_lock;
extern const struct cli_command command_operator_unlock;
extern const struct cli_command command_operator_close;
extern const struct cli_command command_operator_code;
extern const struct cli_command command_operator_link;
extern const struct cli_command command_device_open;
extern const struct cli_command command_device_list;
extern const struct cli_command command_device_lock;
extern const struct cli_command command_device_unlock;
extern const struct cli_command command_device_close;
extern const struct cli_command command_role_list;
extern const struct cli_command command_role_set;
extern const struct cli_command command_role_add;
extern const struct cli_command command_role_remove;
extern const struct cli_command command_policy_show;
extern const struct cli_command command_policy_set;
extern const struct cli_command command_proposal_list;
extern const struct cli_command command_proposal_show;
extern const struct cli_command command_proposal_confirm;
extern const struct cli_command command_proposal_refuse;
extern const struct cli_command command_member_reveal;
extern const struct cli_command command_member_export;
extern const struct cli_command command_member_erase;
extern const struct cli_command command_member_consent;
extern const struct cli_command command_keys_rotate;
extern const struct cli_command command_shell;
extern const struct cli_command command_completion;
extern const struct cli_command command_complete;

#endif
