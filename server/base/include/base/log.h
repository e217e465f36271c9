/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The structured log: one line a record, `time level event key=value ...` (logfmt). Values never
 * hold personal data: member and entry numbers yes; names, phones, free text never.
 * No global log: it is passed. Safe from any thread when its sink is (log_to_file is): a record
 * reaches the sink as one whole line in one call.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/bytes.h"
#include "base/clock.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define LOG_LINE_BYTES_MAX 1024 /* a longer record is cut, and ends in " ..." */

enum log_level {
    LOG_DEBUG = 0,
    LOG_INFO = 1,
    LOG_WARN = 2,
    LOG_ERROR = 3,
};

/* Takes one record: a line with its newline, valid during the call. A lost line is nobody's error.
 */
typedef void log_sink_fn(void *context, struct bytes line);

struct log {
    enum log_level level_min; /* records below it are dropped */
    const struct clock *clock;
    log_sink_fn *sink;
    void *context;
};

enum log_field_kind {
    LOG_FIELD_TEXT,
    LOG_FIELD_SIGNED,
    LOG_FIELD_UNSIGNED,
};

/* One key=value. Keys are literals of lower-case letters and underscores. */
struct log_field {
    const char *key;
    enum log_field_kind kind;
    struct bytes text;
    int64_t number_signed;
    uint64_t number_unsigned;
};

/* NULL is written as an empty text. */
struct log_field log_text(const char *key, const char *value);
struct log_field log_bytes(const char *key, struct bytes value);
struct log_field log_int(const char *key, int64_t value);
struct log_field log_uint(const char *key, uint64_t value);

/* A log that writes and flushes each line to a FILE, which must outlive it. */
struct log log_to_file(FILE *file, const struct clock *clock, enum log_level level_min);

/* `event` is a literal like a key. Fields up to `count`. */
void log_write(const struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count);

/* log_info(log, "listening", log_text("socket", path), log_int("backlog", 64)); one field at least.
 */
#define LOG_FIELDS_(...) ((const struct log_field[]){__VA_ARGS__})
#define LOG_WRITE_(log, level, event, ...)                       \
    log_write((log), (level), (event), LOG_FIELDS_(__VA_ARGS__), \
              sizeof(LOG_FIELDS_(__VA_ARGS__)) / sizeof(struct log_field))
#define log_debug(log, event, ...) LOG_WRITE_(log, LOG_DEBUG, event, __VA_ARGS__)
#define log_info(log, event, ...)  LOG_WRITE_(log, LOG_INFO, event, __VA_ARGS__)
#define log_warn(log, event, ...)  LOG_WRITE_(log, LOG_WARN, event, __VA_ARGS__)
#define log_error(log, event, ...) LOG_WRITE_(log, LOG_ERROR, event, __VA_ARGS__)

/* "debug", "info", "warn", "error". false: none of them. */
LB_MUST_CHECK bool log_level_parse(const char *name, enum log_level *level);

#endif
