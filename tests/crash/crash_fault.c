/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Disk faults: the nth write, sync, change of a size or of a name fails, for n = 0, 1, 2 … until a
 * workload, from an empty directory on, does not come so far. Then, as docs/durability.md says:
 *   no space: requests are refused as such and nothing else happens, until there is space, when
 *   they are done; or, where that is not known, as below;
 *   any other fault: the engine stops, and answers nothing more. The next start finds everything.
 * After each, the directory and what a crash would have left of it hold all that was answered.
 *
 *   LOVEBANK_SEED=n    the workload (1)
 *   LOVEBANK_STRIDE=n  each nth fault only, beginning with a random one (1)
 */
#include "../environment.h"
#include "book.h"
#include "disk.h"
#include "harness.h"
#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PARTS           3 /* of the workload; a checkpoint and a restart after each */
#define PART_REQUESTS   16
#define IMAGES_PER_CASE 2
#define IMAGE_EVENTS    40 /* how far before the end of the workload an image may be */
#define CASES_MAX       4000
#define LOG_BYTES       (UINT64_C(1) << 30) /* of address space */
#define CHILD_TIMEOUT_S 60

struct plan {
    const char *name;
    enum shim_call call;
    int error;
    bool is_disk_full;
};

static const struct plan plans[] = {
    {"write: EIO", SHIM_CALL_WRITE, EIO, false},
    {"write: falls short", SHIM_CALL_WRITE, 0, false},
    {"write: ENOSPC", SHIM_CALL_WRITE, ENOSPC, true},
    {"sync: EIO", SHIM_CALL_SYNC, EIO, false},
    {"sync: ENOSPC", SHIM_CALL_SYNC, ENOSPC, false},
    {"size: EIO", SHIM_CALL_SIZE, EIO, false},
    {"size: ENOSPC", SHIM_CALL_SIZE, ENOSPC, true},
    {"name: EIO", SHIM_CALL_NAMES, EIO, false},
    {"name: ENOSPC", SHIM_CALL_NAMES, ENOSPC, true},
};

/* What became of a case; in memory that the child shares. */
struct outcome {
    bool was_met;
    bool did_not_open;
    bool stopped;
    bool was_full;
    uint64_t ended_at; /* the workload: position */
};

struct sweep {
    struct harness harness;
    uint64_t seed;
    const struct plan *plan;
    uint64_t nth;
    struct history *history;
    struct shim_log *log;
    struct outcome *outcome;
    uint64_t moment;
    uint64_t cases;
    uint64_t not_opened;
    uint64_t stopped;
    uint64_t full;
    uint64_t images;
};

/* ---- in children ---- */

static void case_live(struct sweep *sweep, struct book *book)
{
    struct random_seeded random = {.state = sweep->seed};
    for (int i = 0; i < PARTS && !book_has_stopped(book); i++) {
        book_live(book, sweep->history, &random, PART_REQUESTS);
        if (!book_has_stopped(book)) {
            book_checkpoint(book);
        }
        if (!book_has_stopped(book)) {
            book_restart(book);
        }
    }
}

/* After no space there is space again, and the engine that runs goes on; after anything else it
 * ends, and the next one must find everything. */
static void case_go_on(struct book *book, struct outcome *outcome, const struct plan *plan)
{
    outcome->stopped = book->stops > 0;
    outcome->was_full = book->full > 0;
    shim_fault(NULL);
    if (book->engine != NULL && plan->is_disk_full && book->stops == 0) {
        return;
    }
    if (book->engine != NULL) {
        book_close(book);
    }
    enum lb_result result = book_open(book);
    if (result != LB_OK) {
        book_complain(book, BOOK_FAULT, "it does not open without faults: %s",
                      lb_result_name((int)result));
    }
}

static int case_run(void *context)
{
    struct sweep *sweep = context;
    struct outcome *outcome = sweep->outcome;
    const struct shim_fault fault = {.call = sweep->plan->call,
                                     .nth = sweep->nth,
                                     .error = sweep->plan->error,
                                     .is_disk_full = sweep->plan->is_disk_full};
    struct book *book = book_new(sweep->harness.book, sweep->harness.key_path, sweep->seed);
    shim_start(sweep->harness.book, sweep->log);
    shim_fault(&fault);
    enum lb_result result = book_open(book);
    outcome->did_not_open = result != LB_OK;
    if (result == LB_OK) {
        case_live(sweep, book);
    }
    outcome->was_met = shim_fault_was_met();
    outcome->ended_at = shim_position();
    if (!outcome->was_met && (result != LB_OK || book->stops > 0 || book->full > 0)) {
        book_complain(book, BOOK_FAULT, "without a fault: %s", lb_result_name((int)result));
    }
    if (book->answered_after_stop > 0) {
        book_complain(book, BOOK_WRONG, "%llu requests were answered after the engine had stopped",
                      (unsigned long long)book->answered_after_stop);
    }
    case_go_on(book, outcome, sweep->plan);
    if (book->problem[0] == '\0') {
        (void)book_check(book, sweep->history);
    }
    if (book->problem[0] == '\0') {
        book_close(book);
    } else {
        (void)fprintf(stderr, "%s\n", book->problem);
    }
    return book->problem[0] != '\0';
}

static int image_run(void *context)
{
    struct sweep *sweep = context;
    struct book *book = book_new(sweep->harness.image, sweep->harness.key_path, sweep->seed);
    enum lb_result result = book_open(book);
    if (result != LB_OK) {
        book_complain(book, BOOK_FAULT, "it does not open: %s", lb_result_name((int)result));
    } else {
        (void)book_check(book, sweep->history);
    }
    (void)fprintf(stderr, "%s\n", book->problem);
    return book->problem[0] != '\0';
}

/* ---- cases ---- */

static void case_print_failure(const struct sweep *sweep, const char *what,
                               const struct harness_child *child)
{
    printf("seed %llu, %s, n = %llu, %s: FAILED\n", (unsigned long long)sweep->seed,
           sweep->plan->name, (unsigned long long)sweep->nth, what);
    harness_print_child(child);
}

/* What the disk would hold if the power had failed too, at the workload's end or shortly before. */
static bool case_check_images(struct sweep *sweep, struct disk *disk)
{
    struct random_seeded random = {.state = sweep->seed ^ sweep->nth << 32};
    uint64_t end = sweep->outcome->ended_at;
    uint64_t back = end < IMAGE_EVENTS ? end : IMAGE_EVENTS;
    uint64_t moment = end - random_seeded_next(&random) % (back + 1);
    for (int i = 0; i < IMAGES_PER_CASE; i++) {
        disk_advance(disk, sweep->log, moment);
        harness_make_directory(sweep->harness.image);
        if (!disk_make_image(disk, &random, sweep->harness.image)) {
            perror("an image cannot be made");
            return false;
        }
        struct history *whole = sweep->history;
        sweep->history = history_copy(whole, moment);
        struct harness_child child = harness_run(image_run, sweep, CHILD_TIMEOUT_S);
        history_free(sweep->history);
        sweep->history = whole;
        if (child.status != 0) {
            case_print_failure(sweep, "and the power fails too", &child);
            return false;
        }
        harness_remove_directory(sweep->harness.image);
        sweep->images++;
        moment = end;
    }
    return true;
}

static bool case_try(struct sweep *sweep)
{
    harness_make_directory(sweep->harness.book);
    sweep->history = history_new(sweep->seed);
    *sweep->outcome = (struct outcome){.was_met = false};
    atomic_store(&sweep->log->used, 0);
    atomic_store(&sweep->log->count, 0);
    struct disk *disk = disk_of_directory(sweep->harness.book);
    struct harness_child child = harness_run(case_run, sweep, CHILD_TIMEOUT_S);
    bool is_good = child.status == 0;
    if (!is_good) {
        case_print_failure(sweep, "and life goes on", &child);
    } else if (sweep->outcome->was_met) {
        is_good = case_check_images(sweep, disk);
    }
    disk_free(disk);
    history_free(sweep->history);
    if (is_good) {
        harness_remove_directory(sweep->harness.book);
    }
    return is_good;
}

static bool sweep_plan(struct sweep *sweep, const struct plan *plan, uint64_t stride)
{
    struct random_seeded random = {.state = sweep->seed};
    sweep->plan = plan;
    sweep->cases = sweep->not_opened = sweep->stopped = sweep->full = sweep->images = 0;
    sweep->nth = random_seeded_next(&random) % stride;
    do {
        if (!case_try(sweep)) {
            return false;
        }
        sweep->cases += sweep->outcome->was_met;
        sweep->not_opened += sweep->outcome->did_not_open;
        sweep->stopped += sweep->outcome->stopped;
        sweep->full += sweep->outcome->was_full;
        sweep->nth += stride;
    } while (sweep->outcome->was_met && sweep->cases < CASES_MAX);
    printf("  %-18s %4llu faults: %llu times it did not open, %llu times it stopped, %llu times it "
           "was full; %llu images\n",
           plan->name, (unsigned long long)sweep->cases, (unsigned long long)sweep->not_opened,
           (unsigned long long)sweep->stopped, (unsigned long long)sweep->full,
           (unsigned long long)sweep->images);
    return true;
}

int main(void)
{
    static struct sweep sweep;
    uint64_t stride = environment_number("LOVEBANK_STRIDE", 1, 1);
    uint64_t cases = 0;
    uint64_t full = 0;
    uint64_t stopped = 0;
    sweep.seed = environment_number("LOVEBANK_SEED", 1, 0);
    sweep.log = history_share(sizeof(*sweep.log) + LOG_BYTES);
    sweep.log->bytes_max = LOG_BYTES;
    sweep.outcome = history_share(sizeof(*sweep.outcome));
    harness_begin(&sweep.harness);
    bool is_good = true;
    for (size_t i = 0; is_good && i < sizeof(plans) / sizeof(plans[0]); i++) {
        is_good = sweep_plan(&sweep, &plans[i], stride == 0 ? 1 : stride);
        cases += sweep.cases;
        full += sweep.full;
        stopped += sweep.stopped;
    }
    if (is_good && (full == 0 || stopped == 0)) {
        printf("no fault filled the disk, or none stopped the engine: the workload is too small\n");
        is_good = false;
    }
    if (!is_good) {
        printf("again: LOVEBANK_SEED=%llu LOVEBANK_STRIDE=%llu crash_fault\n",
               (unsigned long long)sweep.seed, (unsigned long long)stride);
    }
    harness_end(&sweep.harness, !is_good);
    printf("seed %llu: %llu disk faults, %llu filled the disk, %llu stopped the engine%s\n",
           (unsigned long long)sweep.seed, (unsigned long long)cases, (unsigned long long)full,
           (unsigned long long)stopped, is_good ? "" : ", FAILED");
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
