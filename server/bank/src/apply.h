/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Folding acts whose fold stands in files of their own. For apply.c. Pure.
 */
#ifndef BANK_APPLY_H
#define BANK_APPLY_H

#include "bank/bank.h"

/* apply_access.c: operators, devices, credentials, roles. */
void apply_access(const struct bank *bank, const struct entry *entry);
/* apply_person.c: policy, proposals, personal data. */
LB_MUST_CHECK enum lb_result apply_person_act(const struct bank *bank, const struct entry *entry);
/* Of any entry: that it waits, or what it decides of one that did. */
void apply_proposal(struct views views, const struct entry *entry);

#endif
