/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tokens in headers. Pure.
 */
#include "cookies.h"

#include <string.h>
#include <strings.h>

#define COOKIE_SESSION "__Host-lovebank-session"
#define COOKIE_DEVICE  "__Host-lovebank-device"
/* The rules of the prefix __Host-, and no script and no other site may use it. */
#define COOKIE_RULES "; Path=/; Secure; HttpOnly; SameSite=Strict"
/* A device is for years; browsers keep nothing longer than 400 days. */
#define COOKIE_DEVICE_LIFE "; Max-Age=34560000"

/* -1: not a digit of a hexadecimal number. */
static int hex_digit(char letter)
{
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    if (letter >= 'a' && letter <= 'f') {
        return letter - 'a' + 10;
    }
    return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

/* 64 hexadecimal digits. */
static bool token_parse(struct bytes text, uint8_t token[static LB_TOKEN_BYTES])
{
    if (text.size != (size_t)2 * LB_TOKEN_BYTES) {
        return false;
    }
    for (size_t i = 0; i < LB_TOKEN_BYTES; i++) {
        const int high = hex_digit((char)text.data[2 * i]);
        const int low = hex_digit((char)text.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        token[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* The first cookie of that name. */
static bool cookie_find(const char *header, const char *name, uint8_t token[static LB_TOKEN_BYTES])
{
    const size_t size = strlen(name);
    while (*header != '\0') {
        header += strspn(header, " \t;");
        const size_t pair = strcspn(header, ";");
        if (pair > size && memcmp(header, name, size) == 0 && header[size] == '=') {
            struct bytes value = bytes_of(header + size + 1, pair - size - 1);
            while (value.size > 0 && value.data[value.size - 1] == ' ') {
                value.size--;
            }
            return token_parse(value, token);
        }
        header += pair;
    }
    return false;
}

enum lb_result http_credentials_read(const char *authorization, const char *cookie,
                                     struct http_credentials *credentials, bool *has_cookies)
{
    static const char scheme[] = "Bearer ";
    bool has_session = false;
    *has_cookies = false;
    if (cookie != NULL) {
        has_session = cookie_find(cookie, COOKIE_SESSION, credentials->token);
        credentials->has_device = cookie_find(cookie, COOKIE_DEVICE, credentials->device);
        *has_cookies = has_session || credentials->has_device;
    }
    credentials->has_token = has_session;
    if (authorization == NULL) {
        return LB_OK;
    }
    if (strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0) {
        return LB_SESSION_EXPIRED;
    }
    authorization += sizeof(scheme) - 1;
    authorization += strspn(authorization, " ");
    credentials->has_token = token_parse(bytes_of_text(authorization), credentials->token);
    return credentials->has_token ? LB_OK : LB_SESSION_EXPIRED;
}

static void cookie_print(const char *name, enum http_cookie_change change,
                         const uint8_t token[static LB_TOKEN_BYTES], const char *life,
                         struct http_text *out)
{
    if (change == HTTP_COOKIE_KEEP) {
        return;
    }
    http_text_add(out, "Set-Cookie: ");
    http_text_add(out, name);
    http_text_add(out, "=");
    if (change == HTTP_COOKIE_SET) {
        http_text_add_hex(out, bytes_of(token, LB_TOKEN_BYTES));
    }
    http_text_add(out, COOKIE_RULES);
    http_text_add(out, change == HTTP_COOKIE_SET ? life : "; Max-Age=0");
    http_text_add(out, "\r\n");
}

void http_cookies_print(const struct http_reply *reply, struct http_text *out)
{
    cookie_print(COOKIE_SESSION, reply->session_cookie, reply->cookie, "", out);
    cookie_print(COOKIE_DEVICE, reply->device_cookie, reply->cookie, COOKIE_DEVICE_LIFE, out);
}
