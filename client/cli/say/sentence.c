/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sentences of results. Pure; safe from any thread.
 */
#include "sentence.h"

#include "words.h"

#include "lovebank/result.h"

#include <stdio.h>
#include <string.h>

/* The command that serves a remedy; the result list is the pages', too, and names none. */
static const char *sentence_command(int result)
{
    static const struct {
        int result;
        const char *command;
    } commands[] = {
        {LB_LOGIN_REQUIRED, "login"},         {LB_SESSION_EXPIRED, "login"},
        {LB_IMPORT_UNKNOWN, "import list"},   {LB_PRINCIPAL_UNKNOWN, "operator list"},
        {LB_NOT_A_PROPOSAL, "proposal list"}, {LB_BACKUP_DAMAGED, "verify"},
    };
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (commands[i].result == result) {
            return commands[i].command;
        }
    }
    return NULL;
}

void sentence_format(char *out, size_t cap, bool is_chinese, int result, const int64_t numbers[3],
                     const char *thing)
{
    const char *word = thing[0] == '\0' ? "" : words_of_field(is_chinese, thing);
    if (!result_sentence_format(out, cap, is_chinese, result, numbers, word)) {
        (void)snprintf(out, cap,
                       is_chinese ? "服务器的答复 %d 本程序还不认识。请更新客户端"
                                  : "this program does not know the server's answer %d; update it",
                       result);
    }
    const char *command = sentence_command(result);
    if (command != NULL) {
        const size_t size = strlen(out);
        (void)snprintf(out + size, cap - size, is_chinese ? "（lovebank %s）" : " (lovebank %s)",
                       command);
    }
}

void sentence_cut_remedy(char *sentence, bool is_chinese)
{
    const char *mark = is_chinese ? "。" : "; ";
    char *remedy = NULL;
    for (char *at = sentence; (at = strstr(at, mark)) != NULL; at += strlen(mark)) {
        remedy = at; /* the last: what is wrong may have two parts */
    }
    if (remedy != NULL) {
        *remedy = '\0';
    }
}
