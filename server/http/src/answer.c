/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Writing answers. Server's thread.
 */
#include "answer.h"

#include "server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* What pages of ours may do, and that nobody may do it with them. */
static const char headers_always[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "worker-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=()\r\n";
static const char headers_tls[] = "Strict-Transport-Security: max-age=31536000\r\n";

const char *http_status_name(int status)
{
    static const struct {
        int status;
        const char *name;
    } rows[] = {
        {200, "OK"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].status == status) {
            return rows[i].name;
        }
    }
    return "";
}

bool http_answer_head(const struct http_connection *connection, const struct http_answer *answer,
                      bool is_last, struct http_text *out)
{
    http_text_add(out, "HTTP/1.1 ");
    http_text_add_u64(out, (uint64_t)answer->status);
    http_text_add(out, " ");
    http_text_add(out, http_status_name(answer->status));
    http_text_add(out, "\r\n");
    http_text_add(out, connection->server->date);
    if (answer->type != NULL) {
        http_text_add(out, "Content-Type: ");
        http_text_add(out, answer->type);
        http_text_add(out, "\r\n");
    }
    if (answer->status != 304 && !answer->is_endless) {
        http_text_add(out, "Content-Length: ");
        http_text_add_u64(out, answer->body.size);
        http_text_add(out, "\r\n");
    }
    http_text_add(out, "Cache-Control: ");
    http_text_add(out, answer->cache == NULL ? "no-store" : answer->cache);
    http_text_add(out, "\r\n");
    http_text_add_bytes(out, bytes_of(headers_always, sizeof(headers_always) - 1));
    if (connection->is_tls) {
        http_text_add_bytes(out, bytes_of(headers_tls, sizeof(headers_tls) - 1));
    }
    if (answer->lines != NULL) {
        http_text_add(out, answer->lines);
    }
    http_text_add(out, is_last ? "Connection: close\r\n\r\n" : "\r\n");
    return !out->is_cut;
}

/* How much of it the socket took at once; the rest has to wait. */
static size_t send_now(const struct http_connection *connection, struct bytes head,
                       struct bytes body)
{
    struct iovec parts[2] = {
        {.iov_base = (void *)(uintptr_t)head.data, .iov_len = head.size},
        {.iov_base = (void *)(uintptr_t)body.data, .iov_len = body.size},
    };
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (connection->is_tls || evbuffer_get_length(bufferevent_get_output(connection->bev)) > 0) {
        return 0;
    }
    const ssize_t sent =
        sendmsg(bufferevent_getfd(connection->bev), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : (size_t)sent; /* an error shows itself again */
}

/* false: no memory. */
static bool send_later(struct http_connection *connection, struct bytes bytes, bool is_lasting,
                       size_t *sent)
{
    struct evbuffer *output = bufferevent_get_output(connection->bev);
    const size_t skipped = *sent < bytes.size ? *sent : bytes.size;
    *sent -= skipped;
    if (skipped == bytes.size) {
        return true;
    }
    const uint8_t *left = bytes.data + skipped;
    const size_t size = bytes.size - skipped;
    return (is_lasting ? evbuffer_add_reference(output, left, size, NULL, NULL)
                       : evbuffer_add(output, left, size)) == 0;
}

void http_answer(struct http_connection *connection, struct evhttp_request *request,
                 const struct http_answer *answer)
{
    char memory[HTTP_ANSWER_HEAD_BYTES_MAX];
    struct http_text head = http_text_of(memory, sizeof(memory));
    const bool is_head = evhttp_request_get_command(request) == EVHTTP_REQ_HEAD;
    const struct bytes body = is_head ? bytes_of(NULL, 0) : answer->body;
    connection->ends = connection->ends || connection->server->is_stopping;
    if (!http_answer_head(connection, answer, connection->ends, &head)) {
        http_connection_cut(connection);
        return;
    }
    if (connection->ends) {
        (void)evhttp_add_header(evhttp_request_get_output_headers(request), "Connection", "close");
    }
    size_t sent = send_now(connection, http_text_bytes(&head), body);
    if (!send_later(connection, http_text_bytes(&head), false, &sent) ||
        !send_later(connection, body, answer->is_lasting, &sent)) {
        http_connection_cut(connection);
        return;
    }
    http_connection_set_phase(connection, HTTP_PHASE_ANSWER, 0);
    if (evbuffer_get_length(bufferevent_get_output(connection->bev)) > 0) {
        (void)bufferevent_enable(connection->bev, EV_WRITE);
    }
    /* It tells of the request; evhttp would end the answer as if that came in chunks, too. */
    request->chunked = 0;
    /* Now, or when all is written, evhttp goes on. */
    evhttp_send_reply_end(request);
}

void http_answer_error(struct http_connection *connection, struct evhttp_request *request,
                       const struct http_error *error, const char *lines)
{
    char memory[HTTP_ERROR_BYTES_MAX];
    struct http_text body = http_text_of(memory, sizeof(memory));
    http_error_print(error, &body);
    const struct http_answer answer = {
        .status = http_error_status(error),
        .type = "application/json",
        .lines = lines,
        .body = http_text_bytes(&body),
    };
    http_answer(connection, request, &answer);
}
