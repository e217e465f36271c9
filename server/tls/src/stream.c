/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Streams: the handshake, bytes in and out, and why it failed. The socket is reached through a BIO
 * of ours, which raises no signal and keeps to the bytes allowed. One thread at a time.
 */
#include "context.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* is_lost: the socket is of no use any more. is_failed: OpenSSL must not be asked any more. */
struct tls_stream {
    SSL *ssl;
    BIO_METHOD *method;
    int fd;
    size_t allowed_bytes;
    bool is_lost;
    bool is_failed;
    enum tls_trouble trouble;
    char detail[TLS_ERROR_BYTES];
};

/* --- the socket --------------------------------------------------------------------------------
 */

static int bio_read(BIO *bio, char *out, int room)
{
    struct tls_stream *stream = BIO_get_data(bio);
    const size_t wanted = (size_t)room;
    ssize_t got = 0;

    BIO_clear_retry_flags(bio);
    if (stream->allowed_bytes == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    do {
        got = recv(stream->fd, out, wanted < stream->allowed_bytes ? wanted : stream->allowed_bytes,
                   0);
    } while (got < 0 && errno == EINTR);

    if (got > 0) {
        stream->allowed_bytes -= (size_t)got;
        return (int)got;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        BIO_set_retry_read(bio);
        return -1;
    }
    stream->is_lost = true;
    return (int)got;
}

static int bio_write(BIO *bio, const char *data, int size)
{
    struct tls_stream *stream = BIO_get_data(bio);
    ssize_t sent = 0;

    BIO_clear_retry_flags(bio);
    do {
        sent = send(stream->fd, data, (size_t)size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);

    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        BIO_set_retry_write(bio);
    } else if (sent < 0) {
        stream->is_lost = true;
    }
    return (int)sent;
}

static long bio_control(BIO *bio, int what, long number, void *data)
{
    const struct tls_stream *stream = BIO_get_data(bio);

    (void)number;
    (void)data;
    switch (what) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return stream->is_lost ? 1 : 0;
    default:
        return 0;
    }
}

/* Each stream has a method of its own: one for all would be a mutable global. It goes with the
 * stream, after the BIO. */
static BIO_METHOD *bio_method_new(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "lovebank socket");

    if (method != NULL &&
        (BIO_meth_set_read(method, bio_read) != 1 || BIO_meth_set_write(method, bio_write) != 1 ||
         BIO_meth_set_ctrl(method, bio_control) != 1)) {
        BIO_meth_free(method);
        return NULL;
    }
    return method;
}

/* --- whom we talk to ----------------------------------------------------------------------------
 */

static void stream_note_time(struct tls_stream *stream, const ASN1_TIME *time)
{
    struct tm tm = {0};

    if (ASN1_TIME_to_tm(time, &tm) != 1 ||
        strftime(stream->detail, sizeof(stream->detail), "%Y-%m-%d %H:%M:%S UTC", &tm) == 0) {
        stream->detail[0] = '\0';
    }
}

/* The text of a name, in printable ASCII: it comes from the other end. */
static void stream_note_name(struct tls_stream *stream, const X509_NAME *name)
{
    BIO *text = BIO_new(BIO_s_mem());
    int size = -1;

    if (text != NULL && X509_NAME_print_ex(text, name, 0, XN_FLAG_ONELINE) >= 0) {
        size = BIO_read(text, stream->detail, sizeof(stream->detail) - 1);
    }
    stream->detail[size < 0 ? 0 : size] = '\0';
    BIO_free(text);
}

static bool stream_add_name(struct tls_stream *stream, const char *name)
{
    const size_t used = strlen(stream->detail);
    const char *comma = used == 0 ? "" : ", ";
    const int size =
        snprintf(stream->detail + used, sizeof(stream->detail) - used, "%s%s", comma, name);
    if (size < 0 || (size_t)size >= sizeof(stream->detail) - used) {
        stream->detail[used] = '\0'; /* whole names only */
        return false;
    }
    return true;
}

/* The names and addresses that a certificate is made out to. */
static void stream_note_hosts(struct tls_stream *stream, const X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    const int count = sk_GENERAL_NAME_num(names); /* -1 for NULL */
    bool fits = true;

    stream->detail[0] = '\0';
    for (int i = 0; i < count && fits; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        char text[INET6_ADDRSTRLEN] = "";
        if (name->type == GEN_DNS) {
            fits = stream_add_name(stream, (const char *)ASN1_STRING_get0_data(name->d.dNSName));
        } else if (name->type == GEN_IPADD) {
            const int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;
            fits = inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), text,
                             sizeof(text)) != NULL &&
                   stream_add_name(stream, text);
        }
    }
    GENERAL_NAMES_free(names);
    for (char *at = stream->detail; *at != '\0'; at++) {
        *at = *at >= ' ' && *at <= '~' ? *at : '?'; /* it comes from the other end */
    }
}

/* Keeps what was wrong with the certificate, and refuses it. */
static int stream_on_verified(int is_good, X509_STORE_CTX *store)
{
    const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
    struct tls_stream *stream = SSL_get_app_data(X509_STORE_CTX_get_ex_data(store, index));
    const X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    const int error = X509_STORE_CTX_get_error(store);

    if (is_good || certificate == NULL) {
        return is_good;
    }
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        stream->trouble = TLS_TROUBLE_EXPIRED;
        stream_note_time(stream, X509_get0_notAfter(certificate));
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        stream->trouble = TLS_TROUBLE_NOT_YET;
        stream_note_time(stream, X509_get0_notBefore(certificate));
        break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        stream->trouble = TLS_TROUBLE_NAME;
        stream_note_hosts(stream, certificate);
        break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: /* an authority of the same name, with another key */
        stream->trouble = TLS_TROUBLE_AUTHORITY_UNKNOWN;
        stream_note_name(stream, X509_get_issuer_name(certificate));
        break;
    default:
        stream->trouble = TLS_TROUBLE_OTHER;
        (void)snprintf(stream->detail, sizeof(stream->detail), "%s",
                       X509_verify_cert_error_string(error));
    }
    return 0;
}

/* --- life ---------------------------------------------------------------------------------------
 */

/* The name to be in the certificate; one that is no address is also told to the server. */
static bool stream_expect(SSL *ssl, const char *name)
{
    uint8_t address[16];
    char host[TLSEXT_MAXLEN_host_name + 1];
    const bool is_address =
        inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;

    if (is_address) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    }
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (*name == '\0' || strlen(name) >= sizeof(host)) {
        return false;
    }
    memcpy(host, name, strlen(name) + 1);
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static bool stream_make(struct tls_stream *stream, struct tls_context *context, const char *name)
{
    stream->method = bio_method_new();
    stream->ssl = stream->method == NULL ? NULL : SSL_new(context->ssl);
    BIO *bio = stream->ssl == NULL ? NULL : BIO_new(stream->method);
    if (bio == NULL) {
        return false;
    }
    BIO_set_data(bio, stream);
    BIO_set_init(bio, 1);
    SSL_set_bio(stream->ssl, bio, bio); /* the stream's now */
    if (SSL_set_app_data(stream->ssl, stream) != 1) {
        return false;
    }
    SSL_set_verify(stream->ssl, SSL_get_verify_mode(stream->ssl), stream_on_verified);
    if (name == NULL) {
        (void)SSL_set_options(stream->ssl, SSL_OP_CLEANSE_PLAINTEXT);
        SSL_set_accept_state(stream->ssl);
        return true;
    }
    SSL_set_connect_state(stream->ssl);
    return stream_expect(stream->ssl, name) &&
           (context->session == NULL || SSL_set_session(stream->ssl, context->session) == 1);
}

struct tls_stream *tls_stream_new(struct tls_context *context, int fd, const char *name)
{
    struct tls_stream *stream = calloc(1, sizeof(*stream));

    if (stream == NULL) {
        return NULL;
    }
    stream->fd = fd;
    if (!stream_make(stream, context, name)) {
        ERR_clear_error();
        tls_stream_free(stream);
        return NULL;
    }
    return stream;
}

void tls_stream_free(struct tls_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (stream->ssl != NULL && stream->trouble == TLS_TROUBLE_NONE) {
        /* A line that was cut says nothing against the session: it may be resumed. */
        SSL_set_shutdown(stream->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    SSL_free(stream->ssl); /* and the BIO */
    BIO_meth_free(stream->method);
    free(stream);
}

void tls_stream_stop_wiping(struct tls_stream *stream)
{
    (void)SSL_clear_options(stream->ssl, SSL_OP_CLEANSE_PLAINTEXT);
}

void tls_stream_allow(struct tls_stream *stream, size_t bytes)
{
    stream->allowed_bytes = bytes;
}

/* --- moving -------------------------------------------------------------------------------------
 */

/* Why it failed, when no certificate was the reason. */
static void stream_note_failure(struct tls_stream *stream)
{
    const int reason = ERR_GET_REASON(ERR_peek_error());

    if (stream->trouble != TLS_TROUBLE_NONE) {
        ERR_clear_error();
        return;
    }
    switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
        stream->trouble = TLS_TROUBLE_NOT_TLS;
        break;
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        stream->trouble = TLS_TROUBLE_OWN_CERTIFICATE;
        break;
    default:
        stream->trouble = TLS_TROUBLE_OTHER;
    }
    tls_take_error(stream->detail, sizeof(stream->detail));
}

/* What an operation of OpenSSL came to, done being what it returned. */
static enum tls_progress stream_progress(struct tls_stream *stream, int done)
{
    switch (SSL_get_error(stream->ssl, done)) {
    case SSL_ERROR_NONE:
        return TLS_DONE;
    case SSL_ERROR_WANT_READ:
        return TLS_WANTS_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_ENDED;
    default:
        break;
    }
    stream->is_failed = true;
    if (stream->is_lost && stream->trouble == TLS_TROUBLE_NONE) {
        ERR_clear_error();
        return TLS_LOST;
    }
    stream_note_failure(stream);
    return TLS_FAILED;
}

enum tls_progress tls_stream_handshake(struct tls_stream *stream)
{
    ERR_clear_error();
    return stream->is_failed ? TLS_LOST : stream_progress(stream, SSL_do_handshake(stream->ssl));
}

enum tls_progress tls_stream_read(struct tls_stream *stream, void *out, size_t room, size_t *got)
{
    *got = 0;
    ERR_clear_error();
    return stream->is_failed ? TLS_LOST
                             : stream_progress(stream, SSL_read_ex(stream->ssl, out, room, got));
}

bool tls_stream_may_hold(const struct tls_stream *stream)
{
    return SSL_has_pending(stream->ssl) == 1;
}

enum tls_progress tls_stream_write(struct tls_stream *stream, const void *data, size_t size,
                                   size_t *sent)
{
    *sent = 0;
    ERR_clear_error();
    return stream->is_failed ? TLS_LOST
                             : stream_progress(stream, SSL_write_ex(stream->ssl, data, size, sent));
}

enum tls_progress tls_stream_end(struct tls_stream *stream)
{
    if (stream->is_failed || SSL_in_init(stream->ssl)) {
        return TLS_LOST;
    }
    ERR_clear_error();
    const int done = SSL_shutdown(stream->ssl);
    return done >= 0 ? TLS_DONE : stream_progress(stream, done); /* 0: ours is sent */
}

enum tls_trouble tls_stream_trouble(const struct tls_stream *stream, const char **detail)
{
    *detail = stream->detail;
    return stream->trouble;
}

bool tls_stream_is_resumed(const struct tls_stream *stream)
{
    return SSL_session_reused(stream->ssl) == 1;
}
