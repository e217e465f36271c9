/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The TLS of one client: whom it trusts, the stream of its connection, bytes handed over and not
 * yet sent, and what to tell people when the server is not to be trusted. Not the connection's
 * states. One thread.
 */
#ifndef CLIENT_TLS_H
#define CLIENT_TLS_H

#include "lovebank/client.h"
#include "tls/tls.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

struct client_tls;

/* host: that of the address. NULL: no memory. */
LB_MUST_CHECK struct client_tls *client_tls_new(const struct lb_client_config *config,
                                                const char *host);
void client_tls_free(struct client_tls *tls);

/* A stream over a connected socket; the files are read the first time. false: client_tls_text. */
LB_MUST_CHECK bool client_tls_begin(struct client_tls *tls, int fd);
/* The socket is about to close: says so to the server, if it is to be had. */
void client_tls_end(struct client_tls *tls);

/* After TLS_FAILED: client_tls_text. */
LB_MUST_CHECK enum tls_progress client_tls_handshake(struct client_tls *tls);
/* As tls_stream_read, within the bytes of a turn, which allow begins. */
void client_tls_allow(struct client_tls *tls);
LB_MUST_CHECK enum tls_progress client_tls_read(struct client_tls *tls, void *out, size_t room,
                                                size_t *got);
/* As tls_stream_may_hold. */
bool client_tls_may_hold(const struct client_tls *tls);
/* Takes bytes over; they count as sent from then on. How many; 0: none now; -1: lost. */
LB_MUST_CHECK ssize_t client_tls_send(struct client_tls *tls, const struct iovec *parts,
                                      size_t count);
/* Bytes taken over wait for the socket. */
bool client_tls_has_output(const struct client_tls *tls);

/* What stands in the way, which trying again will not mend; NULL: nothing. Lives as long as tls. */
const char *client_tls_text(const struct client_tls *tls, bool chinese);

#endif
