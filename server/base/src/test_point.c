/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Named steps in test builds; in others this file is empty. Threading: see base/test_point.h.
 */
#include "base/test_point.h"

#ifdef LB_TEST_POINTS

#include "base/assert.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLE "LOVEBANK_KILL_AT"

static const char *const names[] = {
#define X(name) #name,
    TEST_POINT_LIST(X)
#undef X
};

void test_point_reach(enum test_point point)
{
    static atomic_ulong reached[sizeof(names) / sizeof(names[0])];
    unsigned long count = atomic_fetch_add(&reached[point], 1) + 1;
    const char *wanted = getenv(VARIABLE);
    if (wanted == NULL) {
        return;
    }
    size_t name_bytes = strlen(names[point]);
    LB_ASSERT(strchr(wanted, ':') != NULL);
    if (strncmp(wanted, names[point], name_bytes) == 0 && wanted[name_bytes] == ':' &&
        strtoul(wanted + name_bytes + 1, NULL, 10) == count) {
        (void)raise(SIGKILL);
    }
}

#endif
