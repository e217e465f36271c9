/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The shared parts of all commands: output, connection, failures. One thread.
 */
#include "cli.h"

#include "progress.h"
#include "sentence.h"
#include "token_file.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/utf8.h"

#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CLI_ARENA_BYTES_MAX ((size_t)1 << 30)
#define CLI_CUT_CHARACTERS  60

#define CLI_SESSION_PATIENCE_MS 5000 /* for a server that went away: what was typed is not lost */
#define CLI_HINT_MS             200

#define CLI_AT_LEAST_ENTRY 100 /* the field of every read: queries.proto */

void cli_init(struct cli *cli, bool is_chinese)
{
    *cli = (struct cli){.is_chinese = is_chinese, .out = stdout, .err = stderr};
    arena_init(&cli->arena, arena_memory_heap(), CLI_ARENA_BYTES_MAX);
}

void cli_fini(struct cli *cli)
{
    cli_disconnect(cli);
    arena_fini(&cli->arena);
}

void cli_share(struct cli *cli, const struct cli *from)
{
    cli->is_chinese = from->is_chinese;
    cli->address = from->address;
    cli->token_path = from->token_path;
    cli->device_token_path = from->device_token_path;
    cli->ca_path = from->ca_path;
    cli->certificate_path = from->certificate_path;
    cli->certificate_key_path = from->certificate_key_path;
    cli->desk = from->desk;
    cli->at_least_entry = from->at_least_entry;
}

const char *cli_choose(const struct cli *cli, struct cli_text text)
{
    return TEXT(cli, text.zh, text.en);
}

void *cli_take(struct cli *cli, size_t count, size_t bytes)
{
    void *block = arena_take_zeroed(&cli->arena, count, bytes);
    if (block == NULL) {
        cli_complain(cli, "%s", lb_result_text(LB_MEMORY, cli->is_chinese));
        exit(CLI_FAULT);
    }
    return block;
}

char *cli_copy(struct cli *cli, const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(cli_take(cli, size, 1), text, size);
}

const char *cli_format(struct cli *cli, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = cli_take(cli, size < 0 ? 1 : (size_t)size + 1, 1);
    if (size >= 0) {
        (void)vsnprintf(text, (size_t)size + 1, format, again);
    }
    va_end(again);
    return text;
}

const char *cli_cut(struct cli *cli, const char *text)
{
    const size_t size = strlen(text);
    struct bytes left = bytes_of(text, size);
    uint32_t code_point;
    for (size_t i = 0; i < CLI_CUT_CHARACTERS; i++) {
        if (!utf8_next(&left, &code_point) && left.size > 0) {
            left = bytes_of(left.data + 1, left.size - 1); /* no character: one byte of it */
        }
    }
    return left.size == 0 ? text : cli_format(cli, "%.*s…", (int)(size - left.size), text);
}

const char *cli_hex(struct cli *cli, const ProtobufCBinaryData *bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = cli_take(cli, bytes->len * 2 + 1, 1);
    for (size_t i = 0; i < bytes->len; i++) {
        text[2 * i] = digits[bytes->data[i] >> 4];
        text[2 * i + 1] = digits[bytes->data[i] & 15];
    }
    return text;
}

void cli_say(struct cli *cli, const char *format, ...)
{
    if (cli->is_json) {
        return;
    }
    progress_clear(cli);
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(cli->out, format, arguments);
    va_end(arguments);
    (void)fputc('\n', cli->out);
}

void cli_complain(struct cli *cli, const char *format, ...)
{
    if (cli->is_hint) {
        return;
    }
    progress_clear(cli);
    (void)fflush(cli->out);
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(cli->err, format, arguments);
    va_end(arguments);
    (void)fputc('\n', cli->err);
}

void cli_put_json(struct cli *cli, json_t *object)
{
    if (object == NULL ||
        (json_dumpf(object, cli->out, JSON_COMPACT) != 0 && !cli_is_cut_off(cli))) {
        cli_complain(cli, "%s", lb_result_text(LB_MEMORY, cli->is_chinese));
        exit(CLI_FAULT);
    }
    (void)fputc('\n', cli->out);
    json_decref(object);
}

bool cli_is_cut_off(const struct cli *cli)
{
    return ferror(cli->out) != 0;
}

/* Of a pipe or socket. */
static bool cli_reader_has_left(const struct cli *cli)
{
    struct pollfd out = {.fd = fileno(cli->out), .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

enum cli_exit cli_flush(struct cli *cli, enum cli_exit exit)
{
    bool is_written = fflush(cli->out) == 0 && !cli_is_cut_off(cli);
    if (is_written || cli_reader_has_left(cli)) {
        return exit;
    }
    cli_complain(cli, TEXT(cli, "输出没有写完。请腾出空间，或改到别处。",
                           "The output could not be written; make room, or send it elsewhere."));
    return exit == CLI_DONE ? CLI_FAULT : exit;
}

enum cli_exit cli_exit_of(int result)
{
    if (result == LB_ID_REUSED) {
        return CLI_REFUSED; /* the same receipt with other content: for the user to correct */
    }
    switch (lb_result_class(result)) {
    case LB_CLASS_DONE:
        return CLI_DONE;
    case LB_CLASS_REJECTED:
        return CLI_REFUSED;
    case LB_CLASS_RETRYABLE:
    case LB_CLASS_WAITING: /* done as far as this person can: what comes of it is seen later */
        return CLI_TRY_LATER;
    case LB_CLASS_FAULT:
    case LB_CLASS_BUG:
        return CLI_FAULT;
    }
    return CLI_FAULT;
}

const char *cli_name_of_class(int result)
{
    switch (lb_result_class(result)) {
    case LB_CLASS_DONE:
        return "done";
    case LB_CLASS_REJECTED:
        return "rejected";
    case LB_CLASS_RETRYABLE:
        return "retryable";
    case LB_CLASS_WAITING:
        return "waiting";
    case LB_CLASS_FAULT:
        return "fault";
    case LB_CLASS_BUG:
        return "bug";
    }
    return "bug";
}

/* Of somebody who is not logged in: whether the token that was to be one is to blame. */
static int cli_blame_token(const struct cli *cli, int result)
{
    const int token = cli->session == NULL ? LB_OK : lb_session_token_result(cli->session);
    return result == LB_LOGIN_REQUIRED && token != LB_OK ? token : result;
}

static bool cli_is_unreachable(int result)
{
    return result == LB_UNREACHABLE || result == LB_DEADLINE || result == LB_SHUTTING_DOWN;
}

enum cli_exit cli_fail(struct cli *cli, int result, const int64_t numbers[3], const char *thing)
{
    static const int64_t zeros[3] = {0};
    char sentence[SENTENCE_BYTES_MAX];
    const int said = result;
    result = cli_blame_token(cli, result);
    cli->is_unreachable = cli_is_unreachable(result);
    if (cli->is_unreachable && cli->goes_on) {
        cli->told = cli_exit_of(result);
        return cli->told;
    }
    numbers = numbers == NULL ? zeros : numbers;
    thing = result == LB_UNREACHABLE ? cli->address : thing;
    if (result == LB_TLS_FAILED && cli->session != NULL) {
        thing = lb_session_trouble(cli->session, cli->is_chinese);
    }
    sentence_format(sentence, sizeof(sentence), cli->is_chinese, result, numbers, thing);
    if (said != result && result == LB_PRINCIPAL_LOCKED) { /* the greeting does not say which */
        (void)snprintf(sentence, sizeof(sentence), "%s",
                       TEXT(cli, "这个令牌的账户已锁定或停用。请找管理员",
                            "the token's account is locked or closed; ask an administrator"));
    }
    if (cli->is_json && !cli->is_hint) {
        const char *name = lb_result_name(result);
        cli_put_json(cli, json_pack("{s:s,s:i,s:s,s:I,s:I,s:I,s:s}", "result",
                                    name == NULL ? "unknown" : name, "code", result, "class",
                                    cli_name_of_class(result), "a", (json_int_t)numbers[0], "b",
                                    (json_int_t)numbers[1], "c", (json_int_t)numbers[2], "sentence",
                                    sentence));
    } else {
        cli_complain(cli, TEXT(cli, "%s。", "%s."), sentence);
    }
    cli->told = cli_exit_of(result);
    return cli->told;
}

/* The session's token, or else that of the device it runs on. */
static enum token_answer cli_read_token(struct cli *cli)
{
    const char *path = cli->is_logging_in ? NULL : token_file_path(cli);
    enum token_answer answer = path == NULL ? TOKEN_NONE : token_file_read(cli, path, cli->token);
    if (answer != TOKEN_NONE || cli->device_token_path == NULL) {
        return answer;
    }
    answer = token_file_read(cli, cli->device_token_path, cli->token);
    if (answer == TOKEN_NONE) {
        cli_complain(cli,
                     TEXT(cli, "没有设备令牌文件 %s。请核对 --device-token-file。",
                          "There is no device token file %s; check --device-token-file."),
                     cli->device_token_path);
        return TOKEN_BAD;
    }
    return answer;
}

bool cli_configure(struct cli *cli, struct lb_client_config *config, enum cli_exit *exit)
{
    const enum token_answer answer = cli_read_token(cli);
    cli->has_token = answer == TOKEN_FOUND;
    config->address = cli->address;
    config->ca_file = cli->ca_path;
    config->certificate_file = cli->certificate_path;
    config->private_key_file = cli->certificate_key_path;
    config->token = cli->has_token ? cli->token : NULL;
    if (answer == TOKEN_BAD) {
        *exit = CLI_USAGE;
    }
    return answer != TOKEN_BAD;
}

Lovebank__V1__HelloRequest cli_greeting(struct cli *cli)
{
    Lovebank__V1__HelloRequest request;
    lovebank__v1__hello_request__init(&request);
    request.protocol_version = LB_PROTOCOL_VERSION;
    if (cli->has_token) {
        request.token = (ProtobufCBinaryData){.len = sizeof(cli->token), .data = cli->token};
    }
    return request;
}

void cli_disconnect(struct cli *cli)
{
    lb_session_close(cli->session);
    cli->session = NULL;
    cli->has_token = false;
    explicit_bzero(cli->token, sizeof(cli->token));
}

bool cli_connect(struct cli *cli, enum cli_exit *exit)
{
    if (cli->session != NULL) {
        return true;
    }
    struct lb_client_config config = {.name = "lovebank/" LB_VERSION};
    if (!cli_configure(cli, &config, exit)) {
        cli->told = *exit;
        return false;
    }
    if (cli->is_session || cli->goes_on) {
        config.patience_ms = CLI_SESSION_PATIENCE_MS;
    }
    if (cli->is_hint) {
        config.connect_ms = config.call_ms = CLI_HINT_MS;
        config.patience_ms = config.first_ms = CLI_HINT_MS;
    }
    enum lb_result result = lb_session_open(&config, &cli->session);
    if (result == LB_CONFIG_INVALID) {
        cli_complain(cli,
                     TEXT(cli,
                          "服务器地址“%s”不对，或 --ca 的证书读不出。请写成 unix:路径、"
                          "tls:主机:端口 或 tcp:主机:端口。",
                          "The server address %s is not valid, or the certificates of --ca cannot "
                          "be read; write unix:PATH, tls:HOST:PORT or tcp:HOST:PORT."),
                     cli->address);
        *exit = cli->told = CLI_USAGE;
        return false;
    }
    if (result != LB_OK) {
        *exit = cli_fail(cli, (int)result, NULL, "");
        return false;
    }
    return true;
}

const ProtobufCMessage *cli_request(struct cli *cli, const ProtobufCMessage *request)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(request->descriptor, CLI_AT_LEAST_ENTRY);
    if (field == NULL || cli->at_least_entry == 0 || cli->is_hint) {
        return request;
    }
    const size_t size = request->descriptor->sizeof_message;
    char *copy = memcpy(cli_take(cli, 1, size), request, size);
    memcpy(copy + field->offset, &cli->at_least_entry, sizeof(cli->at_least_entry));
    return (const ProtobufCMessage *)(const void *)copy;
}

int cli_session_call(struct cli *cli, enum lb_method method, const ProtobufCMessage *request,
                     const ProtobufCMessageDescriptor *response_type, ProtobufCMessage **response)
{
    return lb_session_call(cli->session, method, cli_request(cli, request), response_type,
                           response);
}

ProtobufCMessage *cli_call(struct cli *cli, enum lb_method method, const ProtobufCMessage *request,
                           const ProtobufCMessageDescriptor *response_type, enum cli_exit *exit)
{
    if (!cli_connect(cli, exit)) {
        return NULL;
    }
    ProtobufCMessage *response = NULL;
    int result = cli_session_call(cli, method, request, response_type, &response);
    if (result != LB_OK) {
        *exit = cli_fail(cli, result, lb_session_numbers(cli->session), "");
        return NULL;
    }
    return response;
}

void cli_free_response(ProtobufCMessage *response)
{
    protobuf_c_message_free_unpacked(response, NULL);
}

bool cli_make_id(struct cli *cli, struct id *id)
{
    uint8_t chance[10];
    if (!id_is_zero(&cli->id)) {
        *id = cli->id;
        return true;
    }
    if (!random_fill(random_system(), chance, sizeof(chance))) {
        return false;
    }
    *id = id_make(&cli->ids, (uint64_t)clock_now_ms(clock_system()), chance);
    return true;
}
