/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Writing the bank's views: the counterpart of bank/records.h, for bank_apply alone. Pure.
 */
#ifndef BANK_RECORDS_WRITE_H
#define BANK_RECORDS_WRITE_H

#include "bank/records.h"

#define DATED_KEY_BYTES 17

void dated_put(struct views views, const struct dated_row *row);
void dated_del(struct views views, const struct dated_row *row);
void org_put(struct views views, const struct org_row *row);
void class_put(struct views views, const struct class_row *row, uint64_t entry);
void tariff_put(struct views views, const struct tariff_row *row);
void item_put(struct views views, const struct item_row *row);
void counter_put(struct views views, const struct counter_row *row, uint64_t entry);
void star_table_put(struct views views, int32_t from_day, const struct codes *hours,
                    uint64_t entry);
void member_put(struct views views, const struct member_row *member);
void member_org_put(struct views views, uint64_t member, int32_t from_day, uint64_t org,
                    uint64_t entry);
void member_class_put(struct views views, uint64_t member, uint32_t class_id, int32_t from_day,
                      bool holds, uint64_t entry);
void card_put(struct views views, const struct card_row *card);
void activity_put(struct views views, const struct activity_row *activity);
void delivery_put(struct views views, const struct delivery_row *delivery);
void service_put(struct views views, const struct service_row *service);
void service_del(struct views views, uint64_t member, int32_t day, uint64_t entry);
/* A year of zeros has no row. */
void year_put(struct views views, const struct year_row *year);
void reversed_put(struct views views, uint64_t entry, uint64_t by);
void ask_put(struct views views, uint64_t entry, uint64_t settled_by);
void chain_put(struct views views, const struct chain_row *chain);
void import_put(struct views views, uint64_t import, uint64_t entry);
void policy_put(struct views views, int32_t from_day, const struct act_policy_set *policy,
                uint64_t entry);
void proposal_put(struct views views, const struct proposal_row *proposal);
void consent_put(struct views views, int32_t from_day, uint64_t member, struct consent consent,
                 uint64_t entry);
void principal_put(struct views views, const struct principal_row *row);
void login_put(struct views views, struct bytes login, uint32_t principal);
void token_put(struct views views, const uint8_t token_hash[LB_HASH_BYTES], uint32_t principal);
void roles_put(struct views views, uint32_t principal, int32_t from_day, const struct roles *roles,
               uint64_t entry);
/* Never lowers it. */
void sequence_raise(struct views views, enum sequence sequence, uint64_t last);

#endif
