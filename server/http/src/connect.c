/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The Connect protocol, unary: https://connectrpc.com/docs/protocol. Server's thread.
 */
#include "answer.h"
#include "cookies.h"
#include "headers.h"
#include "message.h"
#include "origin.h"
#include "server.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TIMEOUT_DIGITS_MAX 10 /* as the protocol has it */
#define BETWEEN            " / "

static const struct http_error error_type = {
    .code = HTTP_CODE_INVALID_ARGUMENT,
    .status = 415,
    .zh = "内容类型只能是 application/json 或 application/proto",
    .en = "the content type must be application/json or application/proto",
};
static const struct http_error error_encoding = {
    .code = HTTP_CODE_UNIMPLEMENTED,
    .zh = "不支持压缩的请求。请不加压缩再发",
    .en = "compressed requests are not supported; send it without compression",
};
static const struct http_error error_version = {
    .code = HTTP_CODE_INVALID_ARGUMENT,
    .zh = "只支持 Connect 协议第 1 版：请求头 Connect-Protocol-Version 应为 1",
    .en = "only version 1 of the Connect protocol is spoken: Connect-Protocol-Version must be 1",
};
static const struct http_error error_version_missing = {
    .code = HTTP_CODE_INVALID_ARGUMENT,
    .zh = "带 Cookie 的请求必须有请求头 Connect-Protocol-Version: 1",
    .en = "a request with cookies needs the header Connect-Protocol-Version: 1",
};
static const struct http_error error_timeout = {
    .code = HTTP_CODE_INVALID_ARGUMENT,
    .zh = "请求头 Connect-Timeout-Ms 应是 1 到 10 位数字",
    .en = "Connect-Timeout-Ms must be a number of 1 to 10 digits",
};

/* "application/json; charset=utf-8" is JSON. false: neither. */
static bool connect_read_type(const char *type, bool *is_json)
{
    if (type == NULL) {
        return false;
    }
    size_t size = strcspn(type, ";");
    while (size > 0 && type[size - 1] == ' ') {
        size--;
    }
    *is_json =
        size == strlen("application/json") && strncasecmp(type, "application/json", size) == 0;
    return *is_json || (size == strlen("application/proto") &&
                        strncasecmp(type, "application/proto", size) == 0);
}

/* 0: none is given. */
static bool connect_read_timeout(const char *text, int64_t *timeout_ms)
{
    *timeout_ms = 0;
    if (text == NULL) {
        return true;
    }
    const size_t size = strlen(text);
    if (size == 0 || size > TIMEOUT_DIGITS_MAX || strspn(text, "0123456789") != size) {
        return false;
    }
    *timeout_ms = strtoll(text, NULL, 10);
    *timeout_ms = *timeout_ms == 0 ? 1 : *timeout_ms;
    return true;
}

/* NULL: it is good. */
static const struct http_error *connect_check(const struct http_headers *headers, bool has_cookies,
                                              bool *is_json, int64_t *timeout_ms)
{
    if (!connect_read_type(headers->content_type, is_json)) {
        return &error_type;
    }
    if (headers->content_encoding != NULL &&
        strcasecmp(headers->content_encoding, "identity") != 0) {
        return &error_encoding;
    }
    if (headers->protocol_version == NULL ? has_cookies
                                          : strcmp(headers->protocol_version, "1") != 0) {
        return headers->protocol_version == NULL ? &error_version_missing : &error_version;
    }
    return connect_read_timeout(headers->timeout_ms, timeout_ms) ? NULL : &error_timeout;
}

static void connect_refuse(struct http_connection *connection, struct evhttp_request *request,
                           const struct http_error *error)
{
    atomic_fetch_add(&connection->server->refused, 1);
    http_answer_error(connection, request, error,
                      error == &error_type ? "Accept-Post: application/json, application/proto\r\n"
                                           : NULL);
}

/* What stands between the languages of a problem; NULL: nothing. A name or a value that both quote
 * may hold the same, so it is the one in the middle. */
static char *problem_between(char *problem)
{
    char *middle = strstr(problem, BETWEEN);
    const char *last = middle;
    while (last != NULL && (last = strstr(last + strlen(BETWEEN), BETWEEN)) != NULL) {
        last = strstr(last + strlen(BETWEEN), BETWEEN);
        middle = strstr(middle + strlen(BETWEEN), BETWEEN);
    }
    return middle;
}

/* A failure of reading or writing JSON; its problem is in both languages. */
static struct http_error connect_json_error(enum lb_result result, char *problem)
{
    struct http_error error = http_error_of(result);
    char *between = result == LB_MALFORMED ? problem_between(problem) : NULL;
    if (between != NULL) {
        *between = '\0';
        error.zh = problem;
        error.en = between + strlen(BETWEEN);
    }
    return error;
}

static void connect_submit(struct http_server *server, struct http_call *call,
                           struct http_request *submitted)
{
    struct http_connection *connection = call->connection;
    struct evhttp_request *request = call->request;
    submitted->token = http_call_token(server, call);
    if (!http_server_submit(server, submitted)) {
        const struct http_error error = http_error_of(LB_TRY_LATER);
        http_call_free(server, call);
        connect_refuse(connection, request, &error);
    }
}

/* The body in one piece of the arena, and no more where it was: there may be a password in it.
 * false: no memory. */
static bool connect_take_body(struct evbuffer *input, struct arena *arena, struct bytes *body)
{
    const size_t size = evbuffer_get_length(input);
    struct evbuffer_iovec part;
    uint8_t *copy = arena_take(arena, size);
    if (copy == NULL) {
        return false;
    }
    (void)evbuffer_copyout(input, copy, size);
    *body = bytes_of(copy, size);
    while (evbuffer_peek(input, -1, NULL, &part, 1) > 0 && part.iov_len > 0) {
        explicit_bzero(part.iov_base, part.iov_len);
        (void)evbuffer_drain(input, part.iov_len);
    }
    return true;
}

static void connect_begin(struct http_server *server, struct http_connection *connection,
                          struct evhttp_request *request, const struct http_method *method,
                          struct http_request *submitted, bool is_json, int64_t timeout_ms)
{
    char problem[JSON_PROBLEM_BYTES] = "";
    arena_reset(&server->arena);
    enum lb_result result = connect_take_body(evhttp_request_get_input_buffer(request),
                                              &server->arena, &submitted->payload)
                                ? LB_OK
                                : LB_MEMORY;
    if (result == LB_OK && is_json) {
        result = http_message_pack(method->request, submitted->payload, &server->arena,
                                   &submitted->payload, problem);
    }
    struct http_call *call = result == LB_OK ? http_call_new(connection, HTTP_CALL_UNARY) : NULL;
    if (call == NULL) {
        const struct http_error error =
            connect_json_error(result == LB_OK ? LB_TRY_LATER : result, problem);
        connect_refuse(connection, request, &error);
    } else {
        call->request = request;
        call->method = method;
        call->is_json = is_json;
        call->timeout_ms = timeout_ms;
        call->deadline_ms = timeout_ms == 0 ? 0 : server->now_ms + timeout_ms;
        connect_submit(server, call, submitted);
    }
    arena_wipe(&server->arena);
}

void http_connect_read(struct http_server *server, struct http_connection *connection,
                       struct evhttp_request *request, const struct http_method *method,
                       const struct http_headers *headers)
{
    struct http_request submitted = {
        .method = method->number,
        .peer = http_peer_behind(&connection->peer, headers->forwarded_for, server->config.proxies),
    };
    bool has_cookies = false;
    bool is_json = false;
    int64_t timeout_ms = 0;
    const enum lb_result result = http_credentials_read(headers->authorization, headers->cookie,
                                                        &submitted.credentials, &has_cookies);
    const struct http_error *refusal = connect_check(headers, has_cookies, &is_json, &timeout_ms);
    submitted.credentials.wants_cookies =
        headers->wants_cookies != NULL && strcmp(headers->wants_cookies, "1") == 0;
    if (refusal != NULL) {
        connect_refuse(connection, request, refusal);
    } else if (result != LB_OK) {
        const struct http_error error = http_error_of(result);
        connect_refuse(connection, request, &error);
    } else {
        connect_begin(server, connection, request, method, &submitted, is_json, timeout_ms);
    }
}

/* --- replies ------------------------------------------------------------------------------------
 */

void http_connect_reply(struct http_server *server, struct http_call *call,
                        const struct http_reply *reply)
{
    if (call->deadline_ms > 0 && http_server_look_at_clock(server) >= call->deadline_ms) {
        http_connect_expire(call);
        http_call_free(server, call);
        return;
    }
    struct http_connection *connection = call->connection;
    struct evhttp_request *request = call->request;
    char lines[HTTP_COOKIES_BYTES_MAX];
    struct http_text cookies = http_text_of(lines, sizeof(lines) - 1);
    struct bytes body = reply->payload;
    enum lb_result result = LB_OK;
    const bool is_json = call->is_json;

    arena_wipe(&server->arena); /* if it answers within the submission, the request is there */
    arena_reset(&server->arena);
    if (reply->kind == LB_FRAME_RESPONSE && is_json) {
        result = http_message_print(call->method->response, reply->payload, &server->arena, &body);
    }
    http_cookies_print(reply, &cookies);
    lines[cookies.size] = '\0';
    http_call_free(server, call);
    if (reply->kind == LB_FRAME_RESPONSE && result == LB_OK) {
        const struct http_answer answer = {
            .status = 200,
            .type = is_json ? "application/json" : "application/proto",
            .lines = lines,
            .body = body,
        };
        http_answer(connection, request, &answer);
        return;
    }
    const struct http_error error =
        result == LB_OK ? http_error_of_frame(reply->payload) : http_error_of(result);
    http_answer_error(connection, request, &error, lines);
}

void http_connect_expire(struct http_call *call)
{
    struct http_connection *connection = call->connection;
    struct evhttp_request *request = call->request;
    const struct http_error error = {
        .code = HTTP_CODE_DEADLINE_EXCEEDED,
        .result = LB_DEADLINE,
        .number_count = 1,
        .numbers = {call->timeout_ms},
    };
    http_call_forsake(call);
    http_answer_error(connection, request, &error, NULL);
}
