/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The basket: what was scanned, what it costs, and finding goods by barcode, number or name. Pure.
 */
#include "till_basket.h"

#include "base/checked.h"
#include "text/text.h"

#include <string.h>

const struct till_goods *till_find_item(const struct till *till, uint32_t item)
{
    for (size_t i = 0; i < till->catalogue.count; i++) {
        if (till->catalogue.goods[i].item == item) {
            return &till->catalogue.goods[i];
        }
    }
    return NULL;
}

const struct till_goods *till_find_barcode(const struct till *till, uint64_t barcode)
{
    for (size_t i = 0; i < till->catalogue.count; i++) {
        if (barcode != 0 && till->catalogue.goods[i].barcode == barcode) {
            return &till->catalogue.goods[i];
        }
    }
    return NULL;
}

size_t till_find_name(struct till *till, const char *text)
{
    struct bytes folded = bytes_of_text(text);
    arena_reset(till->scratch);
    till->pick_count = 0;
    if (!text_fold(till->scratch, folded, &folded) || folded.size == 0) {
        return 0;
    }
    char key[TILL_INPUT_BYTES] = "";
    memcpy(key, folded.data, folded.size < sizeof(key) ? folded.size : sizeof(key) - 1);
    size_t found = 0;
    bool has_whole = false;
    for (size_t i = 0; i < till->catalogue.count; i++) {
        const struct till_goods *goods = &till->catalogue.goods[i];
        const bool is_whole = strcmp(goods->key, key) == 0;
        if (is_whole && !has_whole) { /* none is meant that only has it in its name */
            has_whole = true;
            found = 0;
        }
        if (is_whole ||
            (!has_whole && !goods->is_service &&
             (strstr(goods->key, key) != NULL || strstr(goods->initials, key) != NULL))) {
            if (found < TILL_PICKS_MAX) {
                till->picks[found] = goods->item;
            }
            found++;
        }
    }
    till->pick_count = found < TILL_PICKS_MAX ? found : TILL_PICKS_MAX;
    return found;
}

/* In a list that has each item once; false: it is full. */
static bool till_lines_add(struct till_scan *lines, size_t *count, size_t max,
                           const struct till_scan *scan)
{
    for (size_t i = 0; i < *count; i++) {
        if (lines[i].item == scan->item) {
            return checked_add_i64(lines[i].quantity, scan->quantity, &lines[i].quantity);
        }
    }
    if (*count == max) {
        return false;
    }
    lines[(*count)++] = *scan;
    return true;
}

size_t till_lines(const struct till_basket *basket,
                  struct till_scan lines[static LB_COMMAND_LINES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < basket->scan_count; i++) {
        /* Always room: till_basket_add saw to it. */
        (void)till_lines_add(lines, &count, LB_COMMAND_LINES_MAX, &basket->scans[i]);
    }
    return count;
}

bool till_basket_add(struct till_basket *basket, const struct till_scan *scan)
{
    struct till_scan lines[LB_COMMAND_LINES_MAX];
    size_t count = till_lines(basket, lines);
    if (basket->scan_count == TILL_SCANS_MAX ||
        !till_lines_add(lines, &count, LB_COMMAND_LINES_MAX, scan)) {
        return false;
    }
    basket->scans[basket->scan_count++] = *scan;
    return true;
}

bool till_total(const struct till *till, int64_t *total_centi)
{
    *total_centi = 0;
    for (size_t i = 0; i < till->basket.scan_count; i++) {
        const struct till_goods *goods = till_find_item(till, till->basket.scans[i].item);
        int64_t cost = 0;
        if (goods != NULL &&
            (!checked_mul_i64(till->basket.scans[i].quantity, goods->price_centi, &cost) ||
             !checked_add_i64(*total_centi, cost, total_centi))) {
            return false;
        }
    }
    return true;
}
