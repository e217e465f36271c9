/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The words of the domain in both languages, as docs and pages use them: for enums of the protocol,
 * names of fields, kinds of account. Pure data; static texts; safe from any thread.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "lovebank/result.h"
#include "lovebank/v1/entries.pb-c.h"

#include <stdbool.h>

const char *words_of_org_kind(bool is_chinese, Lovebank__V1__OrgKind kind);
const char *words_of_item_kind(bool is_chinese, Lovebank__V1__ItemKind kind);
const char *words_of_status(bool is_chinese, Lovebank__V1__MemberStatus status);
const char *words_of_gender(bool is_chinese, Lovebank__V1__Gender gender);
const char *words_of_account(bool is_chinese, Lovebank__V1__AccountKind kind);
const char *words_of_role(bool is_chinese, Lovebank__V1__Role role);
const char *words_of_principal_state(bool is_chinese, Lovebank__V1__PrincipalState state);
const char *words_of_act(bool is_chinese, Lovebank__V1__Command__ActCase act);
const char *words_of_yes_no(bool is_chinese, bool yes);
/* The word for a value of an enum of commands by its name in proto/; the name itself when there is
 * none. */
const char *words_of_value(bool is_chinese, const char *name);
/* The word for a field, a right or an act by its name in proto/; the name itself when there is
 * none. */
const char *words_of_field(bool is_chinese, const char *field);

/* The enum's value for an English or Chinese word ("street", "街道"); false: none. */
LB_MUST_CHECK bool words_find_org_kind(const char *word, Lovebank__V1__OrgKind *kind);
LB_MUST_CHECK bool words_find_item_kind(const char *word, Lovebank__V1__ItemKind *kind);
LB_MUST_CHECK bool words_find_gender(const char *word, Lovebank__V1__Gender *gender);
LB_MUST_CHECK bool words_find_act(const char *word, Lovebank__V1__Command__ActCase *act);
LB_MUST_CHECK bool words_find_role(const char *word, Lovebank__V1__Role *role);
LB_MUST_CHECK bool words_find_yes_no(const char *word, bool *yes);

#endif
