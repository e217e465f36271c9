/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is known of a member, printed for people; nothing with --json. One thread.
 */
#ifndef CLI_MEMBER_VIEW_H
#define CLI_MEMBER_VIEW_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

/* Name and tallies, in sentences. */
void member_view_balance(struct cli *cli, const Lovebank__V1__MemberInfo *info);
/* Org, state, classes, card, consents. */
void member_view_registry(struct cli *cli, const Lovebank__V1__MemberInfo *info);
/* The person, as far as the answer holds it. */
void member_view_person(struct cli *cli, const Lovebank__V1__MemberInfo *info);
/* Tables; nothing when they are empty. */
void member_view_lots(struct cli *cli, const Lovebank__V1__MemberInfo *info);
void member_view_years(struct cli *cli, const Lovebank__V1__MemberInfo *info);

#endif
