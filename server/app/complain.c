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
    {LB_ALREADY_EXISTS,
     "目录 {s} 里曾有账本，但 data.mdb 不见了。请从备份恢复；要新建账本，请用空目录",
     "there was a book in {s}, but its data.mdb is gone; restore a backup, or begin a new book in "
     "an empty directory"},
    {LB_ENTRY_UNKNOWN, "目录 {s} 里没有账本。请核对 --data-dir，或先运行 lovebankd init",
     "there is no book in {s}; check --data-dir, or run lovebankd init first"},
};

/* `text` with `thing` for its {s}. */
static void print_sentence(const char *text, const char *thing, const char *detail)
{
    const char *place = strstr(text, "{s}");
    fputs("lovebankd: ", stderr);
    if (place == NULL) {
        fprintf(stderr, "%s (%s)", text, thing);
    } else {
        fprintf(stderr, "%.*s%s%s", (int)(place - text), text, thing, place + strlen("{s}"));
    }
    if (*detail != '\0') {
        fprintf(stderr, " (%s)", detail);
    }
    fputc('\n', stderr);
}

void complain(enum lb_result result, const char *thing, const char *detail)
{
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (sentences[i].result == result) {
            print_sentence(sentences[i].zh, thing, "");
            print_sentence(sentences[i].en, thing, detail);
            return;
        }
    }
    print_sentence(lb_result_text((int)result, true), thing, "");
    print_sentence(lb_result_text((int)result, false), thing, detail);
}
