/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
#include "app/loop.h"

#include <event2/event.h>
#include <limits.h>
#include <stddef.h>
#include <sys/time.h>

struct event_base *loop_new(void)
{
    const struct timeval dispatch_max = {.tv_usec = LOOP_DISPATCH_US};
    struct event_base *base = NULL;
    struct event_config *config = event_config_new();
    if (config == NULL) {
        return NULL;
    }
    if (event_config_set_max_dispatch_interval(config, &dispatch_max, INT_MAX, 0) == 0) {
        base = event_base_new_with_config(config);
    }
    event_config_free(config);
    return base;
}
