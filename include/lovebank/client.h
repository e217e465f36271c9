/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * liblovebank: a program's connection to a LoveBank server.
 *
 * Two layers. The asynchronous client (lb_client_*) lives on a libevent base of the caller's: calls
 * are pipelined, and answered through a function. The session (lb_session_*) is a blocking wrapper
 * with a base of its own. Neither knows what a method means: requests and responses are messages
 * of proto/lovebank/v1, whose generated protobuf-c types come with this library. A small program
 * over it is examples/c/balance.c.
 *
 * Lost connections: the client connects again, with growing pauses, and sends every request that
 * was not answered once more, in the same order and with the same bytes. The server knows commands
 * by their ids, so each of them happens exactly once however often it is sent. After `patience_ms`
 * without an answer it gives up: the calls end with LB_UNREACHABLE.
 *
 * Threads: a client or session belongs to one thread, that of its event base. Different clients on
 * different threads need nothing from each other. Signals: SIGPIPE is never raised. An address
 * tcp:HOST:PORT is looked up with getaddrinfo, which may block for a host that is not a number.
 */
#ifndef LOVEBANK_CLIENT_H
#define LOVEBANK_CLIENT_H

#include "lovebank/frame.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct lb_client;
struct lb_session;

/* The methods of proto/lovebank/v1/services.proto. */
enum lb_method {
    LB_METHOD_HELLO = 1, /* sent by the client itself */
    LB_METHOD_WRITE = 2,
    LB_METHOD_STATUS = 3,
    LB_METHOD_ENTRY_GET = 4,
    LB_METHOD_VERIFY = 5,
    LB_METHOD_IMPORT_LIST = 6,
    LB_METHOD_BACKUP = 7,
    LB_METHOD_ENTRY_LIST = 8,
    LB_METHOD_ORG_LIST = 10,
    LB_METHOD_CATALOGUE = 11,
    LB_METHOD_STOCK = 12,
    LB_METHOD_MEMBER_GET = 20,
    LB_METHOD_MEMBER_FIND = 21,
    LB_METHOD_HISTORY = 22,
    LB_METHOD_STARS = 30,
    LB_METHOD_REPORT = 31,
    LB_METHOD_PUBLIC_BOARD = 32,
    LB_METHOD_LOGIN = 40,
    LB_METHOD_LOGOUT = 41,
    LB_METHOD_PASSWORD = 42,
    LB_METHOD_WHOAMI = 43,
    LB_METHOD_PRINCIPAL_LIST = 44,
    LB_METHOD_PROPOSAL_LIST = 45,
};

#define LB_CLIENT_ADDRESS_BYTES_MAX 256
#define LB_CLIENT_NAME_BYTES_MAX    64

/* All of it is copied. A 0 or NULL stands for the default in brackets. */
struct lb_client_config {
    /* unix:PATH, tls:HOST:PORT, or tcp:HOST:PORT, which is not encrypted and served on loopback
     * only [unix:/run/lovebank/lovebank.sock] */
    const char *address;
    const char *name;        /* name and version of the program, for the server's log [lovebank] */
    const uint8_t *token;    /* LB_TOKEN_BYTES, of a session or a device [none] */
    uint32_t connect_ms;     /* to connect and be greeted [5,000] */
    uint32_t call_ms;        /* for one call, from lb_client_call to its answer [60,000] */
    uint32_t patience_ms;    /* without any answer, once it was connected [30,000] */
    uint32_t first_ms;       /* the same before it was ever connected [1,000] */
    uint32_t pause_first_ms; /* before the second attempt; doubles, with some chance in it [50] */
    uint32_t pause_max_ms;   /* [2,000] */
    /* Of tls:, whose server is always checked: chain, validity and name. Files are PEM, read at
     * the first connection. */
    const char *ca_file;          /* the authorities to trust, and no others [the system's] */
    const char *server_name;      /* the name in the server's certificate [HOST of the address] */
    const char *certificate_file; /* our own, where the server asks for one [none] */
    const char *private_key_file; /* that certificate's key [in certificate_file] */
};

#define LB_CLIENT_ADDRESS_DEFAULT "unix:/run/lovebank/lovebank.sock"

/* How a call ended. */
struct lb_reply {
    /* LB_OK: the server answered, and payload is the packed response. Otherwise the number of a
     * result: what the server said about the request as a whole (it may be newer than this
     * library), or one of the client's own: LB_UNREACHABLE, LB_DEADLINE (numbers[0]: ms),
     * LB_MALFORMED (the server's bytes cannot be read), LB_SHUTTING_DOWN (lb_client_free),
     * LB_TLS_FAILED (lb_client_trouble; nothing of the calls was sent). */
    int result;
    int64_t numbers[LB_FRAME_ERROR_NUMBERS_MAX];
    const uint8_t *payload; /* valid during the call of lb_client_done_fn */
    size_t payload_bytes;
};

/* Called once for each accepted call, on the base's thread. May make calls, not free the client. */
typedef void lb_client_done_fn(void *context, const struct lb_reply *reply);

/*
 * Makes a client; nothing is sent before the first call. The base must outlive it. LB_OK;
 * LB_CONFIG_INVALID: the address is of another form or too long; LB_MEMORY.
 */
LB_MUST_CHECK enum lb_result lb_client_new(struct event_base *base,
                                           const struct lb_client_config *config,
                                           struct lb_client **out);
/* Calls not answered yet end with LB_SHUTTING_DOWN before this returns. NULL is allowed. */
void lb_client_free(struct lb_client *client);

/*
 * Queues one request; `payload` is copied. Answers may come in any order. LB_OK: `done` will be
 * called, later; else it will not: LB_FRAME_TOO_LARGE, LB_MEMORY.
 */
LB_MUST_CHECK enum lb_result lb_client_call(struct lb_client *client, uint16_t method,
                                            const void *payload, size_t payload_bytes,
                                            lb_client_done_fn *done, void *context);
/* The same with a packed message. */
LB_MUST_CHECK enum lb_result lb_client_call_message(struct lb_client *client, uint16_t method,
                                                    const ProtobufCMessage *request,
                                                    lb_client_done_fn *done, void *context);
/* Calls without an answer yet. */
size_t lb_client_call_count(const struct lb_client *client);
/* After LB_TLS_FAILED, the {s} of its sentence: what is wrong with the server's certificate, or
 * with a file of ours, and what to do about it. NULL: nothing is. Valid until the next call. */
const char *lb_client_trouble(const struct lb_client *client, bool chinese);
/* What the server said of the token when it greeted last: LB_OK, also when there is no token or it
 * has not greeted yet; LB_SESSION_EXPIRED, LB_PRINCIPAL_LOCKED. Then the connection acts for
 * nobody, and most calls come back as LB_LOGIN_REQUIRED. */
int lb_client_token_result(const struct lb_client *client);

/* A blocking session. Errors of lb_client_new. The first call connects. */
LB_MUST_CHECK enum lb_result lb_session_open(const struct lb_client_config *config,
                                             struct lb_session **out);
void lb_session_close(struct lb_session *session);

/*
 * One request and its answer. On LB_OK *response is a message of the given type, to be freed with
 * protobuf_c_message_free_unpacked(*response, NULL); else NULL, and lb_session_numbers tells the
 * numbers of the result's sentence. Results are those of lb_reply, LB_FRAME_TOO_LARGE, LB_MEMORY.
 */
LB_MUST_CHECK int lb_session_call(struct lb_session *session, enum lb_method method,
                                  const ProtobufCMessage *request,
                                  const ProtobufCMessageDescriptor *response_type,
                                  ProtobufCMessage **response);

/*
 * Pipelining: submit sends without waiting, next waits for the answer to the oldest request
 * submitted and not yet taken. Both as lb_session_call; next with nothing submitted is a
 * programmer's error. lb_session_call may be mixed in: it does not disturb the order.
 */
LB_MUST_CHECK int lb_session_submit(struct lb_session *session, enum lb_method method,
                                    const ProtobufCMessage *request);
LB_MUST_CHECK int lb_session_next(struct lb_session *session,
                                  const ProtobufCMessageDescriptor *response_type,
                                  ProtobufCMessage **response);
size_t lb_session_submitted_count(const struct lb_session *session);

/* As lb_client_trouble. */
const char *lb_session_trouble(const struct lb_session *session, bool chinese);

/* The numbers of the last failure, three of them. Valid until the next call. */
const int64_t *lb_session_numbers(const struct lb_session *session);
/* As lb_client_token_result. */
int lb_session_token_result(const struct lb_session *session);

#endif
