/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Telling the operator: a line made up as printf does, for whoever asked for reports. Any thread.
 */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include <stdarg.h>
#include <stdio.h>

#define STORE_REPORT_BYTES_MAX 512

/* report NULL: nobody asked. */
__attribute__((format(printf, 3, 0))) static inline void
store_report_line(void (*report)(void *context, const char *message), void *context,
                  const char *format, va_list arguments)
{
    if (report != NULL) {
        char message[STORE_REPORT_BYTES_MAX];
        (void)vsnprintf(message, sizeof(message), format, arguments); /* cut when too long */
        report(context, message);
    }
}

#endif
