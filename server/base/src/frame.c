/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The frame header and the error payload as bytes, both ways. No I/O, no memory of its own, no
 * message formats. Pure functions; safe from any thread.
 */
#include "lovebank/frame.h"

#include "base/assert.h"
#include "base/wire.h"

_Static_assert(4 + 4 + 2 + 1 + 1 + 4 == LB_FRAME_HEADER_BYTES, "the header's fields fill it");

void lb_frame_header_encode(const struct lb_frame_header *header,
                            uint8_t out[static LB_FRAME_HEADER_BYTES])
{
    struct wire_writer writer = {.data = out, .cap = LB_FRAME_HEADER_BYTES};

    LB_ASSERT(header->kind >= LB_FRAME_REQUEST && header->kind <= LB_FRAME_ERROR);
    LB_ASSERT(header->payload_bytes <= LB_FRAME_PAYLOAD_BYTES_MAX);
    wire_put_u32(&writer, header->payload_bytes);
    wire_put_u32(&writer, header->request_id);
    wire_put_u16(&writer, header->method);
    wire_put_u8(&writer, (uint8_t)header->kind);
    wire_put_u8(&writer, 0);  /* flags */
    wire_put_u32(&writer, 0); /* reserved */
    LB_ASSERT(!writer.overflow && writer.size == LB_FRAME_HEADER_BYTES);
}

enum lb_result lb_frame_header_decode(const uint8_t in[static LB_FRAME_HEADER_BYTES],
                                      uint32_t payload_bytes_max, struct lb_frame_header *header)
{
    struct wire_reader reader = {.left = bytes_of(in, LB_FRAME_HEADER_BYTES)};
    const uint32_t payload_bytes = wire_get_u32(&reader);
    const uint32_t request_id = wire_get_u32(&reader);
    const uint16_t method = wire_get_u16(&reader);
    const uint8_t kind = wire_get_u8(&reader);
    const uint8_t flags = wire_get_u8(&reader);
    const uint32_t reserved = wire_get_u32(&reader);

    LB_ASSERT(wire_reader_is_done(&reader));
    if (kind < LB_FRAME_REQUEST || kind > LB_FRAME_ERROR || flags != 0 || reserved != 0) {
        return LB_MALFORMED;
    }
    *header = (struct lb_frame_header){
        .payload_bytes = payload_bytes,
        .request_id = request_id,
        .method = method,
        .kind = (enum lb_frame_kind)kind,
    };
    return payload_bytes > payload_bytes_max ? LB_FRAME_TOO_LARGE : LB_OK;
}

enum lb_result lb_frame_split(const uint8_t *data, size_t size, uint32_t payload_bytes_max,
                              struct lb_frame *frame, size_t *frame_bytes)
{
    *frame_bytes = 0;
    if (size < LB_FRAME_HEADER_BYTES) {
        return LB_OK;
    }
    enum lb_result result = lb_frame_header_decode(data, payload_bytes_max, &frame->header);
    if (result != LB_OK) {
        return result;
    }
    if (frame->header.payload_bytes > size - LB_FRAME_HEADER_BYTES) {
        return LB_OK;
    }
    frame->payload = data + LB_FRAME_HEADER_BYTES;
    *frame_bytes = (size_t)LB_FRAME_HEADER_BYTES + frame->header.payload_bytes;
    return LB_OK;
}

size_t lb_frame_error_encode(const struct lb_frame_error *error,
                             uint8_t out[static LB_FRAME_ERROR_BYTES_MAX])
{
    struct wire_writer writer = {.data = out, .cap = LB_FRAME_ERROR_BYTES_MAX};

    LB_ASSERT(error->number_count <= LB_FRAME_ERROR_NUMBERS_MAX);
    wire_put_u32(&writer, error->result);
    for (uint32_t i = 0; i < error->number_count; i++) {
        wire_put_u64(&writer, error->numbers[i]);
    }
    LB_ASSERT(!writer.overflow);
    return writer.size;
}

enum lb_result lb_frame_error_decode(const uint8_t *payload, size_t payload_bytes,
                                     struct lb_frame_error *error)
{
    if (payload_bytes < 4 || payload_bytes > LB_FRAME_ERROR_BYTES_MAX ||
        (payload_bytes - 4) % 8 != 0) {
        return LB_MALFORMED;
    }
    struct wire_reader reader = {.left = bytes_of(payload, payload_bytes)};
    *error = (struct lb_frame_error){.number_count = (uint32_t)((payload_bytes - 4) / 8)};
    error->result = wire_get_u32(&reader);
    for (uint32_t i = 0; i < error->number_count; i++) {
        error->numbers[i] = wire_get_u64(&reader);
    }
    LB_ASSERT(wire_reader_is_done(&reader));
    return LB_OK;
}
