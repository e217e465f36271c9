/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: a stream of bytes through the frame splitter. Whatever the bytes are, frames lie
 * inside them one behind the other, a part of a frame is never taken for a whole one, and what was
 * decoded encodes to the same bytes. One thread.
 */
#include "lovebank/frame.h"

#include "base/assert.h"

#include <string.h>

/* Small, so that short inputs meet the limit. */
#define FUZZ_PAYLOAD_BYTES_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_check_error_payload(const struct lb_frame *frame)
{
    struct lb_frame_error error = {0};
    uint8_t again[LB_FRAME_ERROR_BYTES_MAX];

    if (lb_frame_error_decode(frame->payload, frame->header.payload_bytes, &error) == LB_OK) {
        LB_ASSERT(lb_frame_error_encode(&error, again) == frame->header.payload_bytes);
        LB_ASSERT(memcmp(again, frame->payload, frame->header.payload_bytes) == 0);
    }
}

static void fuzz_check_frame(const uint8_t *data, const struct lb_frame *frame, size_t frame_bytes)
{
    struct lb_frame part = {0};
    size_t part_bytes = 1;
    uint8_t head[LB_FRAME_HEADER_BYTES];

    LB_ASSERT(frame->header.payload_bytes <= FUZZ_PAYLOAD_BYTES_MAX);
    LB_ASSERT(frame->payload == data + LB_FRAME_HEADER_BYTES);
    LB_ASSERT(frame_bytes == LB_FRAME_HEADER_BYTES + (size_t)frame->header.payload_bytes);
    lb_frame_header_encode(&frame->header, head);
    LB_ASSERT(memcmp(head, data, sizeof(head)) == 0);
    LB_ASSERT(lb_frame_split(data, frame_bytes - 1, FUZZ_PAYLOAD_BYTES_MAX, &part, &part_bytes) ==
              LB_OK);
    LB_ASSERT(part_bytes == 0);
    fuzz_check_error_payload(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lb_frame frame = {0};
    size_t frame_bytes = 0;

    for (size_t at = 0; at < size; at += frame_bytes) {
        enum lb_result result =
            lb_frame_split(data + at, size - at, FUZZ_PAYLOAD_BYTES_MAX, &frame, &frame_bytes);
        LB_ASSERT(result == LB_OK || result == LB_MALFORMED || result == LB_FRAME_TOO_LARGE);
        LB_ASSERT(frame_bytes <= size - at && (result == LB_OK || frame_bytes == 0));
        if (frame_bytes == 0) {
            break;
        }
        fuzz_check_frame(data + at, &frame, frame_bytes);
    }
    return 0;
}
