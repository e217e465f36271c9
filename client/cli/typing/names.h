/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What somebody typed for a name: all of it, its beginning, or its pinyin initials. Only for what
 * is typed: files say numbers and whole names. Pure but for memory of the arena. One thread.
 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include "cli.h"

/* The better, the larger. */
enum name_match {
    NAME_DIFFERS,
    NAME_INITIALS_BEGIN, /* "j" of 家政: enough to offer it, not to mean it */
    NAME_INITIALS,       /* "jz" */
    NAME_BEGINS,         /* "家" */
    NAME_IS,             /* "家政", in any spelling (text/text.h) */
};

/* "" begins every name. A text that is no UTF-8 matches nothing. */
enum name_match name_compare(struct cli *cli, const char *typed, const char *name);

#endif
