/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * member_get: one member, by number or card. Balances alone, which counters and pages ask for all
 * day, go past protobuf-c both ways; the bytes are the same.
 */
#include "authorise.h"

#include "base/assert.h"
#include "entry/amounts_codec.h"
#include "entry/message.h"
#include "entry/packer.h"
#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"

/* The numbers of queries.proto. */
enum {
    REQUEST_MEMBER = 1,
    REQUEST_BALANCES_ONLY = 3,
    REF_MEMBER = 1,
    RESPONSE_INFO = 2,
    RESPONSE_AS_OF_ENTRY = 3,
    INFO_MEMBER = 1,
    INFO_STATUS = 3,
    INFO_JOINED_DAY = 4,
    INFO_CLOSED_DAY = 5,
    INFO_CARD = 6,
    INFO_BALANCES = 8,
    INFO_LAST_ENTRY = 11,
};

/* The balances; the info's six numbers and its key, and the response's number. */
#define BRIEF_BYTES_MAX (ENTRY_BALANCES_BYTES_MAX + 8 * PACKER_FIELD_BYTES_MAX)

/* { member { member: N } balances_only: true }, as protobuf-c packs it, and nothing else. */
static bool member_get_is_brief(struct bytes payload, uint64_t *member)
{
    const uint8_t *at = payload.data;
    *member = 0;
    if (payload.size < 6 || at[0] != (REQUEST_MEMBER << 3 | 2) || at[1] != payload.size - 4 ||
        at[2] != REF_MEMBER << 3 || at[payload.size - 2] != REQUEST_BALANCES_ONLY << 3 ||
        at[payload.size - 1] != 1) {
        return false;
    }
    const size_t end = payload.size - 2;
    for (size_t i = 3; i < end && i < 3 + 9; i++) { /* 9 x 7 bits: more is nobody's number */
        *member |= (uint64_t)(at[i] & 0x7f) << (7 * (i - 3));
        if (at[i] < 0x80) {
            return i == end - 1;
        }
    }
    return false;
}

bool rpc_member_get_unpack(struct rpc_call *call)
{
    uint64_t member = 0;
    if (!member_get_is_brief(call->payload, &member)) {
        return false;
    }
    Lovebank__V1__MemberGetRequest *request =
        rpc_call_message(call, &lovebank__v1__member_get_request__descriptor);
    Lovebank__V1__MemberRef *ref = rpc_call_message(call, &lovebank__v1__member_ref__descriptor);
    if (request == NULL || ref == NULL) {
        return false;
    }
    ref->member = member;
    request->member = ref;
    request->balances_only = true;
    call->request = &request->base;
    return true;
}

/* As rpc_member_info without parts, packed. From the last field to the first: see packer.h. */
static enum lb_result member_get_brief(struct rpc_call *call, const struct member_row *row)
{
    uint8_t *buffer = arena_take(&call->arena, BRIEF_BYTES_MAX);
    if (buffer == NULL) {
        return LB_MEMORY;
    }
    struct packer packer = packer_of(buffer, BRIEF_BYTES_MAX);
    packer_uint(&packer, RESPONSE_AS_OF_ENTRY, call->view.head_entry);
    const uint8_t *info_end = packer.at;
    packer_uint(&packer, INFO_LAST_ENTRY, row->last_entry);
    entry_balances_pack(&row->balances, INFO_BALANCES, &packer);
    packer_uint(&packer, INFO_CARD, row->card);
    packer_int(&packer, INFO_CLOSED_DAY, member_is_closed(row) ? row->closed_day : 0);
    packer_int(&packer, INFO_JOINED_DAY, row->joined_day);
    packer_uint(&packer, INFO_STATUS, (uint64_t)row->status);
    packer_uint(&packer, INFO_MEMBER, row->member);
    packer_nest(&packer, RESPONSE_INFO, info_end);
    LB_ASSERT(!packer.overflow);
    call->packed = bytes_of(packer.at, packer_size(&packer));
    return LB_OK;
}

static enum lb_result member_get_refuse(struct rpc_call *call, enum lb_result why, const char *text)
{
    Lovebank__V1__MemberGetResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    response->as_of_entry = call->view.head_entry;
    response->code = (uint32_t)why;
    response->text = entry_text_to_pb(&call->arena, bytes_of_text(text));
    return LB_OK;
}

static enum lb_result member_get_info(struct rpc_call *call, const struct member_row *row,
                                      bool with_person)
{
    Lovebank__V1__MemberGetResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    response->as_of_entry = call->view.head_entry;
    response->info = rpc_call_message(call, &lovebank__v1__member_info__descriptor);
    if (response->info == NULL) {
        return LB_MEMORY;
    }
    const unsigned person = with_person ? MEMBER_INFO_PERSON : 0;
    return rpc_member_info(call, row, rpc_today(call),
                           MEMBER_INFO_TODAY | MEMBER_INFO_DETAILS | person, response->info);
}

enum lb_result rpc_member_get(struct rpc_call *call)
{
    const Lovebank__V1__MemberGetRequest *request =
        (const Lovebank__V1__MemberGetRequest *)call->request;
    struct member_row row;
    enum lb_result result = rpc_member_resolve(call, request->member, &row);
    if (result != LB_OK) {
        return member_get_refuse(call, result, "");
    }
    const bool with_person = request->with_person && !request->balances_only;
    const int32_t today = rpc_today(call);
    result = rpc_authorise(call, with_person ? RIGHT_READ_PERSON : RIGHT_READ_MEMBER,
                           member_row_org_on(call->view.bank.views, &row, today), today);
    if (result == LB_OK && with_person) {
        result = rpc_reveal_check(call, row.member, request->reveal_entry);
        if (result == LB_UNAUTHORISED) {
            return member_get_refuse(
                call, result,
                "reveal_entry；请先说明查看的理由 / reveal the member first, with the reason");
        }
    }
    if (result != LB_OK) {
        return result;
    }
    return request->balances_only ? member_get_brief(call, &row)
                                  : member_get_info(call, &row, with_person);
}
