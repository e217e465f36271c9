/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The receipt of a stored entry: names looked up, amounts taken from what the entry did. It prints
 * nothing. One thread.
 */
#ifndef CLI_RECEIPT_VIEW_H
#define CLI_RECEIPT_VIEW_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"
#include "receipt.h"

/* Redemptions, services, asks, gives, releases, opening balances and reversals that were done have
 * one. */
bool receipt_view_is_possible(const Lovebank__V1__Entry *entry);
/*
 * Fills in the receipt of such an entry. `info` is the member of its first link, or NULL when it
 * is not to be had; the lots are shown when the entry is the member's newest. Texts live in the
 * entry, in `info`, in the registry and in the arena.
 */
void receipt_view(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                  const Lovebank__V1__Entry *entry, const Lovebank__V1__MemberInfo *info,
                  int32_t zone_east_s, struct receipt *receipt);

#endif
