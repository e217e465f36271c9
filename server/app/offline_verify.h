/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebankd verify`: checks a book that no server uses, or a copy, and changes nothing.
 */
#ifndef APP_OFFLINE_VERIFY_H
#define APP_OFFLINE_VERIFY_H

#include "app/book.h"

enum offline_verdict {
    OFFLINE_SOUND,
    OFFLINE_PROBLEM, /* something disagrees; it was printed */
    OFFLINE_FAULT,   /* the check could not be made; it has complained */
};

/* Opens, checks and closes the book, and prints what was found. */
enum offline_verdict offline_verify(struct book *book);

#endif
