/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Values of configuration: numbers with units, bools, texts. The largest unit is listed first, so
 * that a value is shown in the largest unit that divides it. Pure; safe from any thread.
 */
#include "config_value.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

struct config_unit {
    const char *suffix;
    uint64_t factor;
};

static const struct config_unit size_units[] = {
    {"GiB", UINT64_C(1) << 30},
    {"MiB", UINT64_C(1) << 20},
    {"KiB", UINT64_C(1) << 10},
    {"G", UINT64_C(1) << 30},
    {"M", UINT64_C(1) << 20},
    {"K", UINT64_C(1) << 10},
    {"", 1},
    {NULL, 0},
};

static const struct config_unit duration_units[] = {
    {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}, {NULL, 0},
};

static const struct config_unit plain_units[] = {
    {"", 1},
    {NULL, 0},
};

/* NULL: the type is not a number. */
static const struct config_unit *config_units(enum config_type type)
{
    switch (type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_URL:
    case CONFIG_BOOL:
        return NULL;
    case CONFIG_U32:
        return plain_units;
    case CONFIG_SIZE:
        return size_units;
    case CONFIG_DURATION_MS:
        return duration_units;
    }
    return NULL;
}

static bool config_parse_number(const char *text, const struct config_unit *units, uint64_t *number)
{
    uint64_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value)) {
            return false;
        }
    }
    if (at == text) {
        return false;
    }
    *number = value;
    if (*at == '\0' && value == 0) {
        return true; /* nothing needs no unit */
    }
    for (const struct config_unit *unit = units; unit->suffix != NULL; unit++) {
        if (strcmp(at, unit->suffix) == 0) {
            return !__builtin_mul_overflow(value, unit->factor, number);
        }
    }
    return false;
}

static bool config_parse_bool(const char *text, bool *value)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *value = strcmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

/* What a line of a file has room for, behind "name = ". */
static uint64_t config_text_max(const struct config_option *option)
{
    const uint64_t line = CONFIG_LINE_BYTES - strlen(option->name) - strlen(" = ");
    return option->max == 0 || option->max > line ? line : option->max;
}

bool config_value_survives_file(const struct config_option *option, const char *text)
{
    if (config_units(option->type) != NULL || option->type == CONFIG_BOOL || text[0] == '\0') {
        return true;
    }
    return text[0] != ' ' && text[strlen(text) - 1] != ' ' && text[0] != ';' &&
           strstr(text, " ;") == NULL;
}

static bool config_set_text(const struct config_option *option, char *field, const char *text)
{
    size_t size = strlen(text);
    LB_ASSERT(config_text_max(option) < CONFIG_TEXT_BYTES);
    if (size < option->min || size > config_text_max(option) ||
        !utf8_is_text(bytes_of_text(text), 0)) {
        return false;
    }
    memcpy(field, text, size + 1);
    return true;
}

bool config_value_set(const struct config_option *option, void *target, const char *text)
{
    void *field = (char *)target + option->offset;
    const struct config_unit *units = config_units(option->type);
    if (units == NULL) {
        return option->type == CONFIG_BOOL ? config_parse_bool(text, field)
                                           : config_set_text(option, field, text);
    }
    uint64_t number = 0;
    if (!config_parse_number(text, units, &number) || number < option->min ||
        number > option->max) {
        return false;
    }
    if (option->type == CONFIG_U32) {
        LB_ASSERT(option->max <= UINT32_MAX);
        uint32_t narrow = (uint32_t)number;
        memcpy(field, &narrow, sizeof(narrow));
    } else {
        memcpy(field, &number, sizeof(number));
    }
    return true;
}

static void config_show_number(uint64_t number, const struct config_unit *units,
                               char shown[CONFIG_SHOWN_BYTES])
{
    while (units->factor > 1 && (number == 0 || number % units->factor != 0)) {
        units++;
    }
    snprintf(shown, CONFIG_SHOWN_BYTES, "%" PRIu64 "%s", number / units->factor, units->suffix);
}

void config_value_show(const struct config_option *option, const void *target,
                       char shown[CONFIG_SHOWN_BYTES])
{
    const void *field = (const char *)target + option->offset;
    uint64_t number = 0;
    uint32_t narrow = 0;
    bool is_yes = false;
    switch (option->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_URL:
        snprintf(shown, CONFIG_SHOWN_BYTES, "%s", (const char *)field);
        return;
    case CONFIG_BOOL:
        memcpy(&is_yes, field, sizeof(is_yes));
        snprintf(shown, CONFIG_SHOWN_BYTES, "%s", is_yes ? "yes" : "no");
        return;
    case CONFIG_U32:
        memcpy(&narrow, field, sizeof(narrow));
        config_show_number(narrow, plain_units, shown);
        return;
    case CONFIG_SIZE:
    case CONFIG_DURATION_MS:
        memcpy(&number, field, sizeof(number));
        config_show_number(number, config_units(option->type), shown);
        return;
    }
}

void config_value_show_range(const struct config_option *option, char shown[CONFIG_SHOWN_BYTES])
{
    const struct config_unit *units = config_units(option->type);
    if (option->type == CONFIG_BOOL) {
        snprintf(shown, CONFIG_SHOWN_BYTES, "yes|no");
    } else if (units == NULL) {
        snprintf(shown, CONFIG_SHOWN_BYTES, "UTF-8, %" PRIu64 "..%" PRIu64 " B", option->min,
                 config_text_max(option));
    } else {
        char min[CONFIG_SHOWN_BYTES];
        char max[CONFIG_SHOWN_BYTES];
        config_show_number(option->min, units, min);
        config_show_number(option->max, units, max);
        snprintf(shown, CONFIG_SHOWN_BYTES, "%.100s..%.100s", min, max);
    }
}
