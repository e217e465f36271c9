/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member as it is shown: number, org, card, balances, and the name, masked.
 */
#ifndef RPC_MEMBER_INFO_H
#define RPC_MEMBER_INFO_H

#include "bank/records.h"
#include "call.h"
#include "lovebank/v1/queries.pb-c.h"

#include <protobuf-c/protobuf-c.h>

enum member_info_parts {
    MEMBER_INFO_TODAY = 1,   /* org, classes, consents and masked name */
    MEMBER_INFO_DETAILS = 2, /* lots and years */
    MEMBER_INFO_PERSON = 4,  /* the person in full, with MEMBER_INFO_TODAY */
};

/* The member meant by the reference. LB_OK, LB_MEMBER_UNKNOWN, LB_CARD_UNKNOWN. */
LB_MUST_CHECK enum lb_result rpc_member_resolve(struct rpc_call *call,
                                                const Lovebank__V1__MemberRef *ref,
                                                struct member_row *row);
/* Fills the message, its balances and those parts, as of `today`. LB_OK, LB_MEMORY, STORAGE_*. */
LB_MUST_CHECK enum lb_result rpc_member_info(struct rpc_call *call, const struct member_row *row,
                                             int32_t today, unsigned parts,
                                             Lovebank__V1__MemberInfo *info);
/* The masked name; "" when nothing is known of the person. *text lives as long as the call. */
LB_MUST_CHECK enum lb_result rpc_masked_name(struct rpc_call *call, struct engine_view *view,
                                             uint64_t member, char **text);

#endif
