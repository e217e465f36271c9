/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Stored entries as people read them: what it was, what it changed for a member. One thread.
 */
#ifndef CLI_ENTRY_VIEW_H
#define CLI_ENTRY_VIEW_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

/* The entry behind the stored bytes; the caller's to free. NULL: unreadable. */
Lovebank__V1__Entry *entry_view_unpack(const Lovebank__V1__StoredEntry *stored);
/* Asks for an entry; to be freed with cli_free_response. NULL: told. */
Lovebank__V1__EntryGetResponse *entry_view_get(struct cli *cli,
                                               const Lovebank__V1__EntryRef *target,
                                               bool with_proof, enum cli_exit *exit);
/* The entry that an answer holds; the caller's to free. NULL: none, which was told. */
Lovebank__V1__Entry *entry_view_answer(struct cli *cli,
                                       const Lovebank__V1__EntryGetResponse *response,
                                       const Lovebank__V1__EntryRef *target, enum cli_exit *exit);
/* The sum of what it posts to a member's own account in an asset. */
int64_t entry_view_change(const Lovebank__V1__Entry *entry, uint64_t member,
                          Lovebank__V1__AssetKind asset);
/* The member's tallies after it; NULL: the member is none of its links. */
const Lovebank__V1__Balances *entry_view_balances(const Lovebank__V1__Entry *entry,
                                                  uint64_t member);
/* "记时 家政": the act, and what it was about; of a refusal, what was wanted. In memory of the
 * arena. */
const char *entry_view_what(struct cli *cli, const Lovebank__V1__Entry *entry);
/* When its points end: "用至 2026-12-31", "永久有效". In memory of the arena. */
const char *entry_view_end(struct cli *cli, const Lovebank__V1__OpeningBalance *act);
/* "120 分（用至 2026-12-31）、30 小时（2015 年）". In memory of the arena. */
const char *entry_view_opening(struct cli *cli, const Lovebank__V1__OpeningBalance *act);
/* Of a recorded refusal: its sentence; "" when the act was done. In memory of the arena. */
char *entry_view_refusal(struct cli *cli, const Lovebank__V1__Entry *entry);
/* What became of it: "已由 9 撤销", that it waits, a refusal with its reason; "" when it stands. In
 * memory of the arena. */
const char *entry_view_note(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                            const Lovebank__V1__Entry *entry);
/* Who acted and where, and who confirmed it: "wangli @ 前台（chenjie 确认）"; "" of a server that
 * asks for no log-in. In memory of the arena. */
const char *entry_view_who(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                           const Lovebank__V1__Entry *entry);
/* "2016-05-01", "?" when it is no day. */
const char *entry_view_day(struct cli *cli, int64_t day);

#endif
