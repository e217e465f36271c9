/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The file of the epoch keys, for its owner alone. As long as there was no rotation it is 64 hex
 * digits and a newline, the key of epoch 1; from then on
 *
 *   lovebank-keys 2
 *   1 <64 hex digits> old
 *   2 <64 hex digits> current
 *
 * a line for each key there is, by rising epoch; the newest is current. Safe from any thread, one
 * change of a file at a time.
 */
#include "people_private.h"

#include "base/fd.h"

#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_BYTES        ((size_t)2 * PEOPLE_KEY_BYTES) /* without the NUL that sodium puts */
#define FILE_HEAD        "lovebank-keys 2\n"
#define STATE_OLD        " old\n"
#define STATE_CURRENT    " current\n"
#define EPOCH_DIGITS_MAX 10
#define LINE_BYTES_MAX   (EPOCH_DIGITS_MAX + 1 + HEX_BYTES + sizeof(STATE_CURRENT))
#define FILE_BYTES_MAX   (sizeof(FILE_HEAD) + PEOPLE_KEYS_MAX * LINE_BYTES_MAX)
#define WIPE_BYTES       256

static bool key_file_is_private(int file, bool by_group)
{
    struct stat status;
    const mode_t open_to = by_group ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & open_to) == 0;
}

/* ---- text ---- */

static bool key_take_text(struct bytes *left, const char *text)
{
    const struct bytes expected = bytes_of_text(text);
    if (!bytes_has_prefix(*left, expected)) {
        return false;
    }
    *left = bytes_of(left->data + expected.size, left->size - expected.size);
    return true;
}

static bool key_take_hex(struct bytes *left, uint8_t key[PEOPLE_KEY_BYTES])
{
    size_t key_bytes = 0;
    if (left->size < HEX_BYTES ||
        sodium_hex2bin(key, PEOPLE_KEY_BYTES, (const char *)left->data, HEX_BYTES, NULL, &key_bytes,
                       NULL) != 0 ||
        key_bytes != PEOPLE_KEY_BYTES) {
        return false;
    }
    *left = bytes_of(left->data + HEX_BYTES, left->size - HEX_BYTES);
    return true;
}

/* Digits without a leading zero, and a space. */
static bool key_take_epoch(struct bytes *left, uint32_t *epoch)
{
    uint64_t number = 0;
    size_t digits = 0;
    while (digits < left->size && digits < EPOCH_DIGITS_MAX && left->data[digits] >= '0' &&
           left->data[digits] <= '9') {
        number = number * 10 + (uint64_t)(left->data[digits] - '0');
        digits++;
    }
    if (digits == 0 || left->data[0] == '0' || number > UINT32_MAX) {
        return false;
    }
    *epoch = (uint32_t)number;
    *left = bytes_of(left->data + digits, left->size - digits);
    return key_take_text(left, " ");
}

static bool keys_parse_lines(struct bytes left, struct people_keys *keys)
{
    bool is_current = false;
    while (left.size > 0 && !is_current && keys->count < PEOPLE_KEYS_MAX) {
        struct people_key *key = &keys->items[keys->count];
        const uint32_t before = keys->count == 0 ? 0 : key[-1].epoch;
        if (!key_take_epoch(&left, &key->epoch) || key->epoch <= before ||
            !key_take_hex(&left, key->key)) {
            return false;
        }
        is_current = key_take_text(&left, STATE_CURRENT);
        if (!is_current && !key_take_text(&left, STATE_OLD)) {
            return false;
        }
        keys->count++;
    }
    return is_current && left.size == 0;
}

static bool keys_parse(struct bytes text, struct people_keys *keys)
{
    keys->count = 0;
    if (key_take_text(&text, FILE_HEAD)) {
        return keys_parse_lines(text, keys);
    }
    keys->items[0].epoch = PEOPLE_EPOCH_FIRST;
    keys->count = 1;
    return key_take_hex(&text, keys->items[0].key) && key_take_text(&text, "\n") && text.size == 0;
}

/* The size of the text. */
static size_t keys_format(const struct people_keys *keys, char text[FILE_BYTES_MAX])
{
    char hex[HEX_BYTES + 1];
    size_t size = 0;
    const bool is_first = keys->count == 1 && keys->items[0].epoch == PEOPLE_EPOCH_FIRST;
    if (!is_first) {
        size = (size_t)snprintf(text, FILE_BYTES_MAX, "%s", FILE_HEAD);
    }
    for (size_t i = 0; i < keys->count; i++) {
        const struct people_key *key = &keys->items[i];
        const char *state = i + 1 == keys->count ? STATE_CURRENT : STATE_OLD;
        sodium_bin2hex(hex, sizeof(hex), key->key, PEOPLE_KEY_BYTES);
        size += is_first ? (size_t)snprintf(text, FILE_BYTES_MAX, "%s\n", hex)
                         : (size_t)snprintf(text + size, FILE_BYTES_MAX - size, "%u %s%s",
                                            (unsigned)key->epoch, hex, state);
    }
    sodium_memzero(hex, sizeof(hex));
    return size;
}

/* ---- the file ---- */

enum lb_result people_key_file_read(const char *path, bool by_group, struct people_keys *keys)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return LB_KEY_MISSING;
    }
    uint8_t text[FILE_BYTES_MAX + 1]; /* one more, so that a longer file is noticed */
    bool is_read = false;
    if (key_file_is_private(file, by_group)) {
        ssize_t size = fd_read_whole(file, text, sizeof(text));
        is_read = size >= 0 && keys_parse(bytes_of(text, (size_t)size), keys);
    }
    sodium_memzero(text, sizeof(text));
    close(file);
    return is_read ? LB_OK : LB_KEY_MISSING;
}

/* The file's name must survive a power cut too, or rows sealed with the key would be lost. */
static bool key_file_sync_directory(const char *path)
{
    char copy[PATH_MAX];
    if (strlen(path) >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, path, strlen(path) + 1);
    int directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return false;
    }
    bool is_synced = fsync(directory) == 0;
    close(directory);
    return is_synced;
}

static bool key_file_write(const char *path, const struct people_keys *keys)
{
    (void)unlink(path); /* of a change that was cut short */
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return false;
    }
    char text[FILE_BYTES_MAX];
    const size_t size = keys_format(keys, text);
    bool is_durable = fd_write_whole(file, text, size) && fsync(file) == 0;
    sodium_memzero(text, sizeof(text));
    return close(file) == 0 && is_durable;
}

static bool key_file_draft(const char *path, char draft[PATH_MAX])
{
    int size = snprintf(draft, PATH_MAX, "%s.new", path);
    return size >= 0 && size < PATH_MAX;
}

/* Written under another name and linked when it is whole: a crash leaves no half key that would
 * stand in the way of the next start. The link is refused where there is a key already. */
enum lb_result people_key_file_make(const char *path, const struct random_source *random,
                                    struct people_keys *keys)
{
    char draft[PATH_MAX];
    if (!key_file_draft(path, draft)) {
        return LB_KEY_MISSING;
    }
    keys->count = 1;
    keys->items[0].epoch = PEOPLE_EPOCH_FIRST;
    if (!random_fill(random, keys->items[0].key, PEOPLE_KEY_BYTES)) {
        return LB_INTERNAL;
    }
    bool is_linked = key_file_write(draft, keys) && link(draft, path) == 0;
    (void)unlink(draft);
    if (is_linked && !key_file_sync_directory(path)) {
        (void)unlink(path); /* nothing was sealed with it yet */
        is_linked = false;
    }
    return is_linked ? LB_OK : LB_KEY_MISSING;
}

/* As far as this can be done: see people_forget_before. */
static void key_file_wipe(int file)
{
    static const char zeros[WIPE_BYTES];
    struct stat status;
    off_t left = fstat(file, &status) == 0 ? status.st_size : 0;
    while (left > 0) {
        const size_t part = left < WIPE_BYTES ? (size_t)left : WIPE_BYTES;
        if (!fd_write_whole(file, zeros, part)) {
            break;
        }
        left -= (off_t)part;
    }
    (void)fsync(file);
}

bool people_key_file_replace(const char *path, const struct people_keys *keys)
{
    char draft[PATH_MAX];
    if (!key_file_draft(path, draft)) {
        return false;
    }
    int replaced = open(path, O_WRONLY | O_CLOEXEC);
    if (replaced < 0) { /* taken away or made read-only: rather no change than a second truth */
        return false;
    }
    const bool is_written = key_file_write(draft, keys) && rename(draft, path) == 0;
    if (!is_written) {
        (void)unlink(draft);
    }
    const bool is_durable = is_written && key_file_sync_directory(path);
    if (is_durable) {
        key_file_wipe(replaced);
    }
    close(replaced);
    return is_durable;
}
