/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The TLS of one client. Bytes to be sent go through a buffer of ours: TLS wants to be given the
 * same ones again when the socket did not take them, and a call may have ended meanwhile. One
 * thread.
 */
#include "tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT_TLS_TEXT_BYTES     768
#define CLIENT_TLS_BYTES_PER_TURN 65536

/* Invariant: out_begin <= out_end <= sizeof(out). */
struct client_tls {
    char *name; /* in the server's certificate */
    char *authorities;
    char *certificate;
    char *private_key;
    struct tls_context *context; /* NULL: the files were not read yet */
    struct tls_stream *stream;   /* NULL: no connection */
    size_t out_begin;
    size_t out_end;
    char text_zh[CLIENT_TLS_TEXT_BYTES]; /* "": nothing is wrong */
    char text_en[CLIENT_TLS_TEXT_BYTES];
    uint8_t out[TLS_RECORD_BYTES];
};

/* false: no memory. */
static bool tls_copy(char **out, const char *text)
{
    *out = text == NULL ? NULL : strdup(text);
    return text == NULL || *out != NULL;
}

struct client_tls *client_tls_new(const struct lb_client_config *config, const char *host)
{
    struct client_tls *tls = calloc(1, sizeof(*tls));
    if (tls == NULL) {
        return NULL;
    }
    if (!tls_copy(&tls->name, config->server_name == NULL ? host : config->server_name) ||
        !tls_copy(&tls->authorities, config->ca_file) ||
        !tls_copy(&tls->certificate, config->certificate_file) ||
        !tls_copy(&tls->private_key, config->private_key_file)) {
        client_tls_free(tls);
        return NULL;
    }
    return tls;
}

void client_tls_free(struct client_tls *tls)
{
    if (tls == NULL) {
        return;
    }
    tls_stream_free(tls->stream);
    tls_context_free(tls->context);
    free(tls->name);
    free(tls->authorities);
    free(tls->certificate);
    free(tls->private_key);
    explicit_bzero(tls->out, sizeof(tls->out)); /* tokens go through it */
    free(tls);
}

/* --- what people are told -----------------------------------------------------------------------
 */

struct tls_sentence {
    const char *zh; /* the first %s is the server's name, the second the detail */
    const char *en;
};

static const struct tls_sentence *tls_sentence_of(enum tls_trouble trouble)
{
    static const struct tls_sentence expired = {
        "服务器“%s”的证书在 %s 已过期。请管理员换发证书；本机的时钟也请核对",
        "the certificate of the server %s expired on %s; have it renewed, and check this machine's "
        "clock"};
    static const struct tls_sentence not_yet = {
        "服务器“%s”的证书从 %s 起才有效。请核对本机的时钟",
        "the certificate of the server %s is valid from %s only; check this machine's clock"};
    static const struct tls_sentence name = {
        "服务器的证书不是发给“%s”的，而是发给“%s”的。请用证书上的名字连接",
        "the server's certificate is not made out to %s, but to %s; connect by a name in it"};
    static const struct tls_sentence authority = {
        "服务器“%s”的证书由“%s”签发，不在信任之列。请用 --ca 指定这个机构的 ca.pem",
        "the certificate of the server %s was issued by %s, who is not trusted; name the ca.pem of "
        "that authority with --ca"};
    static const struct tls_sentence not_tls = {
        "“%s”那里的服务不用 TLS（%s）。请核对地址和端口",
        "what answers at %s does not speak TLS (%s); check the address and the port"};
    static const struct tls_sentence own = {
        "服务器“%s”要求设备证书，或不接受出示的那张（%s）。请用 lovebankd tls-init --device "
        "签发一张并在客户端设定",
        "the server %s wants a device certificate, or another one (%s); issue one with lovebankd "
        "tls-init --device and give it to the client"};
    static const struct tls_sentence other = {
        "与服务器“%s”的加密连接没有建成（%s）。请看服务器的日志",
        "no encrypted connection with the server %s could be made (%s); see the server's log"};

    switch (trouble) {
    case TLS_TROUBLE_EXPIRED:
        return &expired;
    case TLS_TROUBLE_NOT_YET:
        return &not_yet;
    case TLS_TROUBLE_NAME:
        return &name;
    case TLS_TROUBLE_AUTHORITY_UNKNOWN:
        return &authority;
    case TLS_TROUBLE_NOT_TLS:
        return &not_tls;
    case TLS_TROUBLE_OWN_CERTIFICATE:
        return &own;
    case TLS_TROUBLE_NONE:
    case TLS_TROUBLE_OTHER:
        break;
    }
    return &other;
}

/* Puts name and detail into the places of a sentence of ours. */
static void tls_fill(char *out, const char *sentence, const char *name, const char *detail)
{
    const char *first = strstr(sentence, "%s");
    const char *second = strstr(first + 2, "%s");

    (void)snprintf(out, CLIENT_TLS_TEXT_BYTES, "%.*s%s%.*s%s%s", (int)(first - sentence), sentence,
                   name, (int)(second - first - 2), first + 2, detail, second + 2);
}

static void tls_explain(struct client_tls *tls)
{
    const char *detail = "";
    const enum tls_trouble trouble = tls_stream_trouble(tls->stream, &detail);
    const struct tls_sentence *sentence = tls_sentence_of(trouble);

    tls_fill(tls->text_zh, sentence->zh, tls->name, detail);
    tls_fill(tls->text_en, sentence->en, tls->name, detail);
}

const char *client_tls_text(const struct client_tls *tls, bool chinese)
{
    const char *text = chinese ? tls->text_zh : tls->text_en;
    return *text == '\0' ? NULL : text;
}

/* --- the connection -----------------------------------------------------------------------------
 */

static bool tls_load(struct client_tls *tls)
{
    const struct tls_files files = {
        .certificate = tls->certificate,
        .private_key = tls->private_key,
        .authorities = tls->authorities,
    };
    char error[TLS_ERROR_BYTES];

    if (tls->context == NULL) {
        tls->context = tls_context_new_client(&files, error);
    }
    if (tls->context == NULL) {
        (void)snprintf(tls->text_zh, sizeof(tls->text_zh), "证书文件读不了：%s。请核对文件名和权限",
                       error);
        (void)snprintf(tls->text_en, sizeof(tls->text_en),
                       "a certificate file cannot be read: %s; check its name and permissions",
                       error);
        return false;
    }
    return true;
}

bool client_tls_begin(struct client_tls *tls, int fd)
{
    tls->text_zh[0] = tls->text_en[0] = '\0';
    tls->out_begin = tls->out_end = 0;
    if (!tls_load(tls)) {
        return false;
    }
    tls->stream = tls_stream_new(tls->context, fd, tls->name);
    if (tls->stream == NULL) {
        (void)snprintf(tls->text_zh, sizeof(tls->text_zh),
                       "“%s”不能是服务器的名字，或内存不足。请更正", tls->name);
        (void)snprintf(tls->text_en, sizeof(tls->text_en),
                       "%s cannot be a server's name, or memory is out; correct it", tls->name);
        return false;
    }
    return true;
}

void client_tls_end(struct client_tls *tls)
{
    if (tls->stream != NULL) {
        /* What the socket does not take now is not worth waiting for. */
        const enum tls_progress progress = tls_stream_end(tls->stream);
        (void)progress;
        tls_stream_free(tls->stream);
        tls->stream = NULL;
    }
}

static enum tls_progress tls_explained(struct client_tls *tls, enum tls_progress progress)
{
    if (progress == TLS_FAILED) {
        tls_explain(tls);
    }
    return progress;
}

enum tls_progress client_tls_handshake(struct client_tls *tls)
{
    client_tls_allow(tls);
    return tls_explained(tls, tls_stream_handshake(tls->stream));
}

void client_tls_allow(struct client_tls *tls)
{
    tls_stream_allow(tls->stream, CLIENT_TLS_BYTES_PER_TURN);
}

enum tls_progress client_tls_read(struct client_tls *tls, void *out, size_t room, size_t *got)
{
    return tls_explained(tls, tls_stream_read(tls->stream, out, room, got));
}

bool client_tls_may_hold(const struct client_tls *tls)
{
    return tls_stream_may_hold(tls->stream);
}

/* Sends what was taken over before. false: lost. */
static bool tls_flush(struct client_tls *tls)
{
    enum tls_progress progress = TLS_DONE;
    while (progress == TLS_DONE && tls->out_begin < tls->out_end) {
        size_t sent = 0;
        progress = tls_stream_write(tls->stream, tls->out + tls->out_begin,
                                    tls->out_end - tls->out_begin, &sent);
        tls->out_begin += sent;
    }
    return progress == TLS_DONE || progress == TLS_WANTS_WRITE;
}

ssize_t client_tls_send(struct client_tls *tls, const struct iovec *parts, size_t count)
{
    size_t taken = 0;

    if (!tls_flush(tls)) {
        return -1;
    }
    if (client_tls_has_output(tls)) {
        return 0;
    }
    for (size_t i = 0; i < count && taken < sizeof(tls->out); i++) {
        const size_t room = sizeof(tls->out) - taken;
        const size_t size = parts[i].iov_len < room ? parts[i].iov_len : room;
        memcpy(tls->out + taken, parts[i].iov_base, size);
        taken += size;
    }
    tls->out_begin = 0;
    tls->out_end = taken;
    return tls_flush(tls) ? (ssize_t)taken : -1;
}

bool client_tls_has_output(const struct client_tls *tls)
{
    return tls->out_begin < tls->out_end;
}
