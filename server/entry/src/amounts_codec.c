/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Balances, earnings and priced lines: field by field. Pure.
 */
#include "entry/amounts_codec.h"

void entry_balances_to_pb(const struct member_balances *from, Lovebank__V1__Balances *to)
{
    lovebank__v1__balances__init(to);
    to->member = from->member;
    to->points_centi = from->points_centi;
    to->held_centi = from->held_centi;
    to->debt_centi = from->debt_centi;
    to->minutes = from->minutes;
}

void entry_balances_from_pb(const Lovebank__V1__Balances *from, struct member_balances *to)
{
    *to = (struct member_balances){
        .member = from->member,
        .points_centi = from->points_centi,
        .held_centi = from->held_centi,
        .debt_centi = from->debt_centi,
        .minutes = from->minutes,
    };
}

void entry_earning_from_pb(const Lovebank__V1__Earning *from, struct earning *to)
{
    *to = (struct earning){
        .member = from->member,
        .category = from->category,
        .tariff_entry = from->tariff_entry,
        .minutes = from->minutes,
        .counted_minutes = from->counted_minutes,
        .points_centi = from->points_centi,
        .lot = from->lot,
    };
}

void entry_priced_line_from_pb(const Lovebank__V1__PricedLine *from, struct priced_line *to)
{
    *to = (struct priced_line){
        .item = from->item,
        .quantity = from->quantity,
        .price_centi = from->price_centi,
        .price_entry = from->price_entry,
    };
}

void entry_balances_pack(const struct member_balances *from, unsigned field, struct packer *to)
{
    const uint8_t *end = to->at;
    packer_int(to, 5, from->minutes);
    packer_int(to, 4, from->debt_centi);
    packer_int(to, 3, from->held_centi);
    packer_int(to, 2, from->points_centi);
    packer_uint(to, 1, from->member);
    packer_nest(to, field, end);
}

void entry_earning_pack(const struct earning *from, unsigned field, struct packer *to)
{
    const uint8_t *end = to->at;
    packer_uint(to, 7, from->lot);
    packer_int(to, 6, from->points_centi);
    packer_uint(to, 5, from->counted_minutes);
    packer_uint(to, 4, from->minutes);
    packer_uint(to, 3, from->tariff_entry);
    packer_uint(to, 2, from->category);
    packer_uint(to, 1, from->member);
    packer_nest(to, field, end);
}

void entry_priced_line_pack(const struct priced_line *from, unsigned field, struct packer *to)
{
    const uint8_t *end = to->at;
    packer_uint(to, 4, from->price_entry);
    packer_int(to, 3, from->price_centi);
    packer_int(to, 2, from->quantity);
    packer_uint(to, 1, from->item);
    packer_nest(to, field, end);
}
