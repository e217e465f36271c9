/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole requests: who sent them and what for. Server's thread.
 */
#include "answer.h"
#include "headers.h"
#include "origin.h"
#include "route.h"
#include "server.h"

#include <event2/http.h>
#include <string.h>

static const struct http_error error_repeated = {
    .code = HTTP_CODE_INVALID_ARGUMENT,
    .zh = "同一个请求头出现了两次。请检查客户端",
    .en = "a header stands there twice; check the client",
};
static const struct http_error error_host = {
    .code = HTTP_CODE_PERMISSION_DENIED,
    .status = 421,
    .zh = "这个服务器不认识请求里的主机名（Host）。请用它的地址，或把名字加到设置 http-hosts",
    .en = "the request is for a host name that is not this server's; use its address, or add the "
          "name to the setting http-hosts",
};
static const struct http_error error_origin = {
    .code = HTTP_CODE_PERMISSION_DENIED,
    .zh = "请求来自别的网站的页面，不予处理",
    .en = "the request comes from a page of another site and is refused",
};
static const struct http_error error_unknown = {
    .code = HTTP_CODE_UNIMPLEMENTED,
    .status = 404,
    .zh = "服务器没有这个方法。请核对路径，或更新一方",
    .en = "the server has no such method; check the path, or update one of the two",
};
static const struct http_error error_no_page = {
    .code = HTTP_CODE_NOT_FOUND,
    .zh = "没有这个页面。请核对网址；一个页面都没有时，请看设置 web-dir",
    .en = "there is no such page; check the address, or, if there is none at all, the setting "
          "web-dir",
};
static const struct http_error error_post = {
    .code = HTTP_CODE_UNIMPLEMENTED,
    .status = 405,
    .zh = "方法只能用 POST 调用",
    .en = "methods are called with POST",
};
static const struct http_error error_get = {
    .code = HTTP_CODE_UNIMPLEMENTED,
    .status = 405,
    .zh = "这里只能用 GET 读取",
    .en = "this can only be read, with GET",
};

static void request_refuse(struct http_connection *connection, struct evhttp_request *request,
                           const struct http_error *error, const char *lines)
{
    atomic_fetch_add(&connection->server->refused, 1);
    http_answer_error(connection, request, error, lines);
}

static void request_post(struct http_connection *connection, struct evhttp_request *request,
                         struct bytes path, const struct http_headers *headers)
{
    struct http_server *server = connection->server;
    const struct http_method *method = http_route_method(
        server->config.methods, server->config.method_count, server->method_order, path);
    if (method == NULL) {
        const bool is_page = !http_route_is_method_like(path);
        request_refuse(connection, request, is_page ? &error_get : &error_unknown,
                       is_page ? "Allow: GET, HEAD\r\n" : NULL);
    } else if (!http_origin_is_same(headers->fetch_site, headers->origin, headers->host,
                                    connection->is_tls)) {
        request_refuse(connection, request, &error_origin, NULL);
    } else {
        http_connect_read(server, connection, request, method, headers);
    }
}

static void request_page(struct http_connection *connection, struct evhttp_request *request,
                         struct bytes path, const struct http_headers *headers)
{
    struct http_answer answer;
    char lines[HTTP_PAGE_LINES_BYTES];
    if (!http_pages_find(&connection->server->pages, path, headers->accept_encoding,
                         headers->if_none_match, &answer, lines)) {
        request_refuse(connection, request, &error_no_page, NULL);
        return;
    }
    http_answer(connection, request, &answer);
}

static void request_stream(struct http_connection *connection, struct evhttp_request *request,
                           const struct http_headers *headers)
{
    if (!http_origin_is_same(headers->fetch_site, headers->origin, headers->host,
                             connection->is_tls)) {
        request_refuse(connection, request, &error_origin, NULL);
    } else {
        http_stream_read(connection, request, headers);
    }
}

static void request_get(struct http_connection *connection, struct evhttp_request *request,
                        struct bytes path, const struct http_headers *headers, bool is_head)
{
    const struct http_server *server = connection->server;
    if (bytes_equal(path, BYTES_LITERAL("/health"))) {
        http_health_read(connection, request, HTTP_CALL_HEALTH, headers);
    } else if (bytes_equal(path, BYTES_LITERAL("/metrics"))) {
        http_health_read(connection, request, HTTP_CALL_METRICS, headers);
    } else if (bytes_equal(path, BYTES_LITERAL("/events")) && is_head) {
        request_refuse(connection, request, &error_get, "Allow: GET\r\n"); /* it has no end */
    } else if (bytes_equal(path, BYTES_LITERAL("/events"))) {
        request_stream(connection, request, headers);
    } else if (http_route_method(server->config.methods, server->config.method_count,
                                 server->method_order, path) != NULL) {
        request_refuse(connection, request, &error_post, "Allow: POST\r\n");
    } else {
        request_page(connection, request, path, headers);
    }
}

/* A proxy that looks whether we live may name no host. */
static bool request_is_for_us(const struct http_connection *connection, struct bytes path,
                              const struct http_headers *headers)
{
    return http_host_is_ours(headers->host, connection->server->config.hosts) ||
           (headers->host == NULL && connection->scan.is_http10 &&
            bytes_equal(path, BYTES_LITERAL("/health")));
}

void http_request_read(struct evhttp_request *request, void *arg)
{
    struct http_server *server = arg;
    struct http_connection *connection = http_connection_of(server, request);
    struct http_headers headers;
    if (connection == NULL || connection->scan.place != HTTP_SCAN_END) {
        evhttp_connection_free(evhttp_request_get_connection(request));
        return;
    }
    http_connection_set_phase(connection, HTTP_PHASE_CALL, 0);
    http_connection_watch(connection, request);
    http_headers_read(evhttp_request_get_input_headers(request), connection->scan.field_count,
                      &headers);
    connection->ends = connection->scan.is_http10 || headers.says_close;
    const char *uri = evhttp_request_get_uri(request);
    const struct bytes path = http_route_path(uri);
    const enum evhttp_cmd_type kind = evhttp_request_get_command(request);
    if (headers.is_repeated) {
        request_refuse(connection, request, &error_repeated, NULL);
    } else if (!request_is_for_us(connection, path, &headers)) {
        request_refuse(connection, request, &error_host, NULL);
    } else if (kind == EVHTTP_REQ_POST) {
        request_post(connection, request, path, &headers);
    } else if (kind == EVHTTP_REQ_GET || kind == EVHTTP_REQ_HEAD) {
        request_get(connection, request, path, &headers, kind == EVHTTP_REQ_HEAD);
    } else {
        request_refuse(connection, request, &error_post, "Allow: GET, HEAD, POST\r\n");
    }
}
