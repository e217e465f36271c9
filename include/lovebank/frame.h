/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The frame: a 16-byte header and a payload. Encoding and decoding of headers and of the payload
 * of error frames, for server, client and fuzzer. It is not a transport, and it knows no message:
 * payloads of requests and responses are bytes here. See docs/protocol.md, "Frames".
 *
 * Pure functions on the caller's memory; safe from any thread.
 */
#ifndef LOVEBANK_FRAME_H
#define LOVEBANK_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "lovebank/limits.h"
#include "lovebank/result.h"

/* Methods that the transport itself must know; all others are numbers to it. */
#define LB_FRAME_METHOD_NONE  0 /* error frames that belong to no request */
#define LB_FRAME_METHOD_HELLO 1 /* the first frame of a connection */

enum lb_frame_kind {
    LB_FRAME_REQUEST = 1,
    LB_FRAME_RESPONSE = 2,
    LB_FRAME_ERROR = 3,
};

struct lb_frame_header {
    uint32_t payload_bytes;
    uint32_t request_id; /* chosen by the client, echoed; 0 in error frames of no request */
    uint16_t method;
    enum lb_frame_kind kind;
};

/* A frame inside a buffer: payload points into that buffer and lives as long as it does. */
struct lb_frame {
    struct lb_frame_header header;
    const uint8_t *payload;
};

/* Writes the header; flags and reserved bytes are zero. */
void lb_frame_header_encode(const struct lb_frame_header *header,
                            uint8_t out[static LB_FRAME_HEADER_BYTES]);

/* LB_OK; LB_MALFORMED: unknown kind, or flags or reserved bytes that are not zero (*header is
 * untouched); LB_FRAME_TOO_LARGE: more than payload_bytes_max, *header is filled in. */
LB_MUST_CHECK enum lb_result lb_frame_header_decode(const uint8_t in[static LB_FRAME_HEADER_BYTES],
                                                    uint32_t payload_bytes_max,
                                                    struct lb_frame_header *header);

/* Looks for one frame at the start of data. LB_OK with *frame_bytes > 0: *frame is there and takes
 * that many bytes; LB_OK with *frame_bytes == 0: more bytes are needed. Errors are those of
 * lb_frame_header_decode, told as soon as the header is complete, with *frame_bytes == 0. */
LB_MUST_CHECK enum lb_result lb_frame_split(const uint8_t *data, size_t size,
                                            uint32_t payload_bytes_max, struct lb_frame *frame,
                                            size_t *frame_bytes);

/* Payload of an error frame: a result number and the numbers of its sentence. */
#define LB_FRAME_ERROR_NUMBERS_MAX 3
#define LB_FRAME_ERROR_BYTES_MAX   (4 + 8 * LB_FRAME_ERROR_NUMBERS_MAX)

struct lb_frame_error {
    uint32_t result; /* a number of the result list; may be newer than this program */
    uint32_t number_count;
    uint64_t numbers[LB_FRAME_ERROR_NUMBERS_MAX];
};

/* Returns how many bytes of out are used. */
LB_MUST_CHECK size_t lb_frame_error_encode(const struct lb_frame_error *error,
                                           uint8_t out[static LB_FRAME_ERROR_BYTES_MAX]);
/* LB_OK, or LB_MALFORMED: not 4, 12, 20 or 28 bytes. */
LB_MUST_CHECK enum lb_result lb_frame_error_decode(const uint8_t *payload, size_t payload_bytes,
                                                   struct lb_frame_error *error);

#endif
