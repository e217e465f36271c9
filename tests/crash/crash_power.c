/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Power loss: a workload is recorded below the store, and directories that a crash might leave are
 * built at random moments of the record (see disk.h for what may be missing). Each must open and
 * hold all that was answered before the moment, once. Then life goes on in one of them, so that
 * recoveries crash too, and what they left behind.
 *
 *   LOVEBANK_SEED=n    the first world's seed (1)
 *   LOVEBANK_IMAGES=n  images in all (600)
 */
#include "../environment.h"
#include "book.h"
#include "disk.h"
#include "harness.h"
#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define IMAGES_DEFAULT    600
#define IMAGES_PER_LIFE   25
#define LIVES_PER_WORLD   6
#define LIFE_REQUESTS     90
#define LOG_BYTES         (UINT64_C(1) << 30) /* of address space */
#define CHILD_TIMEOUT_S   60
#define READ_ONLY_PERCENT 25 /* of images are verified offline before a server opens them */
#define REOPEN_PERCENT    20

struct world {
    struct harness harness;
    uint64_t seed;
    struct random_seeded random;
    struct history *history;
    struct shim_log *log;
    uint64_t images;
    uint64_t answered; /* requests that images were held against */
    /* Of the image that is checked. */
    unsigned life;
    uint64_t moment;
    uint64_t image_seed;
};

/* ---- in children ---- */

static int world_live(void *context)
{
    struct world *world = context;
    struct book *book = book_new(world->harness.book, world->harness.key_path, world->seed);
    shim_start(world->harness.book, world->log);
    enum lb_result result = book_open(book);
    if (result != LB_OK) {
        (void)fprintf(stderr, "the book does not open: %s\n", lb_result_name((int)result));
        return 1;
    }
    book_live(book, world->history, &world->random, LIFE_REQUESTS);
    if (book->problem[0] != '\0') {
        (void)fprintf(stderr, "%s\n", book->problem);
        return 1;
    }
    if (random_seeded_next(&world->random) % 2 == 0) {
        book_close(book);
    }
    return 0;
}

static bool has_answers(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        if (atomic_load(&history->requests[i].answered_at) != HISTORY_NEVER) {
            return true;
        }
    }
    return false;
}

/* As `lovebankd verify` does, on what the crash left: nothing is repaired before. */
static bool image_verify_offline(struct book *book)
{
    struct store_journaled_options options = book->options;
    options.lmdb.mode = STORE_LMDB_READ_ONLY;
    enum lb_result result = store_journaled_open(&options, &book->store);
    if (result == LB_OK) {
        result = book_verify(book);
        book->store->ops->close(book->store);
        book->store = NULL;
    }
    if (result != LB_OK) {
        book_complain(book, BOOK_FAULT, "offline, before recovery: %s",
                      lb_result_name((int)result));
    }
    return book->problem[0] == '\0';
}

static bool image_check(struct book *book, struct history *history, struct random_seeded *random)
{
    if (has_answers(history) && random_seeded_next(random) % 100 < READ_ONLY_PERCENT &&
        !image_verify_offline(book)) {
        return false;
    }
    enum lb_result result = book_open(book);
    if (result == LB_OK && random_seeded_next(random) % 100 < REOPEN_PERCENT) {
        book_close(book);
        result = book_open(book);
    }
    if (result != LB_OK) {
        book_complain(book, BOOK_FAULT, "it does not open: %s", lb_result_name((int)result));
        return false;
    }
    return book_check(book, history);
}

static int world_check_image(void *context)
{
    struct world *world = context;
    struct random_seeded random = {.state = world->image_seed};
    struct history *history = history_copy(world->history, world->moment);
    struct book *book = book_new(world->harness.image, world->harness.key_path, world->seed);
    if (!image_check(book, history, &random)) {
        (void)fprintf(stderr, "%s\n", book->problem);
        return 1;
    }
    return 0;
}

/* ---- images ---- */

static int compare_moments(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static bool world_try_image(struct world *world, const struct disk *disk, bool survives)
{
    harness_make_directory(world->harness.image);
    world->image_seed = random_seeded_next(&world->random);
    struct random_seeded random = {.state = world->image_seed};
    if (!disk_make_image(disk, &random, world->harness.image)) {
        perror("an image cannot be made");
        return false;
    }
    if (survives) {
        harness_remove_directory(world->harness.spare);
        harness_copy_directory(world->harness.image, world->harness.spare);
    }
    struct harness_child child = harness_run(world_check_image, world, CHILD_TIMEOUT_S);
    world->images++;
    if (child.status != 0) {
        printf("seed %llu, life %u, event %llu of %llu: FAILED\n", (unsigned long long)world->seed,
               world->life, (unsigned long long)world->moment,
               (unsigned long long)atomic_load(&world->log->count));
        harness_print_child(&child);
        random.state = world->image_seed; /* as it was before the check */
        harness_remove_directory(world->harness.image);
        harness_make_directory(world->harness.image);
        (void)disk_make_image(disk, &random, world->harness.image);
        return false;
    }
    harness_remove_directory(world->harness.image);
    return true;
}

/* Images of one life, and the next life's directory. */
static bool world_crash(struct world *world, struct disk *disk)
{
    uint64_t moments[IMAGES_PER_LIFE];
    uint64_t events = atomic_load(&world->log->count);
    for (size_t i = 0; i < IMAGES_PER_LIFE; i++) {
        moments[i] = random_seeded_next(&world->random) % (events + 1);
    }
    qsort(moments, IMAGES_PER_LIFE, sizeof(moments[0]), compare_moments);
    /* Late ones, so that the book grows. */
    size_t survivor = IMAGES_PER_LIFE - 1 - random_seeded_next(&world->random) % 8;
    for (size_t i = 0; i < IMAGES_PER_LIFE; i++) {
        world->moment = moments[i];
        disk_advance(disk, world->log, world->moment);
        if (!world_try_image(world, disk, i == survivor)) {
            return false;
        }
    }
    history_cut(world->history, moments[survivor]);
    harness_remove_directory(world->harness.book);
    harness_move_directory(world->harness.spare, world->harness.book);
    return true;
}

static bool world_life(struct world *world)
{
    struct disk *disk = disk_of_directory(world->harness.book);
    atomic_store(&world->log->used, 0);
    atomic_store(&world->log->count, 0);
    (void)random_seeded_next(&world->random); /* the child goes on with a copy */
    struct harness_child child = harness_run(world_live, world, CHILD_TIMEOUT_S);
    bool is_good = child.status == 0;
    if (!is_good) {
        printf("seed %llu, life %u: FAILED\n", (unsigned long long)world->seed, world->life);
        harness_print_child(&child);
    } else {
        is_good = world_crash(world, disk);
    }
    disk_free(disk);
    return is_good;
}

static bool world_run(struct world *world)
{
    world->random.state = world->seed;
    world->history = history_new(world->seed);
    harness_make_directory(world->harness.book);
    bool is_good = true;
    for (world->life = 1; is_good && world->life <= LIVES_PER_WORLD; world->life++) {
        is_good = world_life(world);
    }
    world->answered += world->history->count;
    history_free(world->history);
    if (is_good) {
        harness_remove_directory(world->harness.book);
    }
    return is_good;
}

int main(void)
{
    static struct world world;
    uint64_t images = environment_number("LOVEBANK_IMAGES", IMAGES_DEFAULT, 1);
    uint64_t seed = environment_number("LOVEBANK_SEED", 1, 0);
    world.log = history_share(sizeof(*world.log) + LOG_BYTES);
    world.log->bytes_max = LOG_BYTES;
    harness_begin(&world.harness);
    bool is_good = true;
    for (world.seed = seed; is_good && world.images < images; world.seed++) {
        is_good = world_run(&world);
        if (!is_good) {
            printf("again: LOVEBANK_SEED=%llu LOVEBANK_IMAGES=%d crash_power\n",
                   (unsigned long long)world.seed, IMAGES_PER_LIFE * LIVES_PER_WORLD);
        }
    }
    harness_end(&world.harness, !is_good);
    printf("seed %llu: %llu images of lost power, seeds to %llu, %llu requests%s\n",
           (unsigned long long)seed, (unsigned long long)world.images,
           (unsigned long long)(world.seed - 1), (unsigned long long)world.answered,
           is_good ? "" : ", FAILED");
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
