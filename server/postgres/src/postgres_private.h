/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Private to the shared log in PostgreSQL: its structures, and what its files offer each other.
 *
 *   url.c         the URL taken apart: hosts, and what libpq is told
 *   connection.c  connecting, choosing a host, reconnecting until it is too late
 *   wait.c        waiting for a socket, a pause, until a deadline or a stop
 *   batch.c       statements sent together and their results
 *   statement.c   the prepared statements
 *   check.c       what a session sets, and which settings of the server are refused
 *   schema.c      the tables, their version, migrating
 *   book.c        finding and making a book
 *   log.c         the operations of the port, opening and closing
 *   turn.c        turn and leave
 *   read.c        groups out of results; read
 *   packing.c     the bytes of a group, packed and unpacked
 *   write.c       write and prove
 *   store.c       the store over the log
 *   verify.c      the tables, checked
 *   error.c       errors translated, and told to the operator
 *
 * libpq never blocks here, but for names of hosts that it looks up; the connection is in pipeline
 * mode. Whatever goes wrong with a connection, it is dropped: then nothing of ours is left in it.
 * A COMMIT that is under way is never cancelled: that would make it visible before it is durable.
 *
 * Threads: one, but for the stop.
 */
#ifndef POSTGRES_SRC_POSTGRES_PRIVATE_H
#define POSTGRES_SRC_POSTGRES_PRIVATE_H

#include "postgres/postgres.h"
#include "store/shared_log.h"

#include <libpq-fe.h>
#include <zstd.h>

#define POSTGRES_VERSION_LEAST  150000       /* of PostgreSQL: nothing older was tried */
#define POSTGRES_VALUES_MAX     5            /* of one statement */
#define POSTGRES_BATCH_MAX      16           /* statements sent together */
#define POSTGRES_CHANGES_MAX    (512u << 20) /* of one group, in bytes */
#define POSTGRES_TURN_BYTES_MAX (8u << 20)   /* some so many are read while others wait */
#define POSTGRES_KEPT_BYTES_MAX (64u << 20)  /* what was taken for more is given back */
#define POSTGRES_MESSAGE_BYTES  256

/* Types of values, as the server numbers them. */
#define POSTGRES_OID_BYTEA  17
#define POSTGRES_OID_BIGINT 20

/* A deadline is put off while bytes come and go: so long does silence last before it counts. */
#define POSTGRES_SILENCE_MS 5000

enum postgres_statement {
    POSTGRES_BEGIN,
    POSTGRES_LOCK_HEAD,
    POSTGRES_READ_HEAD,
    POSTGRES_READ_CHAIN,
    POSTGRES_READ_GROUPS,
    POSTGRES_PUT_GROUP,
    POSTGRES_MOVE_HEAD,
    POSTGRES_PROVE,
    POSTGRES_SETTINGS,
    POSTGRES_COMMIT,
    POSTGRES_ROLLBACK,
    POSTGRES_STATEMENTS, /* how many */
};

/* Where a server may be: the URL, taken apart. */
struct postgres_place {
    PQconninfoOption *given; /* what the URL says */
    unsigned host_count;     /* that the URL names; at least 1 */
    int64_t host_ms;         /* for connecting to one of them */
};

/* All of it comes when it is needed. */
struct postgres_packing {
    ZSTD_CCtx *packer;
    ZSTD_DCtx *unpacker;
    uint8_t *memory; /* what was packed or unpacked last; NULL, or so many bytes at least: */
    size_t cap;
};

/* What the book's head row says. */
struct postgres_head {
    struct shared_log_mark mark; /* of the newest group */
    uint64_t entry;              /* the newest */
};

/*
 * Invariants: with has_turn there is a connection, in a transaction that holds the head row's lock,
 * and `head` is what the row says. `connection` is NULL or usable: connected to a server that may
 * be written to, checked, its statements prepared, nothing under way.
 */
struct postgres_log {
    struct shared_log base;
    struct postgres_place place;
    char name[POSTGRES_NAME_BYTES_MAX + 1];
    struct id book;
    uint32_t reach_ms;
    bool is_ha;
    bool is_bare; /* there may be no tables yet: nothing is prepared */
    void (*report)(void *context, const char *message);
    void *report_context;

    PGconn *connection;
    unsigned host;   /* the one to try first */
    bool has_notice; /* the server said something of its own accord since the batch was begun */
    bool is_patient; /* what is under way is not interrupted by a stop any more */
    bool
        is_swollen; /* libpq took memory for a large group, and gives it back with the connection */
    struct postgres_packing packing;
    bool has_turn;
    struct postgres_head head;
    enum lb_result refusal; /* of a write, which cannot say so itself; LB_OK: none */

    enum lb_result refusal_of_host;   /* one that was reached, when connecting last; LB_OK: none */
    bool is_troubled;                 /* and that was reported */
    char why[POSTGRES_MESSAGE_BYTES]; /* what went wrong last */

    int stop_fd; /* readable once it is stopped */
};

static inline struct postgres_log *postgres_log_of(struct shared_log *log)
{
    return (struct postgres_log *)log;
}

/* ---- url.c ---- */

/* CONFIG_INVALID was reported to the log's report. */
LB_MUST_CHECK enum lb_result postgres_place_init(struct postgres_log *log, const char *url);
void postgres_place_fini(struct postgres_place *place);
/* Begins to connect to one of the hosts. NULL: no memory. */
PGconn *postgres_place_connect(const struct postgres_place *place, unsigned host);
/* For people; no secrets. */
void postgres_place_name(const struct postgres_place *place, unsigned host, char *out, size_t cap);

/* ---- wait.c ---- */

int64_t postgres_deadline(int64_t ms); /* so long from now, in ns of the monotonic clock */
/* Waits until the socket can be read, or with want_write also written. LB_OK; STORE_UNREACHABLE:
 * the deadline came first; SHUTTING_DOWN. */
LB_MUST_CHECK enum lb_result postgres_wait(struct postgres_log *log, int fd, bool want_read,
                                           bool want_write, int64_t deadline_ns);
/* A pause, the next one longer; *pause_ms is 0 at first. As postgres_wait: LB_OK means go on. */
LB_MUST_CHECK enum lb_result postgres_pause(struct postgres_log *log, int64_t *pause_ms,
                                            int64_t deadline_ns);

/* ---- connection.c ---- */

/* There is a usable connection. LB_OK; STORE_UNREACHABLE: not before the deadline; or why none can
 * be had: STORE_UNSAFE, STORAGE_FAULT, FORMAT_NEWER, SHUTTING_DOWN, MEMORY. */
LB_MUST_CHECK enum lb_result postgres_connect(struct postgres_log *log, int64_t deadline_ns);
/* Ends the connection, and the turn with it, if there is one. */
void postgres_drop(struct postgres_log *log);
/* The host that is or was connected to is the last to be tried next time. */
void postgres_pass_host(struct postgres_log *log);
/* Between two uses: gives back what a large group took, with the connection where libpq has it. */
void postgres_drop_swollen(struct postgres_log *log);

/* ---- batch.c ---- */

/* Parameters of a statement. They point to what they were given, which must live until sent. */
struct postgres_values {
    const char *values[POSTGRES_VALUES_MAX];
    int sizes[POSTGRES_VALUES_MAX];
    uint64_t numbers[POSTGRES_VALUES_MAX]; /* as they are sent */
    int count;
};

/* The book's id, the first of most statements. */
struct postgres_values postgres_of_book(const struct postgres_log *log);
void postgres_add_bytes(struct postgres_values *values, struct bytes bytes);
void postgres_add_number(struct postgres_values *values, uint64_t number);

/* Statements that are sent together, and answered together. */
struct postgres_batch {
    PGresult *results[POSTGRES_BATCH_MAX];
    size_t sent;
    size_t received;
    /* Each statement is closed by itself, as is needed where not all of them go out in one piece:
     * see batch.c. To be set before the first is sent. */
    bool is_stepwise;
    size_t syncs; /* sent */
    size_t synced;
    bool is_broken; /* one could not be sent */
    size_t commit;  /* which is the COMMIT, if there is one; then a stop leaves it a moment */
    size_t failed;  /* the first statement that the server refused; SIZE_MAX: none */
};

/* values may be NULL: none. */
void postgres_send(struct postgres_log *log, struct postgres_batch *batch,
                   enum postgres_statement statement, const struct postgres_values *values);
void postgres_send_text(struct postgres_log *log, struct postgres_batch *batch, const char *sql,
                        const struct postgres_values *values);
void postgres_send_prepare(struct postgres_log *log, struct postgres_batch *batch, const char *name,
                           const char *sql, int count, const Oid *types);
void postgres_send_commit(struct postgres_log *log, struct postgres_batch *batch);
void postgres_batch_begin(struct postgres_log *log, struct postgres_batch *batch);
/* Waits for all results. LB_OK: all are there, and none is an error. Else the connection was
 * dropped, and postgres_why has been told: what the error means, as postgres_result;
 * STORE_UNREACHABLE; SHUTTING_DOWN. To be cleared in any case. */
LB_MUST_CHECK enum lb_result postgres_receive(struct postgres_log *log,
                                              struct postgres_batch *batch, int64_t deadline_ns);
/* It was the server that refused a statement, with that SQLSTATE. */
LB_MUST_CHECK bool postgres_failed_as(const struct postgres_batch *batch, const char *sqlstate);
/* Of a batch with a COMMIT that was received: it is durable, and nobody said otherwise. */
LB_MUST_CHECK bool postgres_is_committed(const struct postgres_log *log,
                                         const struct postgres_batch *batch);
void postgres_batch_clear(struct postgres_batch *batch);

/* A bigint. false: there is no such value. */
LB_MUST_CHECK bool postgres_get_number(const PGresult *result, int row, int column,
                                       uint64_t *number);
/* Live as long as the result. */
LB_MUST_CHECK bool postgres_get_bytes(const PGresult *result, int row, int column,
                                      struct bytes *bytes);
const char *postgres_get_text(const PGresult *result, int row, int column);

/* ---- statement.c ---- */

const char *postgres_statement_name(enum postgres_statement statement);
/* All of them, in a connection that is new. */
LB_MUST_CHECK enum lb_result postgres_prepare(struct postgres_log *log, int64_t deadline_ns);

/* ---- check.c ---- */

extern const char postgres_settings_sql[];
/* One row of the statement above. LB_OK; STORE_UNSAFE, kept as postgres_why. */
LB_MUST_CHECK enum lb_result postgres_check_settings(struct postgres_log *log,
                                                     const PGresult *settings);
/* Of two such rows, from before a COMMIT and after it: both are safe, and with is_ha nothing was
 * set anew between them. LB_OK; STORE_UNSAFE; STORE_UNREACHABLE: not known. */
LB_MUST_CHECK enum lb_result postgres_check_settings_around(struct postgres_log *log,
                                                            const PGresult *before,
                                                            const PGresult *after);
/* A new connection: what it sets for itself, whether the server can be used. */
LB_MUST_CHECK enum lb_result postgres_check_session(struct postgres_log *log, int64_t deadline_ns);

/* ---- schema.c ---- */

/* The tables are there, of the version that we use. */
LB_MUST_CHECK enum lb_result postgres_schema_check(struct postgres_log *log, int64_t deadline_ns);
LB_MUST_CHECK enum lb_result postgres_schema_migrate(struct postgres_log *log);

/* ---- book.c ---- */

LB_MUST_CHECK enum lb_result postgres_book_find(struct postgres_log *log, bool create,
                                                const struct id *id);

/* ---- log.c ---- */

/* All but a book. To be closed, whatever comes of it, if *log is not NULL. */
LB_MUST_CHECK enum lb_result postgres_log_new(const struct postgres_options *options,
                                              struct postgres_log **log);
void postgres_log_close(struct shared_log *base);

/* Something that is tried until it is too late. */
struct postgres_trying {
    int64_t deadline_ns;
    int64_t pause_ms;                 /* the last one; 0: none yet */
    char why[POSTGRES_MESSAGE_BYTES]; /* what went wrong last before it was too late */
    /* What a host lacks of what is known here, of several hosts; "": nothing was lacking. */
    char lacking[POSTGRES_MESSAGE_BYTES];
};

struct postgres_trying postgres_try(const struct postgres_log *log);
/* After a failure: whether to try again, after a pause. LB_OK: again; else that is the answer, and
 * was reported. */
LB_MUST_CHECK enum lb_result postgres_again(struct postgres_log *log, enum lb_result failure,
                                            struct postgres_trying *trying);
/* It works: says so, if it was reported that it did not. */
void postgres_works(struct postgres_log *log);

/* ---- turn.c, read.c, write.c ---- */

typedef enum lb_result postgres_take_fn(void *context, const struct shared_log_group *group);

enum lb_result postgres_turn(struct shared_log *base, struct shared_log_mark known,
                             postgres_take_fn *take, void *context);
void postgres_leave(struct shared_log *base);
enum lb_result postgres_read(struct shared_log *base, struct shared_log_mark known,
                             uint64_t bytes_max, postgres_take_fn *take, void *context,
                             bool *is_all);
enum lb_result postgres_write(struct shared_log *base, const struct shared_log_group *group);
enum lb_result postgres_prove(struct shared_log *base, struct shared_log_mark known);

/* A row of POSTGRES_READ_GROUPS. STORAGE_CORRUPT: it is none; MEMORY: both kept as postgres_why.
 * The changes live until the next group is got or written. */
LB_MUST_CHECK enum lb_result postgres_get_group(struct postgres_log *log, const PGresult *groups,
                                                int row, struct shared_log_group *group);
/* The head row's result. */
LB_MUST_CHECK enum lb_result postgres_get_head(struct postgres_log *log, const PGresult *result,
                                               struct postgres_head *head);
/* The result that says the chain value of `at`. STORAGE_CORRUPT: the log has another, or none. */
LB_MUST_CHECK enum lb_result postgres_check_chain(struct postgres_log *log, const PGresult *result,
                                                  struct shared_log_mark at);
/* Asks for `at`'s chain value and the groups behind it. */
void postgres_send_groups(struct postgres_log *log, struct postgres_batch *batch,
                          struct shared_log_mark at, uint64_t bytes_max);
/* The groups of a result follow *at, and go towards `head`, whose group is the head's; they may go
 * beyond it where it was read without the lock. *at: the last. */
LB_MUST_CHECK enum lb_result postgres_check_groups(struct postgres_log *log, const PGresult *groups,
                                                   const struct postgres_head *head,
                                                   struct shared_log_mark *at);

/* Who takes groups, and how far that has come. */
struct postgres_taking {
    struct shared_log_mark known; /* at first */
    struct shared_log_mark at;    /* now */
    postgres_take_fn *take;
    void *context;
    bool is_refused; /* `take` did not return LB_OK, or a group could not be got */
};

/* Gives them out. */
LB_MUST_CHECK enum lb_result postgres_take_groups(struct postgres_log *log, const PGresult *groups,
                                                  struct postgres_taking *taking);
/* Reads some groups without a turn. As postgres_connect; also STORAGE_CORRUPT, and what `take`
 * said.
 */
LB_MUST_CHECK enum lb_result postgres_read_some(struct postgres_log *log,
                                                struct postgres_taking *taking, uint64_t bytes_max,
                                                bool *is_all, int64_t deadline_ns);
/* After a failure, as postgres_again. What was taken in this call may not be there any more. */
LB_MUST_CHECK enum lb_result postgres_take_again(struct postgres_log *log,
                                                 const struct postgres_taking *taking,
                                                 enum lb_result failure,
                                                 struct postgres_trying *trying);

/* ---- packing.c ---- */

/* Both: at least one byte, POSTGRES_CHANGES_MAX at most; what *to holds lives until the next call
 * of either. MEMORY; postgres_unpack also STORAGE_CORRUPT: these are not so many bytes packed. */
LB_MUST_CHECK enum lb_result postgres_pack(struct postgres_packing *packing, struct bytes from,
                                           struct bytes *to);
LB_MUST_CHECK enum lb_result postgres_unpack(struct postgres_packing *packing, struct bytes from,
                                             uint64_t size, struct bytes *to);
/* Gives back what a large group took. */
void postgres_packing_trim(struct postgres_packing *packing);
void postgres_packing_fini(struct postgres_packing *packing);

/* ---- error.c ---- */

/* What to make of an error, by its SQLSTATE. STORE_UNREACHABLE: trying again may help. */
enum lb_result postgres_result(const char *sqlstate);
/* Keeps what went wrong, for a report. */
__attribute__((format(printf, 2, 3))) void postgres_why(struct postgres_log *log,
                                                        const char *format, ...);
__attribute__((format(printf, 2, 3))) void postgres_report(const struct postgres_log *log,
                                                           const char *format, ...);
/* The error of a result, kept as postgres_why and translated. */
enum lb_result postgres_failed(struct postgres_log *log, const PGresult *result);
/* The same of an attempt to connect, of which libpq gives but a text. */
enum lb_result postgres_failed_to_connect(struct postgres_log *log, const char *host);

#endif
