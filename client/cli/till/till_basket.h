/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The basket of the till and finding goods for it; what the screen needs of it is in till.h. Pure;
 * one thread.
 */
#ifndef CLI_TILL_BASKET_H
#define CLI_TILL_BASKET_H

#include "lovebank/result.h"
#include "till.h"

/* NULL: none has it. */
const struct till_goods *till_find_barcode(const struct till *till, uint64_t barcode);
/* Goods that have the text in their name, or as a part of its pinyin initials; the first of them
 * go into till->picks. Gives how many there are. */
size_t till_find_name(struct till *till, const char *text);
/* false: it takes no more scans, or no more items. */
LB_MUST_CHECK bool till_basket_add(struct till_basket *basket, const struct till_scan *scan);

#endif
