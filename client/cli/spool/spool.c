/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows of the spool. One thread.
 */
#include "spool.h"

#include "base/assert.h"
#include "base/wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPOOL_MAGIC          "LBSPOOL1"
#define SPOOL_BODY_BYTES_MAX (4 + 8 + 1 + LB_LOGIN_BYTES_MAX + SPOOL_COMMAND_BYTES_MAX)
#define SPOOL_NUMBER_DIGITS  9
#define SPOOL_NUMBER_MAX     UINT32_C(999999999)
#define SPOOL_NAME_SUFFIX    ".row"
#define SPOOL_HEX_DIGITS     32
#define SPOOL_NAME_BYTES     (SPOOL_NUMBER_DIGITS + 1 + SPOOL_HEX_DIGITS + sizeof(SPOOL_NAME_SUFFIX))

_Static_assert(SPOOL_NAME_BYTES + sizeof(".." SEALED_PART_SUFFIX) <= SEALED_NAME_BYTES,
               "a row's name has room");

bool spool_row_encode(struct arena *arena, const struct spool_row *row, struct bytes *body)
{
    const size_t login_bytes = strlen(row->who.login);
    const size_t command_bytes = lovebank__v1__command__get_packed_size(row->command);
    uint8_t *data = arena_take(arena, SPOOL_BODY_BYTES_MAX);
    struct wire_writer writer = {.data = data, .cap = SPOOL_BODY_BYTES_MAX};
    LB_ASSERT(login_bytes <= LB_LOGIN_BYTES_MAX);
    if (data == NULL || command_bytes > SPOOL_COMMAND_BYTES_MAX) {
        return false;
    }
    wire_put_u32(&writer, row->who.principal);
    wire_put_i64(&writer, row->typed_ms);
    wire_put_u8(&writer, (uint8_t)login_bytes);
    wire_put_bytes(&writer, bytes_of(row->who.login, login_bytes));
    uint8_t *place = wire_reserve(&writer, command_bytes);
    if (place == NULL) {
        return false;
    }
    (void)lovebank__v1__command__pack(row->command, place);
    *body = bytes_of(data, writer.size);
    return true;
}

/* Only what is spooled: an act of recording with an id. */
static bool spool_command_is_ours(const Lovebank__V1__Command *command)
{
    return command->id.len == LB_REQUEST_ID_BYTES && command->has_day &&
           command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD &&
           command->service_record->member != NULL;
}

bool spool_row_decode(struct bytes body, struct spool_row *row)
{
    struct wire_reader reader = {.left = body};
    row->who = (struct spool_who){.principal = wire_get_u32(&reader)};
    row->typed_ms = wire_get_i64(&reader);
    const struct bytes login = wire_get_bytes(&reader, wire_get_u8(&reader));
    if (reader.bad || login.size > LB_LOGIN_BYTES_MAX) {
        return false;
    }
    if (login.size > 0) {
        memcpy(row->who.login, login.data, login.size);
    }
    Lovebank__V1__Command *command =
        lovebank__v1__command__unpack(NULL, reader.left.size, reader.left.data);
    if (command == NULL || !spool_command_is_ours(command)) {
        lovebank__v1__command__free_unpacked(command, NULL);
        return false;
    }
    row->command = command;
    memcpy(row->id.bytes, command->id.data, sizeof(row->id.bytes));
    return true;
}

static const char *spool_row_name(struct cli *cli, uint32_t number, const struct id *id)
{
    uint8_t bytes[LB_REQUEST_ID_BYTES];
    memcpy(bytes, id->bytes, sizeof(bytes));
    const ProtobufCBinaryData hex = {.len = sizeof(bytes), .data = bytes};
    return cli_format(cli, "%0*" PRIu32 "-%s" SPOOL_NAME_SUFFIX, SPOOL_NUMBER_DIGITS, number,
                      cli_hex(cli, &hex));
}

/* false: no row's name. */
static bool spool_read_name(const char *name, struct spool_row *row)
{
    const char *hex = name + SPOOL_NUMBER_DIGITS + 1;
    if (strlen(name) != SPOOL_NAME_BYTES - 1 || name[SPOOL_NUMBER_DIGITS] != '-' ||
        strspn(name, "0123456789") != SPOOL_NUMBER_DIGITS ||
        strcmp(hex + SPOOL_HEX_DIGITS, SPOOL_NAME_SUFFIX) != 0) {
        return false;
    }
    row->number = (uint32_t)strtoul(name, NULL, 10);
    return id_parse(bytes_of(hex, SPOOL_HEX_DIGITS), &row->id);
}

static bool spool_is_part(const char *name)
{
    const size_t size = strlen(name);
    const size_t suffix = strlen(SEALED_PART_SUFFIX);
    return name[0] == '.' && size > suffix && strcmp(name + size - suffix, SEALED_PART_SUFFIX) == 0;
}

static int spool_compare(const void *a, const void *b)
{
    const struct spool_row *row = a;
    const struct spool_row *other = b;
    return (row->number > other->number) - (row->number < other->number);
}

/* At most `max` rows by their names, by number, or with rows NULL how many there are; what
 * interrupted writes left is removed by whoever holds the lock. false: errno. */
static bool spool_names(struct spool *spool, struct spool_row *rows, size_t max, size_t *count)
{
    const int fd = openat(spool->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    *count = 0;
    if (dir == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    const struct dirent *entry;
    while (*count < max && (entry = readdir(dir)) != NULL) {
        struct spool_row row = {0};
        if (spool_read_name(entry->d_name, &row)) {
            if (rows != NULL) {
                row.file = cli_copy(spool->cli, entry->d_name);
                rows[*count] = row;
            }
            ++*count;
        } else if (spool->lock >= 0 && spool_is_part(entry->d_name)) {
            (void)unlinkat(spool->folder, entry->d_name, 0);
        }
    }
    (void)closedir(dir);
    if (rows != NULL && *count > 1) {
        qsort(rows, *count, sizeof(*rows), spool_compare);
    }
    return true;
}

/* A row whose file is gone was sent, or dropped, by another program meanwhile. */
static enum sealed_answer spool_read_row(struct spool *spool, struct spool_row *row)
{
    struct bytes body;
    const struct id id = row->id;
    const enum sealed_answer answer = sealed_file_read(&spool->cli->arena, spool->folder, row->file,
                                                       SPOOL_MAGIC, SPOOL_BODY_BYTES_MAX, &body);
    row->is_damaged = answer == SEALED_DAMAGED;
    if (answer == SEALED_GOOD && (!spool_row_decode(body, row) || !id_equal(&id, &row->id))) {
        row->is_damaged = true;
        row->id = id;
    }
    return answer;
}

/* The same in memory of the arena; false: told. */
static bool spool_take_names(struct spool *spool, struct spool_row **rows, size_t *count)
{
    if (spool_names(spool, NULL, SPOOL_ROWS_MAX, count)) {
        const size_t max = *count;
        *rows = cli_take(spool->cli, max + 1, sizeof(**rows));
        if (spool_names(spool, *rows, max, count)) {
            return true;
        }
    }
    spool_complain(spool, errno);
    return false;
}

bool spool_list(struct spool *spool, struct spool_row **rows, size_t *count)
{
    size_t named = 0;
    *count = 0;
    if (!spool_take_names(spool, rows, &named)) {
        return false;
    }
    for (size_t i = 0; i < named; i++) {
        struct spool_row row = (*rows)[i];
        const enum sealed_answer answer = spool_read_row(spool, &row);
        if (answer == SEALED_FAILED) {
            spool_complain(spool, errno);
            spool_rows_free(*rows, *count);
            *count = 0;
            return false;
        }
        if (answer != SEALED_NONE) {
            (*rows)[(*count)++] = row;
        }
    }
    return true;
}

void spool_rows_free(struct spool_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lovebank__v1__command__free_unpacked(rows[i].command, NULL);
        rows[i].command = NULL;
    }
}

/* Is the row that stands there the one to be kept? */
static enum spool_answer spool_is_same(struct spool *spool, struct spool_row *there,
                                       const struct spool_row *row)
{
    struct bytes body = {0};
    struct bytes other = {0};
    const enum sealed_answer answer = spool_read_row(spool, there);
    bool is_same = false;
    if (answer == SEALED_GOOD && !there->is_damaged) {
        there->typed_ms = row->typed_ms; /* whenever it was typed */
        is_same = there->who.principal == row->who.principal &&
                  spool_row_encode(&spool->cli->arena, row, &body) &&
                  spool_row_encode(&spool->cli->arena, there, &other) && body.size == other.size &&
                  memcmp(body.data, other.data, body.size) == 0;
    }
    spool_rows_free(there, 1);
    return is_same ? SPOOL_THERE : SPOOL_REUSED;
}

static enum spool_answer spool_put_locked(struct spool *spool, struct spool_row *row)
{
    struct bytes body;
    size_t count = 0;
    struct spool_row *rows = NULL;
    if (!spool_take_names(spool, &rows, &count)) {
        return SPOOL_FAILED;
    }
    for (size_t i = 0; i < count; i++) {
        if (id_equal(&rows[i].id, &row->id)) {
            row->number = rows[i].number;
            return spool_is_same(spool, &rows[i], row);
        }
    }
    if (count == SPOOL_ROWS_MAX || (count > 0 && rows[count - 1].number >= SPOOL_NUMBER_MAX)) {
        return SPOOL_FULL;
    }
    row->number = count == 0 ? 1 : rows[count - 1].number + 1;
    row->file = spool_row_name(spool->cli, row->number, &row->id);
    if (!spool_row_encode(&spool->cli->arena, row, &body)) {
        spool_complain(spool, EMSGSIZE);
        return SPOOL_FAILED;
    }
    if (!sealed_file_write(spool->disk, spool->folder, row->file, SPOOL_MAGIC, body)) {
        spool_complain(spool, errno);
        return SPOOL_FAILED;
    }
    return SPOOL_KEPT;
}

enum spool_answer spool_put(struct spool *spool, struct spool_row *row)
{
    LB_ASSERT(spool_command_is_ours(row->command));
    memcpy(row->id.bytes, row->command->id.data, sizeof(row->id.bytes));
    if (!spool_lock(spool)) {
        return SPOOL_FAILED;
    }
    const enum spool_answer answer = spool_put_locked(spool, row);
    spool_unlock(spool);
    return answer;
}

bool spool_remove(struct spool *spool, const struct spool_row *row)
{
    if (unlinkat(spool->folder, row->file, 0) == 0 || errno == ENOENT) {
        return true;
    }
    spool_complain(spool, errno);
    return false;
}

size_t spool_count(struct cli *cli)
{
    struct spool spool;
    size_t count = 0;
    const bool was_hint = cli->is_hint;
    cli->is_hint = true;
    if (spool_open(&spool, cli, false)) {
        if (!spool_names(&spool, NULL, SPOOL_ROWS_MAX, &count)) {
            count = 0;
        }
        spool_close(&spool);
    }
    cli->is_hint = was_hint;
    return count;
}
