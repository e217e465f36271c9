/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What an actor has of one right, between roles.c and authorise.c. Pure.
 */
#ifndef BANK_POWER_H
#define BANK_POWER_H

#include "bank/records.h"
#include "bank/roles.h"

/* The right anywhere at all, by the roles of today. */
void power_init(struct power *power, const struct bank *bank, const struct actor *actor,
                int32_t today_day, enum right right);
/* And over that org, as the tree is on the day, or on its first if that is later; 0: over the whole
 * book. */
void power_require(struct power *power, struct views views, uint64_t org, int32_t day);

#endif
