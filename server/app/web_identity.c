/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Credentials in, cookies out. Loop's thread.
 */
#include "app/web_identity.h"

#include "base/assert.h"
#include "lovebank/client.h"
#include "lovebank/v1/services.pb-c.h"

#include <sodium.h>
#include <string.h>

/* --- tokens ----------------------------------------------------------------------------------- */

static bool is_nobodys(enum lb_result result)
{
    return result == LB_SESSION_EXPIRED || result == LB_PRINCIPAL_LOCKED;
}

enum lb_result web_identify(struct rpc *rpc, struct web_item *item)
{
    const struct http_credentials *given = &item->credentials;
    struct auth_connection *connection = &item->connection;
    uint32_t device = 0;
    enum lb_result result = LB_OK;
    if (given->has_device) {
        result = rpc_identify(rpc, bytes_of(given->device, sizeof(given->device)), connection);
        if (result != LB_OK && !is_nobodys(result)) {
            return result;
        }
        device = connection->device;
        connection->session = (struct auth_session_ref){0}; /* that cookie is for devices */
    }
    if (given->has_token) {
        result = rpc_identify(rpc, bytes_of(given->token, sizeof(given->token)), connection);
        if (result == LB_SESSION_EXPIRED) {
            connection->session = AUTH_SESSION_ENDED;
        } else if (result != LB_OK) {
            return result;
        }
    }
    if (connection->device == 0) {
        connection->device = device;
    }
    return LB_OK;
}

/* --- cookies ---------------------------------------------------------------------------------- */

/* The session's token goes from the answer into the cookie. */
static bool cookies_of_login(struct web_item *item)
{
    struct web_bytes *reply = &item->reply;
    Lovebank__V1__LoginResponse *response =
        lovebank__v1__login_response__unpack(NULL, reply->size, reply->data);
    if (response == NULL) {
        return false;
    }
    if (response->code == LB_OK && response->token.len == LB_TOKEN_BYTES) {
        memcpy(item->cookie, response->token.data, LB_TOKEN_BYTES);
        item->session_cookie = HTTP_COOKIE_SET;
        sodium_memzero(response->token.data, response->token.len);
        sodium_memzero(reply->data, reply->size);
        response->token.len = 0;
        const size_t size = lovebank__v1__login_response__get_packed_size(response);
        LB_ASSERT(size <= reply->size);
        reply->size = lovebank__v1__login_response__pack(response, reply->data);
    }
    lovebank__v1__login_response__free_unpacked(response, NULL);
    return true;
}

/* A device's token that is good becomes the cookie; no token at all takes it away. */
static bool cookies_of_hello(struct web_item *item)
{
    Lovebank__V1__HelloRequest *request =
        lovebank__v1__hello_request__unpack(NULL, item->request.size, item->request.data);
    Lovebank__V1__HelloResponse *response =
        lovebank__v1__hello_response__unpack(NULL, item->reply.size, item->reply.data);
    const bool is_known = request != NULL && response != NULL;
    if (is_known && response->code == LB_OK) {
        const bool is_device = item->connection.device != 0 && item->connection.session.serial == 0;
        if (request->token.len == 0) {
            item->device_cookie = HTTP_COOKIE_CLEAR;
        } else if (response->token_code == LB_OK && is_device) {
            LB_ASSERT(request->token.len == LB_TOKEN_BYTES);
            memcpy(item->cookie, request->token.data, LB_TOKEN_BYTES);
            item->device_cookie = HTTP_COOKIE_SET;
        }
    }
    if (request != NULL) {
        sodium_memzero(request->token.data, request->token.len);
        lovebank__v1__hello_request__free_unpacked(request, NULL);
    }
    if (response != NULL) {
        lovebank__v1__hello_response__free_unpacked(response, NULL);
    }
    return is_known;
}

bool web_set_cookies(struct web_item *item)
{
    if (!item->credentials.wants_cookies || item->kind != LB_FRAME_RESPONSE) {
        return true;
    }
    if (item->method == LB_METHOD_LOGIN) {
        return cookies_of_login(item);
    }
    if (item->method == LB_METHOD_HELLO) {
        return cookies_of_hello(item);
    }
    if (item->method == LB_METHOD_LOGOUT) {
        item->session_cookie = HTTP_COOKIE_CLEAR;
    }
    return true;
}
