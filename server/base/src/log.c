/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Composes one record on the stack and hands it to the sink. Not a logger of its own thread: what
 * the sink costs, the caller pays. Safe from any thread when the sink is.
 */
#include "base/log.h"

#include "base/assert.h"
#include "base/date.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

#define MS_PER_DAY   INT64_C(86400000)
#define LOG_CUT_MARK " ...\n"

struct log_line {
    char text[LOG_LINE_BYTES_MAX];
    size_t size;
    bool is_cut; /* sticky: nothing more is written */
};

static const char *const log_level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

/* Room for the mark is always kept. */
static void line_put(struct log_line *line, const void *data, size_t size)
{
    size_t room = sizeof(line->text) - (sizeof(LOG_CUT_MARK) - 1) - line->size;
    if (line->is_cut || size > room) {
        line->is_cut = true;
        return;
    }
    memcpy(line->text + line->size, data, size);
    line->size += size;
}

static void line_put_text(struct log_line *line, const char *text)
{
    line_put(line, text, strlen(text));
}

/* 2016-05-01T08:30:00.250Z */
static void line_put_time(struct log_line *line, int64_t unix_ms)
{
    char day[DATE_TEXT_BYTES];
    date_format(date_day_of_ms(unix_ms, 0), day);
    int64_t ms = unix_ms % MS_PER_DAY;
    ms = ms < 0 ? ms + MS_PER_DAY : ms;
    char time[48];
    snprintf(time, sizeof(time), "T%02d:%02d:%02d.%03dZ", (int)(ms / 3600000),
             (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
    line_put_text(line, day);
    line_put_text(line, time);
}

/* Bare when nothing in it could be mistaken for the syntax. */
static bool log_text_needs_quotes(struct bytes text)
{
    if (text.size == 0 || !utf8_is_text(text, 0)) {
        return true;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (strchr(" =\"\\", text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Whatever is not text becomes \xHH, byte by byte: a value can never begin a new line. */
static void line_put_quoted(struct log_line *line, struct bytes text)
{
    line_put_text(line, "\"");
    while (text.size > 0) {
        struct bytes after = text;
        uint32_t code_point = 0;
        bool is_code_point = utf8_next(&after, &code_point);
        size_t size = is_code_point ? text.size - after.size : 1;
        if (is_code_point && (code_point == '"' || code_point == '\\')) {
            line_put_text(line, "\\");
        }
        if (is_code_point && utf8_is_text(bytes_of(text.data, size), 0)) {
            line_put(line, text.data, size);
        } else {
            for (size_t i = 0; i < size; i++) {
                char escape[5];
                snprintf(escape, sizeof(escape), "\\x%02x", text.data[i]);
                line_put_text(line, escape);
            }
        }
        text = bytes_of(text.data + size, text.size - size);
    }
    line_put_text(line, "\"");
}

static void line_put_value(struct log_line *line, const struct log_field *field)
{
    char number[24];
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        if (log_text_needs_quotes(field->text)) {
            line_put_quoted(line, field->text);
        } else {
            line_put(line, field->text.data, field->text.size);
        }
        return;
    case LOG_FIELD_SIGNED:
        snprintf(number, sizeof(number), "%" PRId64, field->number_signed);
        line_put_text(line, number);
        return;
    case LOG_FIELD_UNSIGNED:
        snprintf(number, sizeof(number), "%" PRIu64, field->number_unsigned);
        line_put_text(line, number);
        return;
    }
}

struct log_field log_bytes(const char *key, struct bytes value)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_TEXT, .text = value};
}

struct log_field log_text(const char *key, const char *value)
{
    return log_bytes(key, bytes_of_text(value == NULL ? "" : value));
}

struct log_field log_int(const char *key, int64_t value)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_SIGNED, .number_signed = value};
}

struct log_field log_uint(const char *key, uint64_t value)
{
    return (struct log_field){.key = key, .kind = LOG_FIELD_UNSIGNED, .number_unsigned = value};
}

/* One fwrite holds the FILE's lock, so lines of several threads do not mix. */
static void file_sink(void *context, struct bytes line)
{
    FILE *file = context;
    fwrite(line.data, 1, line.size, file);
    fflush(file);
}

struct log log_to_file(FILE *file, const struct clock *clock, enum log_level level_min)
{
    return (struct log){level_min, clock, file_sink, file};
}

void log_write(const struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count)
{
    if (level < log->level_min) {
        return;
    }
    LB_ASSERT(level <= LOG_ERROR);
    struct log_line line = {.size = 0};
    line_put_time(&line, clock_now_ms(log->clock));
    line_put_text(&line, " ");
    line_put_text(&line, log_level_names[level]);
    line_put_text(&line, " ");
    line_put_text(&line, event);
    for (size_t i = 0; i < count; i++) {
        line_put_text(&line, " ");
        line_put_text(&line, fields[i].key);
        line_put_text(&line, "=");
        line_put_value(&line, &fields[i]);
    }
    const char *end = line.is_cut ? LOG_CUT_MARK : "\n";
    memcpy(line.text + line.size, end, strlen(end));
    line.size += strlen(end);
    log->sink(log->context, bytes_of(line.text, line.size));
}

bool log_level_parse(const char *name, enum log_level *level)
{
    for (size_t i = 0; i < sizeof(log_level_names) / sizeof(log_level_names[0]); i++) {
        if (strcmp(name, log_level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}
