/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The inside of a context, for context.c and stream.c.
 */
#ifndef TLS_SRC_CONTEXT_H
#define TLS_SRC_CONTEXT_H

#include "tls/tls.h"

#include <openssl/ssl.h>

struct tls_context {
    SSL_CTX *ssl;
    SSL_SESSION *session; /* of a client, the last one given to it; NULL: none yet */
};

/* The text of the newest of OpenSSL's errors, which are forgotten then. */
void tls_take_error(char *text, size_t text_bytes);

#endif
