/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: payloads of requests. The first byte is the method's number, the rest the payload.
 * No bytes crash the decoding; what is taken can be packed and unpacked again; a write request is
 * answered with one result for each command. One thread.
 */
#include "base/assert.h"
#include "lovebank/v1/services.pb-c.h"
#include "wire/payload.h"
#include "wire/write.h"

#define ARENA_BYTES  (4u << 20)
#define METHOD_WRITE 2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProtobufCMessageDescriptor *const requests[] = {
    [1] = &lovebank__v1__hello_request__descriptor,
    [METHOD_WRITE] = &lovebank__v1__write_request__descriptor,
    [3] = &lovebank__v1__status_request__descriptor,
    [4] = &lovebank__v1__entry_get_request__descriptor,
    [5] = &lovebank__v1__verify_request__descriptor,
    [6] = &lovebank__v1__import_list_request__descriptor,
    [7] = &lovebank__v1__backup_request__descriptor,
    [8] = &lovebank__v1__entry_list_request__descriptor,
    [10] = &lovebank__v1__org_list_request__descriptor,
    [11] = &lovebank__v1__catalogue_request__descriptor,
    [12] = &lovebank__v1__stock_request__descriptor,
    [20] = &lovebank__v1__member_get_request__descriptor,
    [21] = &lovebank__v1__member_find_request__descriptor,
    [22] = &lovebank__v1__history_request__descriptor,
    [30] = &lovebank__v1__stars_request__descriptor,
    [31] = &lovebank__v1__report_request__descriptor,
    [32] = &lovebank__v1__public_board_request__descriptor,
    [40] = &lovebank__v1__login_request__descriptor,
    [41] = &lovebank__v1__logout_request__descriptor,
    [42] = &lovebank__v1__password_request__descriptor,
    [43] = &lovebank__v1__whoami_request__descriptor,
    [44] = &lovebank__v1__principal_list_request__descriptor,
    [45] = &lovebank__v1__proposal_list_request__descriptor,
};

static void fuzz_request(const ProtobufCMessageDescriptor *kind, struct bytes payload,
                         struct arena *arena)
{
    ProtobufCMessage *message = NULL;
    struct bytes packed;
    if (wire_unpack(kind, payload, arena, &message).code == LB_OK &&
        wire_pack(message, arena, &packed).code == LB_OK) {
        enum lb_result again = wire_unpack(kind, packed, arena, &message).code;
        LB_ASSERT(again == LB_OK || again == LB_MEMORY);
    }
}

static void fuzz_write(struct bytes payload, struct arena *arena)
{
    struct wire_write_request request;
    struct bytes packed;
    struct verdict verdict = wire_write_request_decode(payload, arena, &request);
    struct wire_write_result *results = NULL;
    if (verdict.code == LB_OK) {
        results = arena_take_zeroed(arena, request.command_count, sizeof(results[0]));
        if (results == NULL) {
            return;
        }
        LB_ASSERT(request.verdict_count > 0 && request.verdict_count <= LB_BATCH_COMMANDS_MAX);
    }
    for (size_t i = 0; results != NULL && i < request.command_count; i++) {
        results[i].verdict.text = "";
    }
    enum lb_result result = wire_write_response_encode(&request, &verdict, results, arena, &packed);
    LB_ASSERT(result == LB_OK || result == LB_MEMORY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || data[0] >= sizeof(requests) / sizeof(requests[0]) ||
        requests[data[0]] == NULL) {
        return 0;
    }
    struct arena arena;
    struct bytes payload = bytes_of(data + 1, size - 1);
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    fuzz_request(requests[data[0]], payload, &arena);
    arena_reset(&arena);
    if (data[0] == METHOD_WRITE) {
        fuzz_write(payload, &arena);
    }
    arena_fini(&arena);
    return 0;
}
