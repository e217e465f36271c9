/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * An authority and certificates made for a test, in files of a directory of its own, and the two
 * ends of a stream over a socket pair. One thread; nothing waits.
 */
#ifndef TESTS_UNIT_TLS_PAIR_H
#define TESTS_UNIT_TLS_PAIR_H

#include "tls/certificate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PAIR_DAY_S INT64_C(86400)

struct pair {
    char dir[64];
    struct tls_pem authority;
    char ca[128];
    char certificate[128];
    char key[128];
};

static inline void pair_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fchmod(fileno(file), 0600), 0);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A certificate, valid from yesterday to until_days from now. */
static inline void pair_issue(const struct tls_pem *issuer, enum tls_use use, const char *host,
                              int until_days, struct tls_pem *out)
{
    const int64_t now_s = time(NULL);
    const struct tls_wish wish = {
        .use = use,
        .name = host,
        .hosts = {host},
        .host_count = 1,
        .from_s = now_s - 10 * PAIR_DAY_S,
        .until_s = now_s + until_days * PAIR_DAY_S,
    };
    char error[TLS_ERROR_BYTES] = "";
    assert_true(tls_certificate_make(&wish, issuer, out, error));
}

/* The server's files, made out to the host. */
static inline void pair_give_server(struct pair *pair, const char *host, int until_days)
{
    struct tls_pem pem;
    pair_issue(&pair->authority, TLS_USE_SERVER, host, until_days, &pem);
    pair_write(pair->certificate, pem.certificate);
    pair_write(pair->key, pem.key);
}

static inline void pair_open(struct pair *pair)
{
    (void)snprintf(pair->dir, sizeof(pair->dir), "/tmp/lovebank-tls-XXXXXX");
    assert_non_null(mkdtemp(pair->dir));
    (void)snprintf(pair->ca, sizeof(pair->ca), "%s/ca.pem", pair->dir);
    (void)snprintf(pair->certificate, sizeof(pair->certificate), "%s/server.pem", pair->dir);
    (void)snprintf(pair->key, sizeof(pair->key), "%s/server.key", pair->dir);
    pair_issue(NULL, TLS_USE_AUTHORITY, "test authority", 100, &pair->authority);
    pair_write(pair->ca, pair->authority.certificate);
    pair_give_server(pair, "localhost", 10);
}

static inline void pair_close(struct pair *pair)
{
    (void)unlink(pair->ca);
    (void)unlink(pair->certificate);
    (void)unlink(pair->key);
    assert_int_equal(rmdir(pair->dir), 0);
}

static inline struct tls_context *pair_server_context(const struct pair *pair,
                                                      const char *client_ca)
{
    const struct tls_files files = {
        .certificate = pair->certificate, .private_key = pair->key, .authorities = client_ca};
    char error[TLS_ERROR_BYTES] = "";
    struct tls_context *context = tls_context_new_server(&files, error);
    assert_string_equal(error, "");
    assert_non_null(context);
    return context;
}

static inline struct tls_context *pair_client_context(const char *ca)
{
    const struct tls_files files = {.authorities = ca};
    char error[TLS_ERROR_BYTES] = "";
    struct tls_context *context = tls_context_new_client(&files, error);
    assert_string_equal(error, "");
    assert_non_null(context);
    return context;
}

#endif
