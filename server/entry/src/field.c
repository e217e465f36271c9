/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fields of a message on their way into a command. Pure.
 */
#include "field.h"

void field_refuse(struct verdict *verdict, struct verdict fault)
{
    if (fault.code == LB_OK) {
        return;
    }
    if (verdict->code == LB_OK ||
        lb_result_precedence((int)fault.code) < lb_result_precedence((int)verdict->code)) {
        *verdict = fault;
    }
}

int field_enum(struct verdict *verdict, const char *field, int number, int last)
{
    if (number >= 0 && number <= last) {
        return number;
    }
    field_refuse(verdict, (struct verdict){LB_FIELD_INVALID, number, 1, last, field});
    return 0;
}

int32_t field_day(struct verdict *verdict, const char *field, bool has_day, int32_t day)
{
    if (!has_day) {
        return DAY_NONE;
    }
    if (day == DAY_NONE) { /* would silently become "today" */
        field_refuse(verdict, (struct verdict){LB_DATE_INVALID, 0, 0, 0, field});
    }
    return day;
}

int32_t field_minute(struct verdict *verdict, const char *field, bool has_minute, uint32_t minute)
{
    if (!has_minute) {
        return -1;
    }
    if (minute >= LB_DAY_MINUTES) {
        field_refuse(verdict,
                     (struct verdict){LB_FIELD_INVALID, minute, 0, LB_DAY_MINUTES - 1, field});
        return -1;
    }
    return (int32_t)minute;
}

size_t field_line_count(struct verdict *verdict, const char *field, size_t count)
{
    if (count <= LB_COMMAND_LINES_MAX) {
        return count;
    }
    field_refuse(verdict, (struct verdict){LB_LINES_TOO_MANY, (int64_t)count, LB_COMMAND_LINES_MAX,
                                           0, field});
    return 0;
}

void field_codes(struct verdict *verdict, const char *field, const uint32_t *items, size_t count,
                 struct codes *codes)
{
    codes->count = field_line_count(verdict, field, count);
    for (size_t i = 0; i < codes->count; i++) {
        codes->items[i] = items[i];
    }
}

void field_id(struct verdict *verdict, const char *field, ProtobufCBinaryData bytes, struct id *id)
{
    if (bytes.len == sizeof(id->bytes)) {
        memcpy(id->bytes, bytes.data, sizeof(id->bytes));
    }
    if (bytes.len != sizeof(id->bytes) || id_is_zero(id)) {
        field_refuse(verdict, (struct verdict){LB_MALFORMED, 0, 0, 0, field});
    }
}
