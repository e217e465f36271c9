/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The result list: every answer LoveBank gives, in one table.
 *
 * Position is precedence: when several results fit one command, the one listed first is given.
 * Numbers are stored in the ledger and sent on the wire: they are fixed, and never reused.
 * Stages, in this order: malformed, unauthorised, known id, invalid, not found, state; then what
 * is wrong with the service itself rather than with the command.
 *
 * X(symbol, number, name, class, recorded, zh, en)
 *   class     what a client does about it: see enum lb_result_class
 *   recorded  1: a refusal of this kind is an entry of the ledger and uses up its request id
 *   zh, en    the sentence shown to people; {a} {b} {c} are the result's numbers, formatted by
 *             their kinds (see lb_result_number_kinds); {s} is the text of the thing at fault;
 *             a part in [ ] is left out when its number is 0. Terminal, pages and programs share
 *             them, so they name no command: the terminal adds its own
 *
 * Pure data; safe from any thread.
 */
#ifndef LOVEBANK_RESULT_H
#define LOVEBANK_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#define LB_MUST_CHECK __attribute__((warn_unused_result))

enum lb_result_class {
    LB_CLASS_DONE = 0,      /* it happened */
    LB_CLASS_REJECTED = 1,  /* it did not happen, and will not by sending it again */
    LB_CLASS_RETRYABLE = 2, /* send the same command with the same id again, later */
    LB_CLASS_FAULT = 3,     /* the service is at fault: disk, memory */
    LB_CLASS_BUG = 4,       /* a programmer's error on one of the two sides */
    LB_CLASS_WAITING = 5,   /* it waits for another person; sent again, the id tells how it ended */
};

/* clang-format off */
#define LB_RESULT_LIST(X) \
    X(OK,                    0, "ok",                    DONE,      0, "完成", "done") \
    /* malformed */ \
    X(MALFORMED,             1, "malformed",             BUG,       0, "消息内容无法辨认：{s}。请更新客户端", "the message cannot be decoded: {s}; update the client") \
    X(FRAME_TOO_LARGE,       2, "frame_too_large",       REJECTED,  0, "这次发送了 {a} 字节，最多 {b} 字节。请分几次发送", "the message has {a} bytes, at most {b} are allowed; send it in parts") \
    X(METHOD_UNKNOWN,        3, "method_unknown",        BUG,       0, "服务器不认识 {a} 号方法。请更新服务器或客户端", "the server has no method number {a}; update the server or the client") \
    X(VERSION_MISMATCH,      4, "version_mismatch",      REJECTED,  0, "客户端用的是第 {a} 版协议，服务器只认第 {b} 版。请更新较旧的一方", "the client speaks protocol version {a}, the server version {b}; update the older one") \
    X(BATCH_TOO_LARGE,       5, "batch_too_large",       REJECTED,  0, "一批有 {a} 条，最多 {b} 条。请分成几批", "the batch has {a} commands, at most {b} are allowed; send smaller batches") \
    X(TEXT_TOO_LONG,         6, "text_too_long",         REJECTED,  0, "“{s}”太长：有 {a} 字节，最多 {b} 字节（一个汉字占 3 字节）。请缩短", "{s} is too long: {a} bytes, at most {b} (a Chinese character takes 3); shorten it") \
    X(TEXT_INVALID,          7, "text_invalid",          REJECTED,  0, "“{s}”里有认不出的文字或控制字符。请重新输入", "{s} is not valid UTF-8 text or holds control characters; enter it again") \
    X(FIELD_MISSING,         8, "field_missing",         REJECTED,  0, "缺少“{s}”。请填写", "{s} is missing; fill it in") \
    X(FIELD_INVALID,         9, "field_invalid",         REJECTED,  0, "“{s}”是 {a}，应在 {b} 到 {c} 之间。请更正", "{s} is {a}, but must be from {b} to {c}; correct it") \
    X(LINES_TOO_MANY,       10, "lines_too_many",        REJECTED,  0, "一笔有 {a} 行，最多 {b} 行。请分成几笔", "the command has {a} lines, at most {b} are allowed; split it") \
    X(ROWS_TOO_MANY,        11, "rows_too_many",         REJECTED,  0, "结果超过 {a} 行。请缩小组织范围，或少分几项统计", "there are more than {a} rows; ask for a smaller org, or break it down by less") \
    /* unauthorised */ \
    X(UNAUTHORISED,         20, "unauthorised",          REJECTED,  0, "没有权限做这件事：{s}。请找管理员", "not allowed: {s}; ask an administrator") \
    X(LOGIN_REQUIRED,       21, "login_required",        REJECTED,  0, "请先登录", "log in first") \
    X(SESSION_EXPIRED,      22, "session_expired",       REJECTED,  0, "登录已过期或已退出，或这个令牌不认识。请重新登录", "the session has ended, or the token is not known; log in again") \
    X(PRINCIPAL_LOCKED,     23, "principal_locked",      REJECTED,  0, "{a} 号账户已锁定或停用。请找管理员", "account {a} is locked or closed; ask an administrator") \
    X(LOGIN_WRONG,          24, "login_wrong",           REJECTED,  0, "登录名或密码不对，或一次性口令已过期（72 小时）。请核对后再输，或请管理员另给一个口令", "the log-in name or the password is wrong, or the one-time code is older than 72 hours; check them and try again, or have a new code made") \
    X(LOGIN_DELAYED,        25, "login_delayed",         RETRYABLE, 0, "输错的次数多，请等 {a} 秒再登录", "too many wrong attempts; log in again in {a} seconds") \
    X(PASSWORD_NEEDED,      26, "password_needed",       REJECTED,  0, "一次性口令只能用来设定密码。请同时给出新密码", "a one-time code only serves to set a password; give the new password with it") \
    X(PASSWORD_WEAK,        27, "password_weak",         REJECTED,  0, "新密码有 {a} 个字符，应有 {b} 到 128 个，且不能与登录名或旧密码相同。请换一个", "the new password has {a} characters; it must have {b} to 128 and differ from the log-in name and the old one; choose another") \
    X(OUT_OF_SCOPE,         28, "out_of_scope",          REJECTED,  0, "组织 {a} 不在您的权限范围内（0 表示全部）。请找管理员", "org {a} is outside your scope (0 is the whole book); ask an administrator") \
    /* known id */ \
    X(ID_REUSED,            30, "id_reused",             BUG,       0, "这个请求号已用于第 {a} 号账，内容不同。请换新的请求号", "this request id was used for entry {a} with other content; use a new id") \
    /* invalid */ \
    X(CARD_CHECK_DIGIT,     40, "card_check_digit",      REJECTED,  0, "卡号 {a} 的校验位不对。请核对后重输", "the check digit of card {a} is wrong; check the number and enter it again") \
    X(MINUTES_INVALID,      41, "minutes_invalid",       REJECTED,  0, "时长 {a} 分钟不对，应在 1 到 {b} 分钟之间。请更正", "{a} minutes of service: it must be from 1 to {b}; correct it") \
    X(DATE_INVALID,         42, "date_invalid",          REJECTED,  0, "“{s}”不是有效日期。请写成 2016-05-01 的样子", "{s} is not a valid date; write it like 2016-05-01") \
    X(QUANTITY_INVALID,     43, "quantity_invalid",      REJECTED,  0, "数量 {a} 不对，应在 1 到 {b} 之间。请更正", "the quantity {a} must be from 1 to {b}; correct it") \
    X(DATE_IN_FUTURE,       44, "date_in_future",        REJECTED,  0, "日期 {a} 还没到（今天是 {b}）。请改日期", "the date {a} is in the future (today is {b}); correct the date") \
    X(ID_NUMBER_INVALID,    45, "id_number_invalid",     REJECTED,  0, "身份证号码的日期或校验位不对。请对照证件重输", "the date or the check digit of the ID number is wrong; compare it with the document") \
    X(POINTS_ENDED,         46, "points_ended",          REJECTED,  0, "积分到 {a} 就到期了，而记账日期是 {b}。请核对有效期", "the points ended on {a}, before the day of the entry, {b}; check until when they can be spent") \
    /* not found */ \
    X(ORG_UNKNOWN,          50, "org_unknown",           REJECTED,  0, "没有编号为 {a} 的组织。请核对编号", "there is no org {a}; check the number") \
    X(MEMBER_UNKNOWN,       51, "member_unknown",        REJECTED,  0, "没有编号为 {a} 的志愿者。请核对编号", "there is no member {a}; check the number") \
    X(CARD_UNKNOWN,         52, "card_unknown",          REJECTED,  0, "没有卡号 {a}。请核对卡号", "there is no card {a}; check the number") \
    X(CLASS_UNKNOWN,        53, "class_unknown",         REJECTED,  0, "没有编号为 {a} 的类别。请核对编号", "there is no class {a}; check the number") \
    X(CATEGORY_UNKNOWN,     54, "category_unknown",      REJECTED,  0, "没有编号为 {a} 的服务类别。请核对编号", "there is no service category {a}; check the number") \
    X(ITEM_UNKNOWN,         55, "item_unknown",          REJECTED,  0, "没有编号为 {a} 的商品或服务。请核对编号", "there is no item {a}; check the number") \
    X(COUNTER_UNKNOWN,      56, "counter_unknown",       REJECTED,  0, "没有编号为 {a} 的兑换点。请核对编号", "there is no counter {a}; check the number") \
    X(ACTIVITY_UNKNOWN,     57, "activity_unknown",      REJECTED,  0, "没有编号为 {a} 的活动。请核对编号", "there is no activity {a}; check the number") \
    X(ENTRY_UNKNOWN,        58, "entry_unknown",         REJECTED,  0, "没有第 {a} 号账。请核对编号", "there is no entry {a}; check the number") \
    X(REQUEST_UNKNOWN,      59, "request_unknown",       REJECTED,  0, "账上没有这个请求号的记录。请核对请求号", "no entry was made under that request id; check the id") \
    X(TARIFF_UNKNOWN,       60, "tariff_unknown",        REJECTED,  0, "服务类别 {a} 在 {b} 还没有积分标准。请先设定", "category {a} has no tariff on {b}; set one first") \
    X(PRICE_UNKNOWN,        61, "price_unknown",         REJECTED,  0, "商品 {a} 在 {b} 还没有价格。请先定价", "item {a} has no price on {b}; set one first") \
    X(IMPORT_UNKNOWN,       62, "import_unknown",        REJECTED,  0, "没有第 {a} 号导入。请核对编号", "there is no import {a}; check the number") \
    X(PRINCIPAL_UNKNOWN,    63, "principal_unknown",     REJECTED,  0, "没有 {a} 号账户。请核对编号", "there is no account {a}; check the number") \
    /* state: registry */ \
    X(ALREADY_EXISTS,       70, "already_exists",        REJECTED,  0, "编号 {a} 已经用过。请换一个编号，或修改原来的那一个", "number {a} is taken; use another, or change what is there") \
    X(ORG_CYCLE,            71, "org_cycle",             REJECTED,  0, "组织 {a} 不能归到自己的下级 {b}。请另选上级", "org {a} cannot be placed below itself ({b}); choose another parent") \
    X(ORG_CLOSED,           72, "org_closed",            REJECTED,  0, "组织 {a} 在 {b} 还未设立或已撤销。请换组织或日期", "org {a} is not open on {b}; choose another org or date") \
    X(WRONG_ITEM_KIND,      73, "wrong_item_kind",       REJECTED,  0, "{a} 号的种类不对：商品请在兑换点兑换，服务请先预约", "item {a} is of the other kind; redeem goods at a counter, ask for services") \
    X(NOT_AN_ASK,           74, "not_an_ask",            REJECTED,  0, "第 {a} 号账不是服务预约。请核对编号", "entry {a} is not a request for a service; check the number") \
    X(NOT_REVERSIBLE,       75, "not_reversible",        REJECTED,  0, "第 {a} 号账不能撤销：只有记成了的记时、兑换、预约、完成服务、进货和期初余额才能撤销。撤销错了，请重新记一笔", "entry {a} cannot be undone: only service, redemption, ask, give, stock and opening balance entries that were done can be; if an undo was wrong, enter the act again") \
    X(NOT_A_PROPOSAL,       76, "not_a_proposal",        REJECTED,  0, "第 {a} 号账不是待确认的事项。请核对编号", "entry {a} waits for nobody; check the number") \
    X(LOGIN_TAKEN,          77, "login_taken",           REJECTED,  0, "这个登录名已属于 {a} 号账户。请换一个", "the log-in name belongs to account {a}; choose another") \
    X(LAST_ADMINISTRATOR,   78, "last_administrator",    REJECTED,  0, "{a} 号是最后一个能管理全部的账户，不能这样改。请先另设一个管理员", "account {a} is the last administrator of the whole book; make another one first") \
    X(ID_NUMBER_TAKEN,      79, "id_number_taken",       REJECTED,  0, "这个身份证号码已登记给志愿者 {a}。请核对，不要重复登记", "the ID number belongs to member {a}; check it, and do not register anyone twice") \
    /* state: member and card */ \
    X(BEFORE_JOINED,        80, "before_joined",         REJECTED,  1, "日期 {a} 早于志愿者加入的日期 {b}。请改日期", "the date {a} is before the member joined on {b}; correct the date") \
    X(MEMBER_CLOSED,        81, "member_closed",         REJECTED,  1, "志愿者 {a} 已于 {b} 注销。请核对编号", "member {a} was closed on {b}; check the number") \
    X(MEMBER_BLOCKED,       82, "member_blocked",        REJECTED,  1, "志愿者 {a} 已被停用。请找管理员", "member {a} is blocked; ask an administrator") \
    X(CARD_BLOCKED,         83, "card_blocked",          REJECTED,  1, "卡 {a} 已挂失或已换新卡。请用新卡", "card {a} is blocked or was replaced; use the new card") \
    X(CARD_ASSIGNED,        84, "card_assigned",         REJECTED,  1, "卡 {a} 已属于志愿者 {b}。请换一张卡", "card {a} already belongs to member {b}; use another card") \
    X(MEMBER_HAS_CARD,      85, "member_has_card",       REJECTED,  1, "志愿者 {a} 已有卡 {b}。丢失请先挂失，或用换卡", "member {a} already has card {b}; block or replace it") \
    X(MEMBER_HAS_BALANCE,   86, "member_has_balance",    REJECTED,  1, "志愿者 {a} 还有 {b} 分，另有 {c} 分预占。请先兑换用完，或取消预约", "member {a} still has {b} points and {c} held; redeem them or release the request first") \
    X(STATUS_UNCHANGED,     87, "status_unchanged",      REJECTED,  1, "{a} 已经是这个状态，不必再改", "{a} is in that state already; nothing is left to do") \
    X(MEMBER_NOT_CLOSED,    88, "member_not_closed",     REJECTED,  1, "志愿者 {a} 还没有注销，不能删除个人信息。请先注销", "member {a} is not closed, so the personal data cannot be erased; close the member first") \
    X(MEMBER_ERASED,        89, "member_erased",         REJECTED,  1, "志愿者 {a} 的个人信息已经删除，不必再删", "the personal data of member {a} is erased already; nothing is left to erase") \
    /* state: service */ \
    X(OVERLAP,              90, "overlap",               REJECTED,  1, "与第 {a} 号账的时间重叠（{b} 起 {c} 分钟）。请核对开始时间，或先撤销那一笔", "the service overlaps entry {a} (from {b}, {c} minutes); correct the start, or undo that entry first") \
    X(OVER_DAY,             91, "over_day",              REJECTED,  1, "当天已记 {a} 分钟，再加 {b} 分钟超过上限 {c} 分钟。请核对时长", "{a} minutes are recorded for that day; {b} more would exceed the limit of {c}; check the minutes") \
    /* state: points and stock */ \
    X(IN_DEBT,             100, "in_debt",               REJECTED,  1, "志愿者还欠 {a} 分，要先用服务所得补上才能兑换", "the member owes {a} points; they must be earned back before redeeming") \
    X(POINTS_INSUFFICIENT, 101, "points_insufficient",   REJECTED,  1, "积分不够：需 {b}，现有 {a}[（其中 {c} 最先到期）]。请少兑一些", "not enough points: needs {b}, has {a}[ (of which {c} expire first)]; redeem less") \
    X(STOCK_INSUFFICIENT,  102, "stock_insufficient",    REJECTED,  1, "商品 {a} 库存不够：要 {c}，现有 {b}。请减少数量，或先进货", "not enough stock of item {a}: {c} wanted, {b} there; take less, or receive stock first") \
    X(ASK_CLOSED,          103, "ask_closed",            REJECTED,  1, "第 {a} 号预约已由第 {b} 号账了结。请核对编号", "the request of entry {a} was settled by entry {b}; check the number") \
    X(BEFORE_ASKED,        104, "before_asked",          REJECTED,  1, "日期 {a} 早于预约的日期 {b}。请改日期", "the date {a} is before the service was asked for on {b}; correct the date") \
    X(GIVER_IS_ASKER,      105, "giver_is_asker",        REJECTED,  1, "志愿者 {a} 是预约的人，不能给自己记服务。请换服务者", "member {a} asked for this service and cannot be its giver; name the one who gave it") \
    /* state: reversal */ \
    X(ALREADY_REVERSED,    110, "already_reversed",      REJECTED,  1, "第 {a} 号账已由第 {b} 号撤销，不必再撤", "entry {a} was undone by entry {b}; nothing is left to undo") \
    X(POINTS_HELD,         111, "points_held",           REJECTED,  1, "有 {a} 分已被预占，而这次要收回 {b} 分。请先取消预约", "{a} points are held ({b} must come back); release the request first") \
    X(GOODS_GONE,          112, "goods_gone",            REJECTED,  1, "商品 {a} 已经发出：要收回 {c}，只剩 {b}。请先撤销后来的兑换", "item {a} has been handed out: {c} must come back, {b} are left; undo the later redemptions first") \
    X(BATCH_FAILED,        113, "batch_failed",          REJECTED,  1, "整批都没有记账：第 {a} 行有误（{s}）。请改正后整批再发一次", "nothing of the batch was done: line {a} was refused ({s}); correct it and send the whole batch again") \
    X(AMOUNT_OVERFLOW,     114, "amount_overflow",       REJECTED,  1, "数额太大，超出账本能记的范围。请核对数额", "the amount is beyond what the ledger can hold; check the amount") \
    /* a second person */ \
    X(PROPOSAL_DECIDED,    115, "proposal_decided",      REJECTED,  1, "第 {a} 号事项已由第 {b} 号账处理，不必再处理", "proposal {a} was decided by entry {b}; nothing is left to decide") \
    X(PROPOSAL_EXPIRED,    116, "proposal_expired",      REJECTED,  1, "第 {a} 号事项到 {b} 没有人确认，已作废。请重新提交", "nobody confirmed proposal {a} by {b}, so it is void; enter it again") \
    X(PROPOSAL_REFUSED,    117, "proposal_refused",      REJECTED,  0, "第 {a} 号账没有同意这件事。原因见那一笔的备注", "entry {a} refused this; its memo says why") \
    X(SECOND_PERSON,       118, "second_person",         REJECTED,  1, "第 {a} 号事项要由另一个人确认，不能是提交的人或受益的人", "proposal {a} must be decided by another person than the one who made it or gains by it") \
    X(WAITING,             119, "waiting",               WAITING,   1, "这件事要第二个人确认，请审核员在 {a} 之前处理；现在还没有记账", "this needs a second person, who can confirm it until {a}; nothing is entered yet") \
    /* the service itself */ \
    X(TRY_LATER,           200, "try_later",             RETRYABLE, 0, "服务器忙，请稍后再试", "the server is busy; try again shortly") \
    X(STORAGE_FULL,        201, "storage_full",          RETRYABLE, 0, "磁盘已满，暂时只能查询；没有丢失任何记录。请清理磁盘", "the disk is full, only reading works for now; nothing was lost; free some space") \
    X(STORAGE_CONFLICT,    202, "storage_conflict",      RETRYABLE, 0, "存储有冲突，请再试一次", "the store saw a conflict; try again") \
    X(SHUTTING_DOWN,       203, "shutting_down",         RETRYABLE, 0, "服务器正在停机，请稍后再试", "the server is shutting down; try again shortly") \
    X(UNREACHABLE,         204, "unreachable",           RETRYABLE, 0, "连不上服务器 {s}。请看它是否在运行", "the server {s} cannot be reached; check that it is running") \
    X(DEADLINE,            205, "deadline",              RETRYABLE, 0, "{a} 毫秒内没有答复，不知道记上没有。请用同一请求号再发一次，不会重复记账", "no answer within {a} ms, the outcome is unknown; send it again with the same id, nothing is entered twice") \
    X(TLS_FAILED,          206, "tls_failed",            REJECTED,  0, "没有连上，什么也没有发送：{s}", "not connected, nothing was sent: {s}") \
    X(STORAGE_FAULT,       210, "storage_fault",         FAULT,     0, "存储出错（{s}）。服务器已停止记账，请看日志", "the store failed ({s}); the server stops writing, see its log") \
    X(STORAGE_CORRUPT,     211, "storage_corrupt",       FAULT,     0, "存储的内容与校验和不符：{s}。请用备份恢复", "stored data does not match its checksum: {s}; restore a backup") \
    X(FORMAT_NEWER,        212, "format_newer",          FAULT,     0, "数据目录是第 {a} 版格式，本程序只认到第 {b} 版。请用较新的程序", "the data directory has format {a}, this program knows up to {b}; use a newer program") \
    X(DIRECTORY_LOCKED,    213, "directory_locked",      FAULT,     0, "数据目录 {s} 正被另一个服务器使用。请先停掉它", "the data directory {s} is in use by another server; stop that one first") \
    X(DIRECTORY_NETWORK,   214, "directory_network",     FAULT,     0, "数据目录 {s} 在网络文件系统上，不安全。请换到本地磁盘", "the data directory {s} is on a network file system, which is not safe; use a local disk") \
    X(MEMORY,              215, "memory",                FAULT,     0, "内存不足。请增加内存后再试", "out of memory; add some and try again") \
    X(CONFIG_INVALID,      216, "config_invalid",        FAULT,     0, "配置 {s} 不对。请更正", "the setting {s} is not valid; correct it") \
    X(KEY_MISSING,         217, "key_missing",           FAULT,     0, "找不到或读不了密钥文件 {s}。请放回原来的文件", "the key file {s} is missing or cannot be read; put the original file back") \
    X(DIRECTORY_EXISTS,    218, "directory_exists",      REJECTED,  0, "{s} 已经存在。请换一个名字，或先把它移走", "{s} exists already; choose another name, or move it away first") \
    X(DIRECTORY_UNUSABLE,  219, "directory_unusable",    REJECTED,  0, "不能备份到“{s}”。请写完整路径，上级目录要已存在、服务器的用户能写，并且不在数据目录里", "no backup can be made at \"{s}\"; give an absolute path in a directory that exists, that the server's user may write to, and that is not in the data directory") \
    X(BACKUP_RUNNING,      220, "backup_running",        RETRYABLE, 0, "正在备份到 {s}。请等它做完再试", "a backup to {s} is being made; try again when it is done") \
    X(BACKUP_NO_SPACE,     221, "backup_no_space",       RETRYABLE, 0, "{s} 所在的磁盘放不下备份：约需 {a} MiB，空闲 {b} MiB。请清理，或换一个磁盘", "there is no space for a backup at {s}: about {a} MiB are needed, {b} are free; free some, or choose another disk") \
    X(BACKUP_DAMAGED,      222, "backup_damaged",        FAULT,     0, "副本没有通过核对，不能当备份用；有问题的副本在 {s}。请检查磁盘，核对账本", "the copy failed its check and is no backup; a damaged copy is in {s}; check the disk, and verify the book") \
    X(BACKUP_FAILED,       223, "backup_failed",         FAULT,     0, "备份到 {s} 没有做成，账本没有受影响。原因请看服务器日志", "the backup to {s} failed, the book is not affected; see the server's log for the reason") \
    X(KEY_UNWRITABLE,      224, "key_unwritable",        REJECTED,  0, "不能换密钥：密钥文件写不进去，或密钥由 systemd 凭据给出。现在的密钥照旧有效。请让服务器的用户能写密钥文件和它所在的目录（设置 key-file）", "the key cannot be rotated: its file cannot be written, or it is a systemd credential; the present key stays in force; let the server's user write the key file and its directory (setting key-file)") \
    X(STORE_UNREACHABLE,   225, "store_unreachable",     RETRYABLE, 0, "账本的数据库连不上，不知道记上没有。请用同一请求号再发一次，不会记两次", "the book's database cannot be reached, and whether this was recorded is not known; send it again under the same id, it will not be recorded twice") \
    X(STORE_UNSAFE,        226, "store_unsafe",          FAULT,     0, "数据库的设置可能丢失已答复的账。是哪一项请看服务器日志，更正后再启动", "the database is set up so that it may lose what was acknowledged; the server's log names the setting, correct it and start again") \
    X(KEY_OUTDATED,        227, "key_outdated",          RETRYABLE, 0, "另一台服务器换了密钥，这台的密钥文件里还没有新密钥，所以没有记。请把那台的密钥文件复制过来（设置 key-file），再用同一请求号发一次", "another server began a new key that is not in this server's key file yet, so this was not recorded; copy the key file from there (setting key-file), then send it again under the same id") \
    X(BACKUP_ELSEWHERE,    228, "backup_elsewhere",      REJECTED,  0, "账本在数据库里，本机只有它的缓存。请用数据库自己的办法备份，密钥文件另外备份", "the book is in a database, and here is only a cache of it; back it up by the database's own means, and the key file apart from it") \
    X(STATE_BEHIND,        229, "state_behind",          RETRYABLE, 0, "这台服务器只知道到第 {a} 条，还没有第 {b} 条。请稍后再试，或者去记下那一条的服务器查", "this server knows the book up to entry {a}, not entry {b} yet; try again shortly, or ask the server that recorded it") \
    X(INTERNAL,            299, "internal",              BUG,       0, "程序内部出错（{s}）。请把这句话告诉管理员", "internal error ({s}); please report it to an administrator")
/* clang-format on */

enum lb_result {
#define X(symbol, number, name, class, recorded, zh, en) LB_##symbol = (number),
    LB_RESULT_LIST(X)
#undef X
};

/* The stable name ("points_insufficient"), or NULL for a number not in the list. Static text. */
const char *lb_result_name(int number);
/* The sentence with its {a} {b} {c} {s} places; zh if chinese. NULL if unknown. Static text. */
const char *lb_result_text(int number, bool chinese);
/* Unknown numbers are LB_CLASS_BUG: a client older than the server stops rather than guesses. */
enum lb_result_class lb_result_class(int number);
bool lb_result_is_recorded(int number);
/* Position in the list, 0 first; SIZE_MAX if unknown. Lower goes first. */
size_t lb_result_precedence(int number);
/* What a,b,c of this result are, for formatting: see below. '-' none, 'n' plain number, 'p' points
 * (1/100), 'd' civil day, 't' minute of the day, 'c' card number (10 digits), 'm' member number
 * (8 digits). E.g. "ppp". Static text of three characters; "nnn" if unknown. */
const char *lb_result_number_kinds(int number);

#endif
