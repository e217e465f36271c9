/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Contexts: which TLS is spoken, our certificate, whom we trust. One thread at a time.
 */
#include "context.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CONTEXT_TICKETS   1 /* sent to a client after a handshake */
#define CONTEXT_SESSION_S 3600

void tls_take_error(char *text, size_t text_bytes)
{
    const unsigned long error = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(error);

    if (reason != NULL) {
        (void)snprintf(text, text_bytes, "%s", reason);
    } else if (ERR_SYSTEM_ERROR(error)) {
        (void)snprintf(text, text_bytes, "%s", strerror(ERR_GET_REASON(error)));
    } else {
        (void)snprintf(text, text_bytes, "error %lx", error);
    }
    ERR_clear_error();
}

/* A new session's ticket came: the next handshake may use it. */
static int context_on_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls_context *context = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

    if (context == NULL) {
        return 0; /* the stream has outlived it */
    }
    SSL_SESSION_free(context->session);
    context->session = session;
    return 1; /* it is ours now */
}

/* What both ends are. NULL: no memory. */
static struct tls_context *context_new(const SSL_METHOD *method)
{
    /* Others cost a server far more time than the client that asks for them. */
    int groups[] = {NID_X25519, NID_X9_62_prime256v1, NID_secp384r1};
    const int group_count = (int)(sizeof(groups) / sizeof(groups[0]));
    struct tls_context *context = calloc(1, sizeof(*context));
    if (context == NULL) {
        return NULL;
    }
    context->ssl = SSL_CTX_new(method);
    if (context->ssl == NULL || SSL_CTX_set_app_data(context->ssl, context) != 1 ||
        SSL_CTX_set_min_proto_version(context->ssl, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(context->ssl, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set1_groups(context->ssl, groups, group_count) != 1) {
        tls_context_free(context);
        return NULL;
    }
    (void)SSL_CTX_set_options(context->ssl, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    (void)SSL_CTX_set_mode(context->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                             SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context->ssl, 1); /* a record is one system call, not two */
    (void)SSL_CTX_set_timeout(context->ssl, CONTEXT_SESSION_S);
    return context;
}

static bool context_fail(char *error, const char *file)
{
    char reason[TLS_ERROR_BYTES / 2];

    tls_take_error(reason, sizeof(reason));
    (void)snprintf(error, TLS_ERROR_BYTES, "%s: %s", file, reason);
    return false;
}

/* Others may not read it, nor its group write it: who has the key is taken for us. */
static bool context_key_is_private(const char *key, char *error)
{
    struct stat status;
    if (stat(key, &status) == 0 && (status.st_mode & (S_IWGRP | S_IRWXO)) != 0) {
        (void)snprintf(error, TLS_ERROR_BYTES,
                       "%s: others can read or write the private key; chmod 0600, or 0640 for the "
                       "server's group, and have a new one made if it was read",
                       key);
        return false;
    }
    return true; /* what cannot be looked at is told when it is read */
}

/* Our certificate and its key. */
static bool context_load_own(SSL_CTX *ssl, const struct tls_files *files, char *error)
{
    const char *key = files->private_key != NULL ? files->private_key : files->certificate;

    if (SSL_CTX_use_certificate_chain_file(ssl, files->certificate) != 1) {
        return context_fail(error, files->certificate);
    }
    if (!context_key_is_private(key, error)) {
        return false;
    }
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(ssl) != 1) {
        return context_fail(error, key);
    }
    return true;
}

static bool context_load(SSL_CTX *ssl, const struct tls_files *files, char *error)
{
    if (files->certificate != NULL && !context_load_own(ssl, files, error)) {
        return false;
    }
    if (files->authorities != NULL && SSL_CTX_load_verify_file(ssl, files->authorities) != 1) {
        return context_fail(error, files->authorities);
    }
    return true;
}

struct tls_context *tls_context_new_server(const struct tls_files *files,
                                           char error[static TLS_ERROR_BYTES])
{
    static const unsigned char sessions[] = "lovebank";
    struct tls_context *context = context_new(TLS_server_method());

    ERR_clear_error();
    if (context == NULL || SSL_CTX_set_num_tickets(context->ssl, CONTEXT_TICKETS) != 1 ||
        SSL_CTX_set_session_id_context(context->ssl, sessions, sizeof(sessions) - 1) != 1) {
        (void)snprintf(error, TLS_ERROR_BYTES, "out of memory");
        tls_context_free(context);
        return NULL;
    }
    (void)SSL_CTX_set_session_cache_mode(context->ssl, SSL_SESS_CACHE_OFF); /* tickets hold it */
    if (!context_load(context->ssl, files, error)) {
        tls_context_free(context);
        return NULL;
    }
    if (files->authorities != NULL) {
        SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return context;
}

struct tls_context *tls_context_new_client(const struct tls_files *files,
                                           char error[static TLS_ERROR_BYTES])
{
    struct tls_context *context = context_new(TLS_client_method());

    ERR_clear_error();
    if (context == NULL ||
        (files->authorities == NULL && SSL_CTX_set_default_verify_paths(context->ssl) != 1)) {
        (void)snprintf(error, TLS_ERROR_BYTES, "out of memory");
        tls_context_free(context);
        return NULL;
    }
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, NULL);
    (void)SSL_CTX_set_session_cache_mode(context->ssl,
                                         SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context->ssl, context_on_session);
    if (!context_load(context->ssl, files, error)) {
        tls_context_free(context);
        return NULL;
    }
    return context;
}

struct ssl_st *tls_context_new_ssl(struct tls_context *context)
{
    SSL *ssl = SSL_new(context->ssl);
    if (ssl != NULL) {
        /* What OpenSSL has read ahead no event of the socket tells of. */
        SSL_set_read_ahead(ssl, 0);
    }
    return ssl;
}

void tls_context_free(struct tls_context *context)
{
    if (context == NULL) {
        return;
    }
    if (context->ssl != NULL) {
        (void)SSL_CTX_set_app_data(context->ssl, NULL);
    }
    SSL_SESSION_free(context->session);
    SSL_CTX_free(context->ssl);
    free(context);
}
