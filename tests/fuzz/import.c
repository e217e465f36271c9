/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: a whole file imported. The first byte is the kind of import, the rest the file, from
 * its bytes to the commands that are sent. The server is the target's, by way of the linker: it
 * knows one of each thing and enters all it is sent; what it is sent is well formed. One thread.
 */
#include "import.h"

#include "bank/command.h"
#include "base/assert.h"
#include "commands.h"
#include "entry/command_codec.h"
#include "registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_BYTES_MAX 4096
#define SUBMITTED_MAX  256
#define ANSWER_BYTES   (1u << 16)
#define COMMAND_ARENA  (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_lb_session_call(struct lb_session *session, enum lb_method method,
                           const ProtobufCMessage *request,
                           const ProtobufCMessageDescriptor *response_type,
                           ProtobufCMessage **response);
int __wrap_lb_session_submit(struct lb_session *session, enum lb_method method,
                             const ProtobufCMessage *request);
int __wrap_lb_session_next(struct lb_session *session,
                           const ProtobufCMessageDescriptor *response_type,
                           ProtobufCMessage **response);

static const char *const kinds[] = {"sheet",    "members",  "redemptions", "stock",
                                    "services", "undos",    "orgs",        "classes",
                                    "items",    "counters", "categories",  "openings"};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Requests without their answers yet: how many commands each has. */
struct target {
    char directory[64];
    char rejects[96];           /* the file of refused rows, in it */
    struct lb_session *session; /* never used: calls go to the functions below */
    FILE *nowhere;
    size_t submitted[SUBMITTED_MAX];
    size_t first;
    size_t count;
};

static struct target target;

/* --- the server ------------------------------------------------------------------------------- */

static void check_command(const Lovebank__V1__Command *message)
{
    struct command command;
    const struct verdict verdict = entry_command_from_pb(message, &command);
    LB_ASSERT(verdict.code != LB_MALFORMED && verdict.code != LB_LINES_TOO_MANY);
}

static size_t check_request(enum lb_method method, const ProtobufCMessage *request)
{
    if (method != LB_METHOD_WRITE) {
        return 1;
    }
    const Lovebank__V1__WriteRequest *write = (const Lovebank__V1__WriteRequest *)request;
    LB_ASSERT(write->n_commands > 0 && write->n_commands <= LB_BATCH_COMMANDS_MAX);
    for (size_t i = 0; i < write->n_commands; i++) {
        check_command(write->commands[i]);
    }
    return write->n_commands;
}

/* Packed and unpacked, so that the caller can free it. */
static ProtobufCMessage *answer_copy(const ProtobufCMessage *message)
{
    static uint8_t packed[ANSWER_BYTES];
    LB_ASSERT(protobuf_c_message_get_packed_size(message) <= sizeof(packed));
    const size_t size = protobuf_c_message_pack(message, packed);
    ProtobufCMessage *copy = protobuf_c_message_unpack(message->descriptor, NULL, size, packed);
    LB_ASSERT(copy != NULL);
    return copy;
}

static ProtobufCMessage *answer_write(size_t commands)
{
    static Lovebank__V1__Result results[LB_BATCH_COMMANDS_MAX];
    static Lovebank__V1__Result *pointers[LB_BATCH_COMMANDS_MAX];
    Lovebank__V1__WriteResponse response;
    lovebank__v1__write_response__init(&response);
    for (size_t i = 0; i < commands; i++) {
        lovebank__v1__result__init(&results[i]);
        results[i].entry = i + 1;
        results[i].assigned = i + 1;
        pointers[i] = &results[i];
    }
    response.results = pointers;
    response.n_results = commands;
    return answer_copy(&response.base);
}

static ProtobufCMessage *answer_find(void)
{
    Lovebank__V1__MemberInfo info;
    Lovebank__V1__MemberInfo *members[] = {&info};
    Lovebank__V1__MemberFindResponse response;
    lovebank__v1__member_info__init(&info);
    lovebank__v1__member_find_response__init(&response);
    info.member = 1;
    response.members = members;
    response.n_members = 1;
    response.index_ready = true;
    return answer_copy(&response.base);
}

static ProtobufCMessage *answer_orgs(void)
{
    Lovebank__V1__Org org;
    Lovebank__V1__Org *orgs[] = {&org};
    Lovebank__V1__OrgListResponse response;
    lovebank__v1__org__init(&org);
    lovebank__v1__org_list_response__init(&response);
    org.org = UINT64_C(990101001010);
    org.name = (char[]){"幸福社区"};
    response.orgs = orgs;
    response.n_orgs = 1;
    return answer_copy(&response.base);
}

static ProtobufCMessage *answer_of(const ProtobufCMessageDescriptor *type, size_t commands)
{
    if (type == &lovebank__v1__write_response__descriptor) {
        return answer_write(commands);
    }
    if (type == &lovebank__v1__member_find_response__descriptor) {
        return answer_find();
    }
    if (type == &lovebank__v1__org_list_response__descriptor) {
        return answer_orgs();
    }
    ProtobufCMessage *empty = calloc(1, type->sizeof_message);
    LB_ASSERT(empty != NULL);
    protobuf_c_message_init(type, empty);
    return empty;
}

int __wrap_lb_session_call(struct lb_session *session, enum lb_method method,
                           const ProtobufCMessage *request,
                           const ProtobufCMessageDescriptor *response_type,
                           ProtobufCMessage **response)
{
    LB_ASSERT(session == target.session);
    *response = answer_of(response_type, check_request(method, request));
    return LB_OK;
}

int __wrap_lb_session_submit(struct lb_session *session, enum lb_method method,
                             const ProtobufCMessage *request)
{
    LB_ASSERT(session == target.session && target.count < SUBMITTED_MAX);
    const size_t place = (target.first + target.count++) % SUBMITTED_MAX;
    target.submitted[place] = check_request(method, request);
    return LB_OK;
}

int __wrap_lb_session_next(struct lb_session *session,
                           const ProtobufCMessageDescriptor *response_type,
                           ProtobufCMessage **response)
{
    LB_ASSERT(session == target.session && target.count > 0);
    *response = answer_of(response_type, target.submitted[target.first]);
    target.first = (target.first + 1) % SUBMITTED_MAX;
    target.count--;
    return LB_OK;
}

/* --- one file --------------------------------------------------------------------------------- */

static void target_free(void)
{
    lb_session_close(target.session);
    (void)fclose(target.nowhere);
    LB_ASSERT(rmdir(target.directory) == 0);
}

static void target_open(void)
{
    if (target.session == NULL) {
        const struct lb_client_config config = {.name = "fuzz", .address = "unix:/nowhere"};
        LB_ASSERT(lb_session_open(&config, &target.session) == LB_OK);
        const char *base = getenv("TMPDIR");
        (void)snprintf(target.directory, sizeof(target.directory), "%.32s/lovebank-fuzz-XXXXXX",
                       base == NULL ? "/tmp" : base);
        LB_ASSERT(mkdtemp(target.directory) != NULL);
        (void)snprintf(target.rejects, sizeof(target.rejects), "%s/rejects.csv", target.directory);
        target.nowhere = fopen("/dev/null", "we");
        LB_ASSERT(target.nowhere != NULL && atexit(target_free) == 0);
    }
    target.count = 0;
}

static enum cli_exit fuzz_import(struct cli *cli, const char *kind, const char *path)
{
    struct cli_arguments arguments;
    char *argv[] = {cli_copy(cli, "lovebank"),     cli_copy(cli, "import"),
                    cli_copy(cli, kind),           cli_copy(cli, path),
                    cli_copy(cli, "--yes"),        cli_copy(cli, "--rejects"),
                    cli_copy(cli, target.rejects), cli_copy(cli, "--year=2016")};
    const int argc = (int)(sizeof(argv) / sizeof(argv[0]));
    LB_ASSERT(arguments_parse(cli, argc, argv, &arguments) == CLI_DONE);
    return import_run(cli, &arguments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cli cli;
    char path[64];
    if (size == 0 || size > FILE_BYTES_MAX) {
        return 0;
    }
    target_open();
    cli_init(&cli, data[0] % 2 == 0);
    cli.out = cli.err = target.nowhere;
    cli.session = target.session;
    const int fd = memfd_create("sheet.csv", MFD_CLOEXEC);
    LB_ASSERT(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    const enum cli_exit exit = fuzz_import(&cli, kinds[data[0] % KINDS], path);
    LB_ASSERT(exit == CLI_DONE || exit == CLI_REFUSED || exit == CLI_USAGE);
    LB_ASSERT(target.count == 0);
    (void)unlink(target.rejects); /* if any was refused */
    LB_ASSERT(close(fd) == 0);
    registry_free(cli.registry);
    cli.session = NULL;
    cli_fini(&cli);
    return 0;
}
