/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bit flips: in a small book that a server left, closed or killed, one bit of one byte of one file
 * is turned at a time. Opening and verifying, offline as `lovebankd verify` does it, must find it;
 * or else nothing may come of it: a server opens the book, gives every answer again, and goes on. A
 * fatal signal counts as found only if what was said names the file.
 *
 * A book that was killed may lack its last group, without a word, when the bit was in the journal:
 * a record that nothing follows looks as if it was torn by the crash.
 *
 *   LOVEBANK_SEED=n   which part of the bytes (1)
 *   LOVEBANK_PARTS=n  each nth byte only; seeds 1 to n together are all of one book, made each time
 *                     anew, and n + 1 begins with another book (64)
 *   LOVEBANK_BITS=n   how many bits of a byte, from a random one on (1)
 */
#include "../environment.h"
#include "book.h"
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PARTS_DEFAULT   64
#define REQUESTS        40
#define CHILD_TIMEOUT_S 10
#define BLOCK_BYTES     4096
#define ZEROS_TRIED     16 /* bytes of a block of zeros, which are all alike */
#define FAILURES_MAX    20 /* then no more is tried */
#define EXIT_DETECTED   3
#define EXIT_LATE       4 /* found by verify, after the book was written to */
#define EXIT_WRONG      1

struct flips {
    struct harness harness;
    uint64_t seed;
    uint64_t book_seed;
    struct random_seeded random;
    struct history *history;
    bool is_killed;
    char file[NAME_MAX + 1];
    uint64_t offset;
    unsigned bit;
    uint64_t tried;
    uint64_t detected;
    uint64_t signals; /* of these */
    uint64_t late;    /* 〃, only after the book was written to */
    uint64_t harmless;
    uint64_t last_lost; /* of these: the last group of a killed book */
    uint64_t failures;
};

/* ---- in children ---- */

static int flips_live(void *context)
{
    struct flips *flips = context;
    struct book *book = book_new(flips->harness.book, flips->harness.key_path, flips->book_seed);
    enum lb_result result = book_open(book);
    for (int i = 0; result == LB_OK && i < REQUESTS; i++) {
        book_send(book, history_make(flips->history));
        book_wait(book, i + 4 < REQUESTS ? 4 : 0); /* the last ones are groups of their own */
        if (i == REQUESTS / 2) {
            book_checkpoint(book);
        }
    }
    if (result == LB_OK && !flips->is_killed) {
        book_close(book);
    }
    (void)fprintf(stderr, "%s%s\n", lb_result_name((int)result), book->problem);
    return result != LB_OK || book->problem[0] != '\0';
}

/* Changes nothing in the directory. */
static int flips_verify(void *context)
{
    struct flips *flips = context;
    store_lmdb_explain_signals();
    struct book *book = book_new(flips->harness.book, flips->harness.key_path, flips->book_seed);
    book->options.lmdb.mode = STORE_LMDB_READ_ONLY;
    enum lb_result result = store_journaled_open(&book->options, &book->store);
    if (result == LB_OK) {
        result = book_verify(book);
        book->store->ops->close(book->store);
    }
    return result == LB_OK && book->problem[0] == '\0' ? 0 : EXIT_DETECTED;
}

/* What verify found nothing wrong with. */
static int flips_serve(void *context)
{
    struct flips *flips = context;
    store_lmdb_explain_signals();
    struct history *history = history_copy(flips->history, HISTORY_NEVER - 1);
    struct book *book = book_new(flips->harness.image, flips->harness.key_path, flips->book_seed);
    enum lb_result result = book_open(book);
    if (result != LB_OK) {
        return EXIT_DETECTED;
    }
    if (!book_check(book, history)) {
        (void)fprintf(stderr, "%s\n", book->problem);
        switch (book->kind) {
        case BOOK_WRONG:
            return EXIT_WRONG;
        case BOOK_NOT_VERIFIED:
            return EXIT_LATE;
        case BOOK_FAULT:
            return EXIT_DETECTED;
        }
    }
    return 0;
}

/* ---- one flip ---- */

static void flips_complain(struct flips *flips, const char *what, const struct harness_child *child)
{
    flips->failures++;
    printf("seed %llu, %s book, %s, byte %llu, bit %u: FAILED: %s\n",
           (unsigned long long)flips->seed, flips->is_killed ? "killed" : "closed", flips->file,
           (unsigned long long)flips->offset, flips->bit, what);
    harness_print_child(child);
}

static bool flip_turn(const struct flips *flips)
{
    char path[2 * PATH_MAX];
    uint8_t byte = 0;
    (void)snprintf(path, sizeof(path), "%s/%s", flips->harness.book, flips->file);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool is_turned = fd >= 0 && pread(fd, &byte, 1, (off_t)flips->offset) == 1;
    byte = (uint8_t)(byte ^ 1u << flips->bit);
    is_turned = is_turned && pwrite(fd, &byte, 1, (off_t)flips->offset) == 1;
    (void)close(fd);
    return is_turned;
}

/* true: it died of a signal, which is counted. */
static bool flip_died(struct flips *flips, const struct harness_child *child)
{
    if (!WIFSIGNALED(child->status)) {
        return false;
    }
    flips->detected++;
    flips->signals++;
    if (strstr(child->output, flips->file) == NULL) {
        flips_complain(flips, "a fatal signal, and nothing that names the file", child);
    }
    return true;
}

/* A copy of the flipped book is served; what a journal's last group told may be new to it. */
static void flip_serve(struct flips *flips)
{
    harness_copy_directory(flips->harness.book, flips->harness.image);
    struct harness_child child = harness_run(flips_serve, flips, CHILD_TIMEOUT_S);
    bool may_lack_last = flips->is_killed && strncmp(flips->file, "journal", 7) == 0;
    if (child.status != 0 && WIFEXITED(child.status) && WEXITSTATUS(child.status) == EXIT_WRONG &&
        may_lack_last) {
        struct history *whole = flips->history;
        flips->history = history_copy(whole, HISTORY_NEVER - 1);
        flips->history->count--;
        harness_remove_directory(flips->harness.image);
        harness_copy_directory(flips->harness.book, flips->harness.image);
        struct harness_child second = harness_run(flips_serve, flips, CHILD_TIMEOUT_S);
        flips->last_lost += second.status == 0;
        child = second.status == 0 ? second : child;
        history_free(flips->history);
        flips->history = whole;
    }
    harness_remove_directory(flips->harness.image);
    if (flip_died(flips, &child)) {
        return;
    }
    if (WEXITSTATUS(child.status) == EXIT_DETECTED || WEXITSTATUS(child.status) == EXIT_LATE) {
        flips->detected++;
        flips->late += WEXITSTATUS(child.status) == EXIT_LATE;
    } else if (child.status == 0) {
        flips->harmless++;
    } else {
        flips_complain(flips, "verify passes, and an answer is wrong", &child);
    }
}

static void flip_try(struct flips *flips)
{
    if (!flip_turn(flips)) {
        perror(flips->file);
        flips->failures++;
        return;
    }
    flips->tried++;
    struct harness_child child = harness_run(flips_verify, flips, CHILD_TIMEOUT_S);
    if (flip_died(flips, &child)) {
        /* counted */
    } else if (WEXITSTATUS(child.status) == EXIT_DETECTED) {
        flips->detected++;
    } else {
        flip_serve(flips);
    }
    if (!flip_turn(flips)) {
        perror(flips->file);
        flips->failures++;
    }
}

/* ---- all of them ---- */

static bool is_zero(const uint8_t *data, size_t size)
{
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

static void flip_byte(struct flips *flips, uint64_t offset, unsigned bits)
{
    unsigned first = (unsigned)(random_seeded_next(&flips->random) % 8);
    flips->offset = offset;
    for (unsigned i = 0; i < bits && flips->failures < FAILURES_MAX; i++) {
        flips->bit = (first + i) % 8;
        flip_try(flips);
    }
}

/* The bytes of one block whose turn it is: each nth, or a few of a block of zeros. */
static void flip_block(struct flips *flips, const uint8_t *block, size_t size, uint64_t offset,
                       uint64_t parts, unsigned bits)
{
    uint64_t step = is_zero(block, size) ? parts * (BLOCK_BYTES / ZEROS_TRIED) : parts;
    uint64_t start = (step - offset % step + flips->seed) % step;
    for (uint64_t at = start; at < size && flips->failures < FAILURES_MAX; at += step) {
        flip_byte(flips, offset + at, bits);
    }
}

static void flip_file(struct flips *flips, int at, uint64_t parts, unsigned bits)
{
    uint8_t block[BLOCK_BYTES];
    int fd = openat(at, flips->file, O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    for (uint64_t offset = 0; fd >= 0 && (got = pread(fd, block, sizeof(block), (off_t)offset)) > 0;
         offset += (uint64_t)got) {
        flip_block(flips, block, (size_t)got, offset, parts, bits);
    }
    if (fd < 0 || got < 0) {
        perror(flips->file);
        flips->failures++;
    }
    (void)close(fd);
}

static void flips_run(struct flips *flips, uint64_t parts, unsigned bits)
{
    harness_make_directory(flips->harness.book);
    flips->history = history_new(flips->book_seed);
    struct harness_child child = harness_run(flips_live, flips, CHILD_TIMEOUT_S);
    if (child.status != 0) {
        flips_complain(flips, "the book was not made", &child);
        return;
    }
    DIR *stream = opendir(flips->harness.book);
    for (const struct dirent *each = readdir(stream); each != NULL; each = readdir(stream)) {
        if (each->d_type == DT_REG) {
            (void)snprintf(flips->file, sizeof(flips->file), "%s", each->d_name);
            flip_file(flips, dirfd(stream), parts, bits);
        }
    }
    (void)closedir(stream);
    history_free(flips->history);
    harness_remove_directory(flips->harness.book);
}

int main(void)
{
    static struct flips flips;
    uint64_t parts = environment_number("LOVEBANK_PARTS", PARTS_DEFAULT, 1);
    uint64_t bits = environment_number("LOVEBANK_BITS", 1, 1);
    flips.seed = environment_number("LOVEBANK_SEED", 1, 1);
    flips.book_seed = 1 + (flips.seed - 1) / parts;
    flips.random.state = flips.seed;
    harness_begin(&flips.harness);
    for (int i = 0; i < 2 && flips.failures < FAILURES_MAX; i++) {
        flips.is_killed = i == 1;
        flips_run(&flips, parts, bits > 8 ? 8 : (unsigned)bits);
    }
    harness_end(&flips.harness, false);
    if (flips.failures > 0 || flips.detected == 0) {
        printf("again: LOVEBANK_SEED=%llu LOVEBANK_PARTS=%llu LOVEBANK_BITS=%llu crash_flip\n",
               (unsigned long long)flips.seed, (unsigned long long)parts, (unsigned long long)bits);
    }
    printf("seed %llu: %llu flips, %llu detected (%llu by a signal, %llu after writing), %llu "
           "harmless (%llu cost the last group of a killed book), %llu FAILED\n",
           (unsigned long long)flips.seed, (unsigned long long)flips.tried,
           (unsigned long long)flips.detected, (unsigned long long)flips.signals,
           (unsigned long long)flips.late, (unsigned long long)flips.harmless,
           (unsigned long long)flips.last_lost, (unsigned long long)flips.failures);
    return flips.failures == 0 && flips.detected > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
