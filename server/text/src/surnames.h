/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Surnames that are read otherwise than their characters usually are. Not for other modules. Pure;
 * safe from any thread.
 */
#ifndef TEXT_SURNAMES_H
#define TEXT_SURNAMES_H

#include <stddef.h>
#include <stdint.h>

/* The initials of the surname a folded name begins with, one for each of its characters; "" when
 * they are the usual ones. Static. */
const char *surname_initials(const uint32_t *name, size_t count);

#endif
