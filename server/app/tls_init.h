/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * lovebankd tls-init: a private authority in a directory, and certificates by it. Not their use:
 * see tls-certificate and lovebank --ca. One thread.
 */
#ifndef APP_TLS_INIT_H
#define APP_TLS_INIT_H

enum tls_init_verdict {
    TLS_INIT_DONE,
    TLS_INIT_REFUSED, /* a file is there already */
    TLS_INIT_USAGE,
    TLS_INIT_FAULT,
};

/* DIR [--host NAME[,NAME...]] [--device NAME]. Says what it did and what comes next on standard
 * output, what is wrong on standard error, in both languages. */
enum tls_init_verdict tls_init(int count, char *const *arguments);

#endif
