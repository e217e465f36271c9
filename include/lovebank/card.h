/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Card numbers: 9 digits of serial and one check digit by ISO/IEC 7064, MOD 11,10, which finds
 * every single wrong digit and nearly every swap of neighbours. Pure; safe from any thread.
 */
#ifndef LOVEBANK_CARD_H
#define LOVEBANK_CARD_H

#include "lovebank/limits.h"

#include <stdbool.h>
#include <stdint.h>

#define LB_CARD_SERIAL_MAX UINT64_C(999999999)

/* The check digit of a serial, 0 to 9. */
static inline unsigned lb_card_check_digit(uint64_t serial)
{
    unsigned product = 10;
    for (uint64_t unit = UINT64_C(100000000); unit > 0; unit /= 10) {
        unsigned sum = (unsigned)(serial / unit % 10) + product;
        sum = sum % 10 == 0 ? 10 : sum % 10;
        product = sum * 2 % 11;
    }
    return (11 - product) % 10;
}

/* The card of a serial from 1 to LB_CARD_SERIAL_MAX. */
static inline uint64_t lb_card_of_serial(uint64_t serial)
{
    return serial * 10 + lb_card_check_digit(serial);
}

static inline bool lb_card_is_valid(uint64_t card)
{
    return card >= 10 && card <= LB_CARD_MAX && lb_card_of_serial(card / 10) == card;
}

#endif
