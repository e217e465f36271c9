/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One configuration value: from text into its field, and back. Private to the config files.
 * Pure; safe from any thread.
 */
#ifndef BASE_SRC_CONFIG_VALUE_H
#define BASE_SRC_CONFIG_VALUE_H

#include "base/config.h"

#define CONFIG_SHOWN_BYTES 288 /* any value or range as text, with NUL */

/* false: the text is not a value of the option's type, or out of its range. */
LB_MUST_CHECK bool config_value_set(const struct config_option *option, void *target,
                                    const char *text);
/* The field as text that config_value_set reads. */
void config_value_show(const struct config_option *option, const void *target,
                       char shown[CONFIG_SHOWN_BYTES]);
/* What is allowed, in no language: "1..64", "1s..1h", "yes|no", "UTF-8, 1..255 B". */
/* Whether a file could give this value: one does not keep blanks at the ends of a text, and takes a
 * ';' behind a blank as the beginning of a comment. */
bool config_value_survives_file(const struct config_option *option, const char *text);
void config_value_show_range(const struct config_option *option, char shown[CONFIG_SHOWN_BYTES]);

#endif
