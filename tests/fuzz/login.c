/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: frames on four connections to a server that asks who is there. An input is a list of
 * steps: bytes arrive, time goes by, the worker checks a password, a connection goes away. 32 equal
 * bytes from TOKEN_MARK on stand for a token that was given out before, as no input can know one.
 * Nobody is anybody without a right password, a device's token or a session's. The worker is the
 * target's: the linker sends it auth_passwords_submit. One thread.
 */
#include "book_for_fuzz.h"

#include "base/one_time_code.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "lovebank/v1/services.pb-c.h"

#define HEADER_BYTES      3
#define CONNECTIONS       4
#define IN_BYTES_MAX      8192
#define PAYLOAD_BYTES_MAX 4096
#define INFLIGHT_MAX      4
#define JOBS_MAX          4
#define TOKENS_MAX        16
#define TOKEN_MARK        0xa0
#define METHOD_STATUS     3
#define METHOD_LOGIN      40
#define METHOD_LOGOUT     41
#define METHOD_WHOAMI     43

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
enum lb_result __wrap_auth_passwords_submit(struct auth_passwords *passwords,
                                            struct auth_password_job *job);

enum step { STEP_BYTES, STEP_MORE_BYTES, STEP_TIME, STEP_CHECK, STEP_CLOSE, STEPS };

struct connection {
    uint64_t serial; /* 0: there is none */
    bool is_greeted;
    bool is_over; /* it takes no more */
    unsigned inflight;
    struct auth_connection caller;
    size_t in_size;
    uint8_t in[IN_BYTES_MAX];
};

struct target {
    struct fuzz_book *book;
    struct auth *auth;
    struct rpc *rpc;
    struct arena arena; /* of one reply */
    struct connection connections[CONNECTIONS];
    uint64_t last_serial;
    bool is_woken;
    bool is_touched; /* by this input */
    bool is_refused; /* the request now dispatched, of nobody, is for the known only */
    struct auth_password_job *jobs[JOBS_MAX];
    size_t job_count;
    unsigned right_passwords;
    unsigned logins;
    uint64_t proven; /* bits of the principals that somebody logged in as */
    uint8_t tokens[TOKENS_MAX][LB_TOKEN_BYTES];
    size_t token_count;
};

static struct target *target_of_process;

/* --- the worker for passwords ----------------------------------------------------------------- */

enum lb_result __wrap_auth_passwords_submit(struct auth_passwords *passwords,
                                            struct auth_password_job *job)
{
    struct target *target = target_of_process;
    (void)passwords;
    if (target->job_count == JOBS_MAX) {
        return LB_TRY_LATER;
    }
    job->is_right = false;
    target->jobs[target->job_count++] = job;
    return LB_OK;
}

static bool code_is_right(const struct auth_verifier *verifier, struct bytes text)
{
    uint8_t code[ONE_TIME_CODE_BYTES];
    uint8_t hash[LB_HASH_BYTES];
    if (!one_time_code_parse(text, code)) {
        return false;
    }
    const struct bytes part = bytes_of(code, sizeof(code));
    people_sha256(&part, 1, hash);
    return bytes_equal(bytes_of(hash, sizeof(hash)), bytes_of(verifier->text, verifier->size));
}

/* What stands for a hash: the prefix and as much of the password as fits. */
static struct auth_verifier verifier_of(struct bytes password)
{
    struct auth_verifier verifier = {.kind = AUTH_VERIFIER_PASSWORD};
    const int size = snprintf(verifier.text, sizeof(verifier.text), FUZZ_PASSWORD_PREFIX "%.*s",
                              (int)password.size, (const char *)password.data);
    verifier.size = (size_t)size < sizeof(verifier.text) ? (size_t)size : sizeof(verifier.text) - 1;
    return verifier;
}

static bool password_is_right(const struct auth_verifier *verifier, struct bytes password)
{
    const struct auth_verifier wanted = verifier_of(password);
    return bytes_equal(bytes_of(wanted.text, wanted.size),
                       bytes_of(verifier->text, verifier->size));
}

static void target_check_password(struct target *target)
{
    if (target->job_count == 0) {
        return;
    }
    struct auth_password_job *job = target->jobs[0];
    target->job_count--;
    memmove(target->jobs, target->jobs + 1, target->job_count * sizeof(target->jobs[0]));
    job->result = LB_OK;
    job->new_verifier = (struct auth_verifier){.kind = AUTH_VERIFIER_NONE};
    job->is_right = (job->verifier.kind == AUTH_VERIFIER_CODE &&
                     code_is_right(&job->verifier, job->password)) ||
                    (job->verifier.kind == AUTH_VERIFIER_PASSWORD &&
                     password_is_right(&job->verifier, job->password));
    if (job->is_right && job->new_password.size > 0) {
        job->new_verifier = verifier_of(job->new_password);
    }
    target->right_passwords += job->is_right;
    job->done(job);
}

/* --- ports ------------------------------------------------------------------------------------ */

static struct rpc_token token_of(const struct target *target, const struct connection *connection,
                                 uint16_t method)
{
    const size_t place = (size_t)(connection - target->connections);
    return (struct rpc_token){.words = {(uint64_t)method << 8 | place, connection->serial}};
}

/* NULL: it is gone. */
static struct connection *connection_of(struct target *target, struct rpc_token token)
{
    struct connection *connection = &target->connections[token.words[0] & 0xff];
    return connection->serial == token.words[1] ? connection : NULL;
}

static struct auth_connection *target_connection(void *context, struct rpc_token token)
{
    struct connection *connection = connection_of(context, token);
    return connection == NULL ? NULL : &connection->caller;
}

static void target_check_login(struct target *target, struct bytes payload)
{
    ProtobufCMessage *message = NULL;
    LB_ASSERT(entry_message_unpack(&lovebank__v1__login_response__descriptor, payload,
                                   &target->arena, &message) == LB_OK);
    const Lovebank__V1__LoginResponse *response = (const Lovebank__V1__LoginResponse *)message;
    const bool is_in = response->code == LB_OK;
    LB_ASSERT(response->token.len == (is_in ? LB_TOKEN_BYTES : 0));
    LB_ASSERT((response->principal != 0) == is_in);
    if (is_in) {
        LB_ASSERT(++target->logins <= target->right_passwords);
        LB_ASSERT(response->principal < FUZZ_PRINCIPALS);
        target->proven |= UINT64_C(1) << response->principal;
        memcpy(target->tokens[target->token_count % TOKENS_MAX], response->token.data,
               LB_TOKEN_BYTES);
        target->token_count++;
    }
}

static bool is_open_method(uint16_t method)
{
    return method == LB_FRAME_METHOD_HELLO || method == METHOD_STATUS || method == METHOD_LOGIN ||
           method == METHOD_LOGOUT || method == METHOD_WHOAMI;
}

static void target_takes_reply(void *context, struct rpc_token token, enum lb_frame_kind kind,
                               struct bytes payload)
{
    struct target *target = context;
    struct connection *connection = connection_of(target, token);
    const uint16_t method = (uint16_t)(token.words[0] >> 8);
    struct lb_frame_error error;
    struct auth_session who;
    arena_reset(&target->arena);
    LB_ASSERT(kind == LB_FRAME_RESPONSE ||
              lb_frame_error_decode(payload.data, payload.size, &error) == LB_OK);
    LB_ASSERT(!target->is_refused || kind == LB_FRAME_ERROR);
    if (kind == LB_FRAME_RESPONSE && method == METHOD_LOGIN) {
        target_check_login(target, payload);
    }
    if (connection == NULL) {
        return;
    }
    LB_ASSERT(connection->inflight > 0);
    connection->inflight--;
    const enum lb_result result = auth_connection_who(target->auth, &connection->caller, &who);
    if (kind == LB_FRAME_RESPONSE && method == METHOD_LOGOUT) {
        LB_ASSERT(result == LB_OK && (who.principal == 0 || who.principal == FUZZ_DEVICE));
    }
}

static void target_wakes(void *context)
{
    struct target *target = context;
    target->is_woken = true;
}

static void target_transports(void *context, struct rpc_transports *transports)
{
    (void)context;
    *transports = (struct rpc_transports){.connections = CONNECTIONS};
}

static enum lb_result target_opens_scratch(void *context, struct store **store)
{
    const struct store_mem_options options = {.is_async = false};
    (void)context;
    return store_mem_open(arena_memory_heap(), &options, store);
}

/* --- life ------------------------------------------------------------------------------------- */

static void target_open_auth(struct target *target)
{
    const struct auth_config config = {
        .sessions = {.sessions_max = 6,
                     .sessions_principal_max = 3,
                     .idle_ms = INT64_C(1800000),
                     .absolute_ms = INT64_C(43200000)},
        .limits = {.principal = {.requests_per_s = 20, .bytes_per_s = 65536},
                   .place = {.requests_per_s = 40, .bytes_per_s = 65536},
                   .guest_requests_per_s = 10,
                   .connections_place_max = 3,
                   .connections_place_per_s = 100,
                   .connections_max = CONNECTIONS},
        .password_cost = auth_password_cost_default(),
        .password_queue_max = JOBS_MAX,
        .login_failures_max = 5,
    };
    LB_ASSERT(auth_new(&config, &target->book->clock, &target->book->random, &target->auth) ==
              LB_OK);
}

static void target_open_rpc(struct target *target)
{
    const struct rpc_config config = {.version = "fuzzed",
                                      .frame_payload_bytes_max = PAYLOAD_BYTES_MAX,
                                      .inflight_max = INFLIGHT_MAX,
                                      .memory_bytes_max = FUZZ_MEMORY_BYTES};
    const struct rpc_ports ports = {.engine = target->book->engine,
                                    .store = target->book->store,
                                    .clock = &target->book->clock,
                                    .log = &target->book->log,
                                    .auth = target->auth,
                                    .connection = target_connection,
                                    .reply = target_takes_reply,
                                    .wake = target_wakes,
                                    .transports = target_transports,
                                    .scratch_open = target_opens_scratch,
                                    .context = target};
    LB_ASSERT(rpc_new(&config, &ports, &target->rpc) == LB_OK);
}

static void target_free(void)
{
    struct target *target = target_of_process;
    rpc_free(target->rpc);
    auth_free(target->auth);
    fuzz_book_free(target->book);
    arena_fini(&target->arena);
    free(target);
}

static struct target *target_get(void)
{
    if (target_of_process == NULL) {
        struct target *target = calloc(1, sizeof(*target));
        LB_ASSERT(target != NULL);
        target->book = fuzz_book_new();
        arena_init(&target->arena, arena_memory_heap(), FUZZ_MEMORY_BYTES);
        target_open_auth(target);
        target_open_rpc(target);
        target_of_process = target;
        LB_ASSERT(atexit(target_free) == 0);
    }
    return target_of_process;
}

/* --- connections ------------------------------------------------------------------------------ */

/* Two come from one place, two from others. */
static void connection_open(struct target *target, struct connection *connection)
{
    const size_t place = (size_t)(connection - target->connections);
    const struct auth_place from = auth_place_of_user((uint32_t)(place / 2));
    if (auth_limit_connect(target->auth->limits, &from, clock_monotonic_ms(&target->book->clock))) {
        connection->serial = ++target->last_serial;
        connection->caller = (struct auth_connection){.place = from, .peer = (uint32_t)place + 1};
    }
}

static void connection_close(struct target *target, struct connection *connection)
{
    if (connection->serial != 0) {
        auth_limit_disconnect(target->auth->limits, &connection->caller.place);
        *connection = (struct connection){.serial = 0};
    }
}

/* Tokens that no input can know. */
static void target_put_token(const struct target *target, uint8_t *payload, size_t size)
{
    for (size_t at = 0; size >= LB_TOKEN_BYTES && at <= size - LB_TOKEN_BYTES; at++) {
        const size_t wanted = (size_t)payload[at] - TOKEN_MARK;
        size_t run = 1;
        while (run < LB_TOKEN_BYTES && payload[at + run] == payload[at]) {
            run++;
        }
        if (run == LB_TOKEN_BYTES && wanted < TOKENS_MAX && wanted < target->token_count) {
            memcpy(payload + at, target->tokens[wanted], LB_TOKEN_BYTES);
        }
    }
}

static void connection_dispatch(struct target *target, struct connection *connection,
                                const struct lb_frame *frame)
{
    uint8_t payload[PAYLOAD_BYTES_MAX];
    struct auth_session who;
    const uint16_t method = frame->header.method;
    const unsigned inflight = connection->inflight;
    memcpy(payload, frame->payload, frame->header.payload_bytes);
    target_put_token(target, payload, frame->header.payload_bytes);
    const struct rpc_request request = {
        .method = method,
        .payload = bytes_of(payload, frame->header.payload_bytes),
        .connection = &connection->caller,
        .token = token_of(target, connection, method),
    };
    const enum lb_result result = auth_connection_who(target->auth, &connection->caller, &who);
    target->is_refused = !is_open_method(method) && (result != LB_OK || who.principal == 0);
    target->is_touched = true;
    connection->inflight++;
    const enum rpc_after after = rpc_dispatch(target->rpc, &request);
    connection->is_greeted = connection->is_greeted || after == RPC_GREETED;
    connection->is_over = connection->is_over || after == RPC_FINISH;
    LB_ASSERT(!target->is_refused || connection->inflight == inflight); /* at once */
    target->is_refused = false;
}

/* As net does: the first is the hello, and one that is not in order is the last. */
static void connection_process(struct target *target, struct connection *connection)
{
    size_t at = 0;
    size_t frame_bytes = 1;
    while (frame_bytes > 0 && !connection->is_over && connection->inflight < INFLIGHT_MAX) {
        struct lb_frame frame = {0};
        const enum lb_result result = lb_frame_split(connection->in + at, connection->in_size - at,
                                                     PAYLOAD_BYTES_MAX, &frame, &frame_bytes);
        const bool is_whole = result == LB_OK && frame_bytes > 0;
        connection->is_over =
            result != LB_OK || (is_whole && frame.header.kind != LB_FRAME_REQUEST) ||
            (is_whole && !connection->is_greeted && frame.header.method != LB_FRAME_METHOD_HELLO);
        if (is_whole && !connection->is_over) {
            connection_dispatch(target, connection, &frame);
            at += frame_bytes;
        }
    }
    connection->in_size -= at;
    memmove(connection->in, connection->in + at, connection->in_size);
}

static void connection_take(struct target *target, struct connection *connection,
                            struct bytes arrived)
{
    if (connection->serial == 0) {
        connection_open(target, connection);
    }
    const size_t room = IN_BYTES_MAX - connection->in_size;
    if (connection->serial == 0 || arrived.size > room || arrived.size == 0) {
        return;
    }
    memcpy(connection->in + connection->in_size, arrived.data, arrived.size);
    connection->in_size += arrived.size;
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Whoever a connection acts for has shown it. */
static void target_check_callers(struct target *target)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct auth_session who;
        const struct auth_connection *caller = &target->connections[i].caller;
        LB_ASSERT(!caller->is_trusted && (caller->device == 0 || caller->device == FUZZ_DEVICE));
        if (caller->session.serial != 0 &&
            auth_connection_who(target->auth, caller, &who) == LB_OK) {
            LB_ASSERT((target->proven >> who.principal & 1) != 0);
            LB_ASSERT(who.device == 0 || who.device == FUZZ_DEVICE);
        }
    }
}

/* A turn of the loop, and what follows from it. */
static void target_turn(struct target *target)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (target->connections[i].serial != 0) {
            connection_process(target, &target->connections[i]);
        }
    }
    rpc_turn_end(target->rpc);
    fuzz_settle(target->book);
    while (target->is_woken) {
        target->is_woken = false;
        rpc_complete(target->rpc);
        fuzz_settle(target->book);
    }
    target_check_callers(target);
}

static void target_end(struct target *target)
{
    while (target->job_count > 0) {
        target_check_password(target);
        target_turn(target);
    }
    for (size_t i = 0; i < CONNECTIONS; i++) {
        LB_ASSERT(target->connections[i].inflight == 0);
        connection_close(target, &target->connections[i]);
    }
    if (target->is_touched) {
        const bool is_written = fuzz_book_entries(target->book) != target->book->first_entries;
        rpc_free(target->rpc);
        auth_free(target->auth);
        if (is_written) {
            fuzz_check_sums(target->book);
            fuzz_check_entries(target->book);
            fuzz_book_return(target->book);
        }
        target->book->seeded.state = SEED;
        target_open_auth(target);
        target_open_rpc(target);
    }
    target->book->stepper = (struct clock_stepper){.now_ms = START_MS, .monotonic_ms = 1};
    target->is_touched = false;
    target->right_passwords = 0;
    target->logins = 0;
    target->proven = 0;
    target->token_count = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct target *target = target_get();
    for (size_t at = 0; size - at >= HEADER_BYTES && !fuzz_book_is_full(target->book);) {
        const uint8_t *header = data + at;
        struct connection *connection = &target->connections[header[0] % CONNECTIONS];
        const size_t amount = header[1] | (size_t)header[2] << 8;
        const size_t left = size - at - HEADER_BYTES;
        size_t taken = 0;
        switch ((enum step)(header[0] / CONNECTIONS % STEPS)) {
        case STEP_BYTES:
        case STEP_MORE_BYTES:
            taken = amount < left ? amount : left;
            connection_take(target, connection, bytes_of(header + HEADER_BYTES, taken));
            break;
        case STEP_TIME:
            clock_step(&target->book->stepper, (int64_t)amount * 1000);
            break;
        case STEP_CHECK:
            target_check_password(target);
            break;
        case STEP_CLOSE:
            connection_close(target, connection);
            break;
        case STEPS:
            break;
        }
        at += HEADER_BYTES + taken;
        target_turn(target);
    }
    target_end(target);
    return 0;
}
