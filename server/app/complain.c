/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fills the sentences of the result list. Where the list's sentence asks for numbers that are not
 * known here, or could say more about a start that failed, one of ours takes its place.
 */
#include "app/complain.h"

#include <stdio.h>
#include <string.h>

struct sentence {
    enum lb_result result;
    const char *zh;
    const char *en;
};

static const struct sentence sentences[] = {
    {LB_FORMAT_NEWER, "数据目录 {s} 的格式比本程序新。请用较新的程序",
     "the data directory {s} has a newer format; use a newer program"},
    {LB_STORAGE_FAULT, "打不开数据目录 {s}。请看它的权限和磁盘",
     "the data directory {s} cannot be opened; check its permissions and the disk"},
    {LB_STORAGE_FULL, "数据目录 {s} 所在的磁盘已满。请清理后再启动",
     "the disk of the data directory {s} is full; free some space and start again"},
    {LB_KEY_MISSING,
     "密钥文件 {s} 找不到，读不了，别人也能读，或不是这个账本的。请从备份取回，权限设为 "
     "0600；没有它，个人信息无法解读",
     "the key file {s} is missing, not readable, open to others, or not this book's; restore it "
     "from its backup with mode 0600: without it the personal data cannot be read"},
    {LB_KEY_OUTDATED,
     "密钥文件 {s} 不存在，或里面没有这本账的密钥。若账本是另一台机器建的，或那里换了密钥，"
     "请把那台机器的密钥文件复制到这里（权限 0600）；否则请从备份取回，或更正设置 key-file。"
     "然后再运行一次",
     "the key file {s} is missing or lacks this book's key; if another machine made the book or "
     "began a new key, copy the key file of that machine here, with mode 0600; else restore it "
     "from its backup, or correct the setting key-file; then run this again"},
    {LB_LOGIN_TAKEN, "另一台机器同时建了管理员。请再运行一次 lovebankd init",
     "another machine made an administrator at the same time; run lovebankd init again"},
    {LB_ALREADY_EXISTS,
     "目录 {s} 里曾有账本，但 data.mdb 不见了。请从备份恢复；要新建账本，请用空目录",
     "there was a book in {s}, but its data.mdb is gone; restore a backup, or begin a new book in "
     "an empty directory"},
    {LB_ENTRY_UNKNOWN, "目录 {s} 里没有账本。请核对 --data-dir，或先运行 lovebankd init",
     "there is no book in {s}; check --data-dir, or run lovebankd init first"},
};

static const struct sentence database_sentences[] = {
    {LB_SHUTTING_DOWN, "收到停止信号时还在读数据库 {s}，没有启动",
     "told to stop while the database {s} was still being read, so it did not start"},
    {LB_STORE_UNREACHABLE, "数据库 {s} 连不上。请看它是否在运行，地址、口令和证书对不对",
     "the database {s} cannot be reached; check that it runs, its address, the password and the "
     "certificates"},
    {LB_STORE_UNSAFE, "数据库 {s} 的设置可能丢失已答复的账，没有启动。请更正下一行括号里的设置",
     "the database {s} is set up so that it may lose what was acknowledged; correct the setting"},
    {LB_STORAGE_FAULT,
     "数据库 {s}，或作它缓存的数据目录，不能用。请看下一行括号里的原因；还没有表时先运行 lovebankd "
     "migrate",
     "the database {s}, or the data directory, its cache, cannot be used: see the reason; without "
     "tables run lovebankd migrate first"},
    {LB_STORAGE_FULL,
     "磁盘已满：数据库 {s} 的，或作它缓存的数据目录所在的，请看下一行括号里的原因。请清理后再启动",
     "a disk is full, that of the database {s} or of the data directory, its cache: see the "
     "reason; free some space and start again"},
    {LB_DIRECTORY_LOCKED, "数据目录（数据库 {s} 的缓存）正被另一个服务器使用。请先停掉它",
     "the data directory, a cache of the database {s}, is in use by another server; stop that one "
     "first"},
    {LB_DIRECTORY_NETWORK, "数据目录（数据库 {s} 的缓存）在网络文件系统上，不安全。请换到本地磁盘",
     "the data directory, a cache of the database {s}, is on a network file system, which is not "
     "safe; use a local disk"},
    {LB_CONFIG_INVALID,
     "数据库 {s} 里没有这本账，或地址写错了。请核对 store 和 store-book，"
     "或先运行 lovebankd init",
     "there is no such book in the database {s}, or the address is wrong; check store and "
     "store-book, or run lovebankd init first"},
    {LB_FORMAT_NEWER, "数据库 {s} 里的表，或作它缓存的数据目录，比本程序新。请用较新的程序",
     "the tables in the database {s}, or the data directory, its cache, were made by a newer "
     "program; use that"},
    {LB_STORAGE_CORRUPT,
     "数据目录（数据库 {s} 的缓存）损坏，或数据库里的账损坏、缺少：看下一行括号里的原因。"
     "缓存损坏，请把数据目录移走再启动；原因里说的是数据库、日志（log）或某一组（group），"
     "请不要再记账，留着缓存，先查清原因",
     "the data directory, a cache of the database {s}, is damaged, or what the database holds is "
     "damaged or lost: see the reason. Where it names the database, its log or a group: do not go "
     "on, keep the caches, find out why. A damaged cache: move the data directory away and start "
     "again"},
    {LB_DIRECTORY_EXISTS, "数据目录里是另一本账，不能当数据库 {s} 的缓存。请换一个空目录",
     "the data directory holds a book of its own and cannot be a cache of the database {s}; choose "
     "an empty one"},
};

/* `text` with `thing` for its {s}. */
static void print_sentence(const char *text, const char *thing, const char *detail)
{
    const char *place = strstr(text, "{s}");
    fputs("lovebankd: ", stderr);
    if (place == NULL && *thing == '\0') {
        fputs(text, stderr);
    } else if (place == NULL) {
        fprintf(stderr, "%s (%s)", text, thing);
    } else {
        fprintf(stderr, "%.*s%s%s", (int)(place - text), text, thing, place + strlen("{s}"));
    }
    if (*detail != '\0') {
        fprintf(stderr, " (%s)", detail);
    }
    fputc('\n', stderr);
}

/* true: one of them was printed. */
static bool print_own(const struct sentence *own, size_t count, enum lb_result result,
                      const char *thing, const char *detail)
{
    for (size_t i = 0; i < count; i++) {
        if (own[i].result == result) {
            print_sentence(own[i].zh, thing, "");
            print_sentence(own[i].en, thing, detail);
            return true;
        }
    }
    return false;
}

void complain(enum lb_result result, const char *thing, const char *detail)
{
    if (!print_own(sentences, sizeof(sentences) / sizeof(sentences[0]), result, thing, detail)) {
        print_sentence(lb_result_text((int)result, true), thing, "");
        print_sentence(lb_result_text((int)result, false), thing, detail);
    }
}

void complain_of_database(enum lb_result result, const char *url, const char *detail)
{
    const size_t count = sizeof(database_sentences) / sizeof(database_sentences[0]);
    if (!print_own(database_sentences, count, result, url, detail)) {
        complain(result, url, detail);
    }
}
