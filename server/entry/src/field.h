/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fields of a message on their way into a command: each function gives the value, and notes in
 * `verdict` what is wrong with it. Private to the entry codec.
 * Pure.
 */
#ifndef ENTRY_SRC_FIELD_H
#define ENTRY_SRC_FIELD_H

#include "bank/entry.h"
#include "entry/message.h"

/* Keeps the one that goes first in the result list, of equals the first. LB_OK is no fault.
 * `field` is a static text, everywhere here. */
void field_refuse(struct verdict *verdict, struct verdict fault);

/* An enum number from 0 to last. */
int field_enum(struct verdict *verdict, const char *field, int number, int last);
int32_t field_day(struct verdict *verdict, const char *field, bool has_day, int32_t day);
/* -1 when it has none. */
int32_t field_minute(struct verdict *verdict, const char *field, bool has_minute, uint32_t minute);
/* Count of lines, or 0 when there are too many. */
size_t field_line_count(struct verdict *verdict, const char *field, size_t count);
void field_codes(struct verdict *verdict, const char *field, const uint32_t *items, size_t count,
                 struct codes *codes);
/* 16 bytes, not all zero. */
void field_id(struct verdict *verdict, const char *field, ProtobufCBinaryData bytes, struct id *id);

/* protobuf-c's messages have pointers to what can be written, and packing only reads. */
static inline void *field_unconst(const void *pointer)
{
    return (void *)(uintptr_t)pointer;
}

static inline ProtobufCBinaryData field_bytes_to_pb(const uint8_t *data, size_t size)
{
    return (ProtobufCBinaryData){.len = size, .data = field_unconst(data)};
}

#endif
