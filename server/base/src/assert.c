/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Says which assertion failed and aborts. Not an error path for input, disk or memory.
 * Safe from any thread.
 */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void lb_assert_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
