/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What all shared logs have in common: the chain. Pure; safe from any thread. */
#include "store/shared_log.h"

#include "hash.h"

uint64_t shared_log_chain(uint64_t before, struct bytes changes)
{
    return hash_seeded(changes, before);
}
