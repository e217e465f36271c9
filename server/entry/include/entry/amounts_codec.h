/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Balances, earnings and priced lines as protobuf messages: an entry stores them, a result shows
 * them. Names generated types: only entry, wire and rpc include it. Pure.
 */
#ifndef ENTRY_AMOUNTS_CODEC_H
#define ENTRY_AMOUNTS_CODEC_H

#include "bank/entry.h"
#include "entry/packer.h"
#include "lovebank/v1/entries.pb-c.h"

void entry_balances_to_pb(const struct member_balances *from, Lovebank__V1__Balances *to);

/* The same as a nested message of that field number, which takes at most so many bytes. */
#define ENTRY_BALANCES_BYTES_MAX    64
#define ENTRY_EARNING_BYTES_MAX     72
#define ENTRY_PRICED_LINE_BYTES_MAX 48
void entry_balances_pack(const struct member_balances *from, unsigned field, struct packer *to);
void entry_earning_pack(const struct earning *from, unsigned field, struct packer *to);
void entry_priced_line_pack(const struct priced_line *from, unsigned field, struct packer *to);

void entry_balances_from_pb(const Lovebank__V1__Balances *from, struct member_balances *to);
void entry_earning_from_pb(const Lovebank__V1__Earning *from, struct earning *to);
void entry_priced_line_from_pb(const Lovebank__V1__PricedLine *from, struct priced_line *to);

#endif
