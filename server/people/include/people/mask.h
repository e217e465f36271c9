/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The one masking policy: what of a person screens, prints, exports and logs show to who has not
 * been given the whole. Everything that shows personal data goes through here, or under a reveal.
 *
 *   name        of each word the first character and, from three on, the last: 张*明, 欧**华, 李*
 *   ID number   of 18 characters the first 3 and the last 2: 110*************2X; of others fewer
 *   phone       of 11 digits the first 3 and the last 4: 138****5678; of others fewer
 *   address     up to the first district, county or street, else the city: 北京市朝阳区***; or ***
 *   birth date  the year: 1949
 *   skills, wishes, reasons and other free text: nothing
 *
 * All write whole characters and a NUL, as many as fit in cap. A byte that begins no character
 * counts as one and is never shown. Pure; safe from any thread.
 */
#ifndef PEOPLE_MASK_H
#define PEOPLE_MASK_H

#include "base/bytes.h"

#include <stddef.h>
#include <stdint.h>

/* Words are parted by spaces and middle dots: A**a S***h; one character alone is a star. */
void people_mask_name(struct bytes name, char *masked, size_t cap);
/* Of n characters a third, at most 5, are shown: more than half of these at the beginning. */
void people_mask_id_number(struct bytes number, char *masked, size_t cap);
/* Of fewer than 11 characters half, at most 4, are shown, at the end. */
void people_mask_phone(struct bytes phone, char *masked, size_t cap);
/* The first of 区 (no 小区, 社区, 园区), 县, 旗, 街道; 市 where there is none. "" stays "". */
void people_mask_address(struct bytes address, char *masked, size_t cap);
/* `birth_day` is a day of base/date.h; another one is shown as "". */
void people_mask_birth_day(int32_t birth_day, char *masked, size_t cap);

#endif
