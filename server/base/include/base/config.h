/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Configuration from one table: file, environment and flags all know the same names. A flag goes
 * before the environment, that before the file, that before the default; each value given is
 * checked, even when a stronger one replaces it, and what a file could not give no other source
 * may.
 *
 *   option        name "idle-timeout"
 *   flag          --idle-timeout 30s   or   --idle-timeout=30s   (a bool: --name, or --name=no)
 *   environment   LOVEBANKD_IDLE_TIMEOUT=30s
 *   file          idle-timeout = 30s   (libinih's syntax, no sections)
 *
 * Not a place for secrets: what is effective can be printed. Used at start by one thread.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_OPTIONS_MAX 64
#define CONFIG_TEXT_BYTES  256 /* a text or path with its NUL */
#define CONFIG_LINE_BYTES  198 /* of a file, without its end: libinih's INI_MAX_LINE less two */
#define CONFIG_ERROR_BYTES 640

/* The option of this name, a path, says which file is read; only a flag or the environment sets it.
 */
#define CONFIG_FILE_OPTION "config"

/* How a value is written, and the type of the field it goes to. */
enum config_type {
    CONFIG_TEXT,        /* UTF-8 without control characters: char[CONFIG_TEXT_BYTES] */
    CONFIG_PATH,        /* the same */
    CONFIG_URL,         /* the same; not shown where it is refused: it may hold a password */
    CONFIG_BOOL,        /* yes no true false on off 1 0: bool */
    CONFIG_U32,         /* decimal digits: uint32_t */
    CONFIG_SIZE,        /* bytes; suffixes KiB MiB GiB, short K M G: uint64_t */
    CONFIG_DURATION_MS, /* a unit must follow, ms s min h, except after 0: uint64_t */
};

struct config_option {
    const char *name; /* lower-case letters, digits and hyphens */
    enum config_type type;
    size_t offset; /* of the field in the target struct */
    uint64_t min;  /* of a number; of the bytes of a text */
    uint64_t max;  /* the same; for a text 0 stands for CONFIG_TEXT_BYTES - 1 */
    const char *default_text;
    const char *help_zh;
    const char *help_en;
};

struct config_sources {
    int argc; /* argv[0] is the program's name and skipped */
    char *const *argv;
    char *const *envp;      /* ends with NULL; NULL: no environment */
    const char *env_prefix; /* "LOVEBANKD_" */
};

/* What was wrong first: where it stands, the value, what is allowed. */
struct config_error {
    char zh[CONFIG_ERROR_BYTES];
    char en[CONFIG_ERROR_BYTES];
};

/*
 * Fills the fields of `target` that the table names. false: `error` says why, and `target` holds
 * some values. A file that nobody named, only the default of CONFIG_FILE_OPTION, may be missing.
 */
LB_MUST_CHECK bool config_load(const struct config_option *table, size_t count, void *target,
                               const struct config_sources *sources, struct config_error *error);

/* One paragraph an option: flag, kind of value, range, default, help. */
void config_print_help(FILE *out, const struct config_option *table, size_t count, bool chinese);
/* What is in force, as a file that config_load reads; CONFIG_FILE_OPTION as a comment. */
void config_print_effective(FILE *out, const struct config_option *table, size_t count,
                            const void *target);

#endif
