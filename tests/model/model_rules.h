/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A decision of the reference in the making, and what its rules share. One thread.
 *
 *   model_rules.c    what rules share; the registry, members and cards; the table of acts
 *   model_counter.c  service, opening balances, counter, reversal
 *   model_second.c   what needs a second person
 */
#ifndef TESTS_MODEL_RULES_H
#define TESTS_MODEL_RULES_H

#include "model_reference.h"

struct making {
    struct ref *ref;
    const struct command *command;
    struct ref_entry *entry;
};

/* Of several reasons the one that stands first in the result list is given. */
void making_refuse(struct making *making, enum lb_result code, int64_t a, int64_t b, int64_t c);
/* The org must be open on the day. */
void making_need_org(struct making *making, uint64_t org);
/* The entry is about that member. */
void making_concerns(struct making *making, uint64_t member);
/* The entry meant, which becomes the target. NULL: there is none, refused. */
const struct ref_entry *making_need_entry(struct making *making, const struct entry_ref *which);
/* A member who may act, by number or card. 0: there is none, refused. */
uint64_t making_need_acting_member(struct making *making, struct member_ref who);
/* An item is what it was first said to be. */
enum item_kind making_kind_of_item(const struct ref *ref, uint32_t item);

void making_stock(struct making *making);
void making_record(struct making *making);
void making_opening(struct making *making);
void making_redeem(struct making *making);
void making_ask(struct making *making);
void making_give(struct making *making);
void making_release(struct making *making);
void making_reverse(struct making *making);
void making_decide_proposal(struct making *making);

#endif
