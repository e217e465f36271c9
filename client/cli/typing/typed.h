/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What somebody typed, on a command line or at a prompt, where files must be exact: names by their
 * beginning or initials, members by name or initials, 昨天, 5/1. What could mean two things is
 * refused, with a list of them. One thread.
 */
#ifndef CLI_TYPED_H
#define CLI_TYPED_H

#include "command.h"
#include "registry.h"

#include "intake/value.h"

enum typed_answer {
    TYPED_FOUND,
    TYPED_REFUSED,    /* with the reason, in memory of the arena */
    TYPED_UNANSWERED, /* the server did not say, which was told */
};

/* An org, class, category, item or counter: by number, by name, by the beginning of one name only,
 * or by initials that only one name has. Digits are a number, and nobody is asked. */
enum typed_answer typed_code(struct cli *cli, enum registry_kind kind, const char *text,
                             uint64_t *number, struct cli_text *reason);
/* The number of an option's value; false: told, and the exit code for it. */
LB_MUST_CHECK bool typed_resolve(struct cli *cli, enum registry_kind kind, const char *text,
                                 uint64_t *number, enum cli_exit *exit);

/* A member, by a name or by initials that only one member has; numbers and cards are read by
 * member_ref_parse. */
enum typed_answer typed_member(struct cli *cli, const char *text, uint64_t *member,
                               struct cli_text *reason);
/* It can be a name or initials: letters, and not a digit. */
bool typed_is_name(const char *text);

/* A day, perhaps 今天, 昨天, 前天 or without its year, which is then the last such day. *is_told:
 * the server did not tell its day, and the fault means nothing. */
enum value_fault typed_day(struct cli *cli, const char *text, int32_t *day, bool *is_told);

#endif
