/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Seeds and amounts that a test takes from its environment. Any thread.
 */
#ifndef TESTS_ENVIRONMENT_H
#define TESTS_ENVIRONMENT_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program if what is set is not a number of at least `least`. */
static inline uint64_t environment_number(const char *name, uint64_t otherwise, uint64_t least)
{
    const char *text = getenv(name);
    if (text == NULL || *text == '\0') {
        return otherwise;
    }
    char *end = NULL;
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || number < least) {
        (void)fprintf(stderr, "%s=%s is not a number of %llu or more\n", name, text,
                      (unsigned long long)least);
        exit(2);
    }
    return number;
}

#endif
