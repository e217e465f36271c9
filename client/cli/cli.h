/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What every command of `lovebank` shares: the language, the connection, the exit codes, where
 * output goes. Not a command. One thread.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "base/id.h"
#include "lovebank/client.h"
#include "lovebank/v1/services.pb-c.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum cli_exit {
    CLI_DONE = 0,
    CLI_REFUSED = 1,
    CLI_USAGE = 2,
    CLI_TRY_LATER = 3, /* unreachable, busy, or waiting for a second person */
    CLI_FAULT = 4,
};

/* The same words in both languages. Static. */
struct cli_text {
    const char *zh;
    const char *en;
};

struct registry;
struct principals;

struct cli {
    bool is_chinese;
    bool is_json;
    bool is_dry_run;
    bool is_hint; /* only a hint is wanted (completion): at once or not at all; nothing is told */
    bool is_session;    /* one of many commands of `lovebank shell`: a person waits for it */
    bool is_logging_in; /* the session's token is not used, but the device's is */
    const char *address;
    const char *token_path;           /* of the session; NULL: where token_file_path says */
    const char *device_token_path;    /* NULL: this is no device */
    const char *ca_path;              /* of tls:; NULL: the system's authorities */
    const char *certificate_path;     /* this device's own; NULL: none */
    const char *certificate_key_path; /* NULL: in certificate_path */
    bool has_token;
    uint8_t token[LB_TOKEN_BYTES]; /* that the connection was made with */
    uint32_t desk;
    uint64_t at_least_entry;       /* reads shall see it; 0: what the server knows */
    struct id id;                  /* --id; zero: make one */
    struct lb_session *session;    /* NULL until the first call */
    struct registry *registry;     /* NULL until the first name is looked up */
    struct principals *principals; /* NULL until the first of them is looked up */
    bool goes_on;                  /* without the server: that nobody answers is not told, but */
    bool is_unreachable;           /* seen here, of the last failure */
    enum cli_exit told; /* what the last failure that was told ends with; CLI_DONE: none */
    bool has_bar;       /* a progress bar stands on the terminal's line */
    struct arena arena; /* texts and messages, until the program ends */
    struct id_maker ids;
    FILE *out;
    FILE *err;
};

/* Chooses the language; keeps printf's formats literal, so the compiler still checks them. */
#define TEXT(cli, zh, en) ((cli)->is_chinese ? (zh) : (en))

void cli_init(struct cli *cli, bool is_chinese);
void cli_fini(struct cli *cli);

/* Server, tokens, desk and language of another: the commands of a shell, completion. */
void cli_share(struct cli *cli, const struct cli *from);

const char *cli_choose(const struct cli *cli, struct cli_text text);

/* Memory of cli->arena; ends the program with CLI_FAULT and a sentence when there is none. */
void *cli_take(struct cli *cli, size_t count, size_t bytes);
char *cli_copy(struct cli *cli, const char *text);
const char *cli_format(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What somebody wrote, as messages repeat it: long texts end after 60 characters, with "…". */
const char *cli_cut(struct cli *cli, const char *text);

/* Bytes as hex. */
const char *cli_hex(struct cli *cli, const ProtobufCBinaryData *bytes);

/* A line on standard output; nothing with --json. */
void cli_say(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A line on standard error: what is wrong, and what to do. */
void cli_complain(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One object, one line. Takes the reference. */
void cli_put_json(struct cli *cli, json_t *object);
/* Standard output takes nothing more; what only shows something may stop. */
bool cli_is_cut_off(const struct cli *cli);
/* Writes out what is left. A reader that left early is no failure: `lovebank ... | head`. */
enum cli_exit cli_flush(struct cli *cli, enum cli_exit exit);

/* The exit code that belongs to a result. */
enum cli_exit cli_exit_of(int result);

/* Tells a result that is not LB_OK: a sentence on standard error, or an object with --json. */
enum cli_exit cli_fail(struct cli *cli, int result, const int64_t numbers[3], const char *thing);

/*
 * One request and its answer, lives until cli_free_response. NULL: it failed, was told, and *exit
 * says how. The session is opened on first use.
 */
ProtobufCMessage *cli_call(struct cli *cli, enum lb_method method, const ProtobufCMessage *request,
                           const ProtobufCMessageDescriptor *response_type, enum cli_exit *exit);
/* The same on the session, which is open, and telling nobody: as lb_session_call. */
LB_MUST_CHECK int cli_session_call(struct cli *cli, enum lb_method method,
                                   const ProtobufCMessage *request,
                                   const ProtobufCMessageDescriptor *response_type,
                                   ProtobufCMessage **response);
/* The request as it is to be sent: a read asks for --at-least-entry. Memory of cli->arena, or the
 * request itself. */
const ProtobufCMessage *cli_request(struct cli *cli, const ProtobufCMessage *request);
/* The session, opened if it was not. false: told. */
LB_MUST_CHECK bool cli_connect(struct cli *cli, enum cli_exit *exit);
/* The connection is made anew by the next call: with another token, for one. */
void cli_disconnect(struct cli *cli);
/* What every connection of ours needs: address, token, authorities. The token is read from its
 * file and lives in cli. false: told. */
LB_MUST_CHECK bool cli_configure(struct cli *cli, struct lb_client_config *config,
                                 enum cli_exit *exit);
/* A greeting more, to learn of the server: it acts for the same as the connection did. The token
 * is cli's. */
Lovebank__V1__HelloRequest cli_greeting(struct cli *cli);
/* "done", "rejected", "retryable", "waiting", "fault", "bug". */
const char *cli_name_of_class(int result);
void cli_free_response(ProtobufCMessage *response);

/* A new id (UUIDv7), or the one given with --id. */
LB_MUST_CHECK bool cli_make_id(struct cli *cli, struct id *id);

#endif
