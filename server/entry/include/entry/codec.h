/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The codec between the bank's structs and the stored and sent protobuf bytes. The only place,
 * with server/wire, that sees generated types. Packed once: these bytes are stored, hashed, sent.
 *
 * Packing is canonical: the same struct gives the same bytes. Unpacking never allocates outside
 * the arena given, and refuses what the bank could not have packed (unknown enum numbers, too many
 * lines, a missing act). Unknown fields are ignored. Safe from any thread, one arena per thread.
 */
#ifndef ENTRY_CODEC_H
#define ENTRY_CODEC_H

#include "bank/command.h"
#include "bank/entry.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

/* LB_OK; LB_MEMORY (arena exhausted); LB_INTERNAL: more than LB_ENTRY_BYTES_MAX, which only a
 * command can have that bank_command_check did not see. *packed lives in the arena. Person and memo
 * are left out even if they are still there. */
LB_MUST_CHECK enum lb_result entry_pack(const struct entry *entry, struct arena *arena,
                                        struct bytes *packed);
/* LB_OK, LB_MALFORMED, LB_MEMORY. Texts and postings live in the arena. */
LB_MUST_CHECK enum lb_result entry_unpack(struct bytes packed, struct arena *arena,
                                          struct entry *entry);

/* Without unpacking, for who goes through many: false only of an entry that brings no person and
 * erases none. */
bool entry_may_change_person(struct bytes packed);

/* The person as stored (sealed) and committed to; empty fields are left out. */
LB_MUST_CHECK enum lb_result entry_pack_person(const struct person *person, struct arena *arena,
                                               struct bytes *packed);
LB_MUST_CHECK enum lb_result entry_unpack_person(struct bytes packed, struct arena *arena,
                                                 struct person *person);

/* The same of a credential. */
LB_MUST_CHECK enum lb_result entry_pack_credential(const struct credential *credential,
                                                   struct arena *arena, struct bytes *packed);
LB_MUST_CHECK enum lb_result entry_unpack_credential(struct bytes packed, struct arena *arena,
                                                     struct credential *credential);

#endif
