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

void entry_earning_to_pb(const struct earning *from, Lovebank__V1__Earning *to)
{
    lovebank__v1__earning__init(to);
    to->member = from->member;
    to->category = from->category;
    to->tariff_entry = from->tariff_entry;
    to->minutes = from->minutes;
    to->counted_minutes = from->counted_minutes;
    to->points_centi = from->points_centi;
    to->lot = from->lot;
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

void entry_priced_line_to_pb(const struct priced_line *from, Lovebank__V1__PricedLine *to)
{
    lovebank__v1__priced_line__init(to);
    to->item = from->item;
    to->quantity = from->quantity;
    to->price_centi = from->price_centi;
    to->price_entry = from->price_entry;
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
