/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Messages of the protocol as JSON, by their descriptors: names as in proto/, whole numbers as
 * numbers, bytes in hex, enums by name, civil days ("day", "*_day") as "2016-05-01",
 * members and cards as texts of all their digits. Fields that are not set are left out: empty texts
 * and lists, values whose has_ field is false, no member, no card, not closed. Pure.
 */
#ifndef CLI_JSON_MESSAGE_H
#define CLI_JSON_MESSAGE_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/* A new object; NULL: no memory. */
json_t *json_of_message(const ProtobufCMessage *message);
/* The same for stored entries: the packed Entry as an object, and what stands beside it. */
json_t *json_of_stored_entry(const ProtobufCMessage *message);

#endif
