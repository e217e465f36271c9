/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the system says went wrong, in the language of the messages around it: strerror knows only
 * that of the machine. Pure; safe from any thread.
 */
#ifndef CLI_ERRNO_TEXT_H
#define CLI_ERRNO_TEXT_H

#include <stdbool.h>

/* Without a full stop; static, or the C library's own until its next call. */
const char *errno_text(bool is_chinese, int number);

#endif
