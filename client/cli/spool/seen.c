/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What was seen, as a file. Asking for it: seen_server.c. One thread.
 */
#include "seen.h"

#include "seen_file.h"

#include "base/wire.h"

#include <sodium.h>
#include <string.h>

#define SEEN_MAGIC     "LBSEEN01"
#define SEEN_NAME      "seen"
#define SEEN_BYTES_MAX (4u << 20)
#define SEEN_HEAD_BYTES \
    (8 + 4 + 4 + 1 + SEEN_WHOS_MAX * (1 + SEEN_HASH_BYTES + 4 + 1 + LB_LOGIN_BYTES_MAX) + 4)

static void seen_put_who(struct wire_writer *writer, const struct seen_who *who)
{
    const size_t login_bytes = strlen(who->who.login);
    wire_put_u8(writer, who->has_token);
    wire_put_bytes(writer, bytes_of(who->hash, sizeof(who->hash)));
    wire_put_u32(writer, who->who.principal);
    wire_put_u8(writer, (uint8_t)login_bytes);
    wire_put_bytes(writer, bytes_of(who->who.login, login_bytes));
}

static bool seen_get_who(struct wire_reader *reader, struct seen_who *who)
{
    who->has_token = wire_get_u8(reader) != 0;
    const struct bytes hash = wire_get_bytes(reader, sizeof(who->hash));
    who->who.principal = wire_get_u32(reader);
    const struct bytes login = wire_get_bytes(reader, wire_get_u8(reader));
    if (reader->bad || login.size > LB_LOGIN_BYTES_MAX) {
        return false;
    }
    memcpy(who->hash, hash.data, sizeof(who->hash));
    if (login.size > 0) {
        memcpy(who->who.login, login.data, login.size);
    }
    return true;
}

bool seen_encode(struct arena *arena, const struct seen *seen, struct bytes *body)
{
    const size_t orgs_bytes = lovebank__v1__org_list_response__get_packed_size(seen->orgs);
    const size_t catalogue_bytes =
        lovebank__v1__catalogue_response__get_packed_size(seen->catalogue);
    if (orgs_bytes > SEEN_BYTES_MAX || catalogue_bytes > SEEN_BYTES_MAX) {
        return false;
    }
    const size_t cap = SEEN_HEAD_BYTES + orgs_bytes + catalogue_bytes;
    uint8_t *data = cap > SEEN_BYTES_MAX ? NULL : arena_take(arena, cap);
    struct wire_writer writer = {.data = data, .cap = cap};
    if (data == NULL) {
        return false;
    }
    wire_put_i64(&writer, seen->when_ms);
    wire_put_i32_ordered(&writer, seen->zone_east_s);
    wire_put_i32_ordered(&writer, seen->today);
    wire_put_u8(&writer, (uint8_t)seen->who_count);
    for (size_t i = 0; i < seen->who_count; i++) {
        seen_put_who(&writer, &seen->whos[i]);
    }
    wire_put_u32(&writer, (uint32_t)orgs_bytes);
    uint8_t *orgs = wire_reserve(&writer, orgs_bytes);
    uint8_t *catalogue = wire_reserve(&writer, catalogue_bytes);
    if (orgs == NULL || catalogue == NULL) {
        return false;
    }
    (void)lovebank__v1__org_list_response__pack(seen->orgs, orgs);
    (void)lovebank__v1__catalogue_response__pack(seen->catalogue, catalogue);
    *body = bytes_of(data, writer.size);
    return true;
}

bool seen_decode(struct bytes body, struct seen *seen)
{
    struct wire_reader reader = {.left = body};
    *seen = (struct seen){.when_ms = wire_get_i64(&reader)};
    seen->zone_east_s = wire_get_i32_ordered(&reader);
    seen->today = wire_get_i32_ordered(&reader);
    const size_t who_count = wire_get_u8(&reader);
    if (reader.bad || who_count > SEEN_WHOS_MAX) {
        return false;
    }
    for (; seen->who_count < who_count; seen->who_count++) {
        if (!seen_get_who(&reader, &seen->whos[seen->who_count])) {
            return false;
        }
    }
    const struct bytes orgs = wire_get_bytes(&reader, wire_get_u32(&reader));
    if (reader.bad) {
        return false;
    }
    seen->orgs = lovebank__v1__org_list_response__unpack(NULL, orgs.size, orgs.data);
    seen->catalogue =
        lovebank__v1__catalogue_response__unpack(NULL, reader.left.size, reader.left.data);
    if (seen->orgs == NULL || seen->catalogue == NULL) {
        seen_free(seen);
        return false;
    }
    return true;
}

void seen_free(struct seen *seen)
{
    lovebank__v1__org_list_response__free_unpacked(seen->orgs, NULL);
    lovebank__v1__catalogue_response__free_unpacked(seen->catalogue, NULL);
    *seen = (struct seen){0};
}

bool seen_read(struct spool *spool, struct seen *seen)
{
    struct bytes body;
    *seen = (struct seen){0};
    if (sealed_file_read(&spool->cli->arena, spool->folder, SEEN_NAME, SEEN_MAGIC, SEEN_BYTES_MAX,
                         &body) == SEALED_GOOD &&
        seen_decode(body, seen)) {
        return true;
    }
    *seen = (struct seen){0};
    return false;
}

void seen_write(struct spool *spool, const struct seen *seen)
{
    struct bytes body;
    const bool is_written =
        seen_encode(&spool->cli->arena, seen, &body) &&
        sealed_file_write(spool->disk, spool->folder, SEEN_NAME, SEEN_MAGIC, body);
    (void)is_written;
}

struct seen_who seen_who_of(const struct cli *cli)
{
    static const char domain[] = "lovebank/seen/1";
    struct seen_who who = {.has_token = cli->has_token};
    crypto_hash_sha256_state state;
    if (who.has_token) {
        (void)crypto_hash_sha256_init(&state);
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)domain, sizeof(domain));
        (void)crypto_hash_sha256_update(&state, cli->token, sizeof(cli->token));
        (void)crypto_hash_sha256_final(&state, who.hash);
    }
    return who;
}

bool seen_who_is_same(const struct seen_who *a, const struct seen_who *b)
{
    return a->has_token == b->has_token && memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

const struct spool_who *seen_find_who(const struct cli *cli, const struct seen *seen)
{
    const struct seen_who wanted = seen_who_of(cli);
    for (size_t i = 0; i < seen->who_count; i++) {
        if (seen_who_is_same(&wanted, &seen->whos[i])) {
            return &seen->whos[i].who;
        }
    }
    return NULL;
}
