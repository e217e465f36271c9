/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank status`. One thread.
 */
#include "commands.h"

#include "json_message.h"
#include "registry.h"

#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>

/* How far the database is, and what there is if it is lost. */
static void status_print_safety(struct cli *cli, const Lovebank__V1__StatusResponse *status)
{
    if (status->checkpoint_ms == 0) {
        cli_say(cli,
                TEXT(cli, "检查点：第 %" PRIu64 " 号账及以前已写入数据库",
                     "Checkpoint: entries up to %" PRIu64 " are in the database"),
                status->checkpoint_entry);
    } else {
        cli_say(cli,
                TEXT(cli, "检查点：第 %" PRIu64 " 号账及以前已写入数据库（%s）",
                     "Checkpoint: entries up to %" PRIu64 " are in the database (%s)"),
                status->checkpoint_entry, registry_when(cli, status->checkpoint_ms));
    }
    if (status->backup_ms == 0) {
        cli_say(cli, TEXT(cli, "上次备份：启动以来还没有做过",
                          "Last backup: none since the server was started"));
        return;
    }
    cli_say(cli, TEXT(cli, "上次备份：%s，%s", "Last backup: %s, %s"),
            registry_when(cli, status->backup_ms),
            status->backup_verified ? TEXT(cli, "校验通过", "verified")
                                    : TEXT(cli, "没有校验", "not verified"));
}

/* What is told to those who have logged in. */
static void status_print_details(struct cli *cli, const Lovebank__V1__StatusResponse *status)
{
    cli_say(cli,
            TEXT(cli, "志愿者 %" PRIu64 " 人，卡 %" PRIu64 " 张",
                 "Members: %" PRIu64 ", cards: %" PRIu64),
            status->members, status->cards);
    cli_say(cli,
            TEXT(cli, "连接 %" PRIu32 " 个，启动以来记账 %" PRIu64 " 笔，分 %" PRIu64 " 组存盘",
                 "Connections: %" PRIu32 ", since the start %" PRIu64 " entries in %" PRIu64
                 " groups"),
            status->connections, status->entries_written, status->groups);
    cli_say(cli,
            TEXT(cli, "存储已用 %" PRIu64 " MiB，映射 %" PRIu64 " MiB",
                 "Store: %" PRIu64 " MiB used of a map of %" PRIu64 " MiB"),
            status->map_used_bytes >> 20, status->map_bytes >> 20);
    cli_say(cli,
            TEXT(cli, "启动以来请求 %" PRIu64 " 个，其中网页和 HTTP %" PRIu64 " 个",
                 "Requests since the start: %" PRIu64 ", by HTTP %" PRIu64),
            status->requests, status->http_requests);
    status_print_safety(cli, status);
    if (status->read_only) {
        cli_say(cli, TEXT(cli, "磁盘已满，暂时只能查询。请清理磁盘。",
                          "The disk is full: only reading works. Free some space."));
    }
    if (!status->name_index_ready) {
        cli_say(cli, TEXT(cli, "姓名索引还在建立。", "The index of names is still being built."));
    }
}

static void status_print(struct cli *cli, const Lovebank__V1__StatusResponse *status)
{
    cli_say(cli, TEXT(cli, "服务器 %s 正在运行（%s）。", "Server %s is running (%s)."),
            status->version, cli->address);
    cli_say(cli, TEXT(cli, "最新一笔的记账号：%" PRIu64, "Newest entry: %" PRIu64),
            status->durable_entry);
    cli_say(cli,
            TEXT(cli, "校验树（共 %" PRIu64 " 笔账）的根：", "Tree of %" PRIu64 " entries, root:"),
            status->tree_size);
    cli_say(cli, "%s", cli_hex(cli, &status->tree_root));
    if (status->connections > 0) { /* this one, at least */
        status_print_details(cli, status);
    } else {
        cli_say(cli, TEXT(cli, "登录（lovebank login）后可看到更多。",
                          "There is more for those who log in (lovebank login)."));
    }
}

static enum cli_exit status_run(struct cli *cli, const struct cli_arguments *arguments)
{
    (void)arguments;
    enum cli_exit exit = CLI_DONE;
    const Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    Lovebank__V1__StatusResponse *status = (Lovebank__V1__StatusResponse *)cli_call(
        cli, LB_METHOD_STATUS, &request.base, &lovebank__v1__status_response__descriptor, &exit);
    if (status == NULL) {
        return exit;
    }
    if (cli->is_json) {
        cli_put_json(cli, json_of_message(&status->base));
    } else {
        status_print(cli, status);
    }
    cli_free_response(&status->base);
    return CLI_DONE;
}

const struct cli_command command_status = {
    .name = "status",
    .summary = {"服务器和账本的状况", "How the server and the ledger are"},
    .run = status_run,
};
