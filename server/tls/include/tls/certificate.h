/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Makes the certificates of a private authority: EC P-256 keys, ECDSA with SHA-256. Not a whole
 * authority: it keeps no list and revokes nothing. Any thread.
 */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

#include "tls/tls.h"

#include <stdint.h>

enum tls_use { TLS_USE_AUTHORITY, TLS_USE_SERVER, TLS_USE_DEVICE };

#define TLS_HOSTS_MAX 32

/* What is to be in a certificate. */
struct tls_wish {
    enum tls_use use;
    const char *name;                 /* the common name, 64 bytes at most */
    const char *hosts[TLS_HOSTS_MAX]; /* of a server: host names and addresses */
    size_t host_count;
    int64_t from_s; /* seconds since the epoch */
    int64_t until_s;
};

/* A certificate and its key, as PEM texts. */
struct tls_pem {
    char certificate[8192];
    char key[512];
};

/* A host name (letters, digits, '-' and '.', perhaps "*." in front) or an address. */
bool tls_host_is_valid(const char *host);

/* issuer NULL: signed by itself, as an authority is. false: error says why. */
LB_MUST_CHECK bool tls_certificate_make(const struct tls_wish *wish, const struct tls_pem *issuer,
                                        struct tls_pem *out, char error[static TLS_ERROR_BYTES]);
/* Overwrites the key. */
void tls_pem_wipe(struct tls_pem *pem);

#endif
