/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * TLS 1.3 over a non-blocking socket, for both ends: what net and liblovebank share. The only file
 * but tls/certificate.h through which OpenSSL is used for connections. It waits for nothing,
 * watches no socket and closes none; SIGPIPE is never raised.
 *
 * A context belongs to one thread at a time, and so does a stream. A stream outlives its context
 * without harm.
 */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>

struct ssl_st; /* OpenSSL's */
struct tls_context;
struct tls_stream;

#define TLS_ERROR_BYTES  256
#define TLS_RECORD_BYTES ((size_t)16 << 10) /* what one write takes at most */

/* PEM files; NULL: none. */
struct tls_files {
    const char *certificate; /* ours, followed by those that lead to its authority */
    const char *private_key; /* NULL: it is in the file of the certificate */
    const char *authorities; /* whom we trust */
};

/* A server's: certificate must be given. With authorities every client must show a certificate of
 * theirs. NULL: error says which file is wrong and why; LB_MEMORY is told the same way. */
LB_MUST_CHECK struct tls_context *tls_context_new_server(const struct tls_files *files,
                                                         char error[static TLS_ERROR_BYTES]);
/* A client's, for one server: chain, dates and name are always checked. Without authorities those
 * of the system are trusted. Keeps the last session, for a quick second handshake. */
LB_MUST_CHECK struct tls_context *tls_context_new_client(const struct tls_files *files,
                                                         char error[static TLS_ERROR_BYTES]);
void tls_context_free(struct tls_context *context);

/* A connection of a server's context for a library that drives OpenSSL itself; it outlives the
 * context, and SSL_free takes it. NULL: no memory. */
LB_MUST_CHECK struct ssl_st *tls_context_new_ssl(struct tls_context *context);

/* How far an operation came. */
enum tls_progress {
    TLS_DONE,
    TLS_WANTS_READ,  /* again when the socket is readable; handshake and read only */
    TLS_WANTS_WRITE, /* again, with the same bytes first, when it is writable; not of read */
    TLS_ENDED,       /* the peer said that it sends no more */
    TLS_LOST,        /* the socket failed, or ended without that word */
    TLS_FAILED,      /* what the peer sent was refused, or ours was: tls_stream_trouble */
};

/* Why a handshake failed, as far as somebody can do something about it. */
enum tls_trouble {
    TLS_TROUBLE_NONE,
    TLS_TROUBLE_EXPIRED,           /* detail: until when the certificate held */
    TLS_TROUBLE_NOT_YET,           /* detail: from when it holds */
    TLS_TROUBLE_NAME,              /* detail: the names in it */
    TLS_TROUBLE_AUTHORITY_UNKNOWN, /* detail: who issued it */
    TLS_TROUBLE_NOT_TLS,           /* the other end speaks something else */
    TLS_TROUBLE_OWN_CERTIFICATE,   /* the other end wants one of us, or another */
    TLS_TROUBLE_OTHER,             /* detail: OpenSSL's reason */
};

/* A stream over a connected socket, which stays the caller's. name: what the server's certificate
 * must be made out to, a host name or an address; of a server's context NULL. NULL: no memory, or
 * the name cannot be one. */
LB_MUST_CHECK struct tls_stream *tls_stream_new(struct tls_context *context, int fd,
                                                const char *name);
void tls_stream_free(struct tls_stream *stream);

/* A server's stream wipes what a client sends from OpenSSL's buffers, which are whole records,
 * until this is called: the client has proved who it is, and its password or token has passed. */
void tls_stream_stop_wiping(struct tls_stream *stream);

/* How many bytes may be taken from the socket from now on; at first none. When they are used up the
 * stream behaves as if no more had come, so that a busy peer leaves the others their turn. */
void tls_stream_allow(struct tls_stream *stream, size_t bytes);

LB_MUST_CHECK enum tls_progress tls_stream_handshake(struct tls_stream *stream);
/* TLS_DONE: *got > 0 bytes were read. To be called again while tls_stream_may_hold: of those bytes
 * no event of the socket tells. */
LB_MUST_CHECK enum tls_progress tls_stream_read(struct tls_stream *stream, void *out, size_t room,
                                                size_t *got);
/* Bytes were taken from the socket that have not been read; perhaps only a part of a record. */
bool tls_stream_may_hold(const struct tls_stream *stream);
/* TLS_DONE: *sent > 0 of the bytes were sent, TLS_RECORD_BYTES at most. */
LB_MUST_CHECK enum tls_progress tls_stream_write(struct tls_stream *stream, const void *data,
                                                 size_t size, size_t *sent);
/* Tells the peer that no more is sent. TLS_DONE, TLS_WANTS_WRITE, or TLS_LOST. */
LB_MUST_CHECK enum tls_progress tls_stream_end(struct tls_stream *stream);

/* After TLS_FAILED; detail lives as long as the stream. */
enum tls_trouble tls_stream_trouble(const struct tls_stream *stream, const char **detail);
/* The handshake was a short one, by a session kept. */
bool tls_stream_is_resumed(const struct tls_stream *stream);

#endif
