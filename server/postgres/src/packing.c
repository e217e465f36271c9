/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bytes of a group on their way to the database and back: one zstd frame that says how many
 * they are. Rows of the same kind have much in common, so a sheet takes a quarter of the space, a
 * single entry four fifths (docs/scale.md). One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

#include <stdlib.h>
#include <zstd_errors.h>

#define LEVEL 1 /* the quickest: all groups wait meanwhile */

static LB_MUST_CHECK bool packing_reserve(struct postgres_packing *packing, size_t bytes)
{
    if (packing->cap >= bytes && packing->memory != NULL) {
        return true;
    }
    free(packing->memory);
    packing->cap = 0;
    packing->memory = malloc(bytes + 1); /* never none */
    if (packing->memory != NULL) {
        packing->cap = bytes;
    }
    return packing->memory != NULL;
}

enum lb_result postgres_pack(struct postgres_packing *packing, struct bytes from, struct bytes *to)
{
    LB_ASSERT(from.size > 0 && from.size <= POSTGRES_CHANGES_MAX);
    if (packing->packer == NULL) {
        packing->packer = ZSTD_createCCtx();
    }
    const size_t most = ZSTD_compressBound(from.size);
    if (packing->packer == NULL || !packing_reserve(packing, most)) {
        return LB_MEMORY;
    }
    const size_t size =
        ZSTD_compressCCtx(packing->packer, packing->memory, most, from.data, from.size, LEVEL);
    if (ZSTD_isError(size) != 0) { /* there is room: so it is memory */
        return LB_MEMORY;
    }
    *to = bytes_of(packing->memory, size);
    return LB_OK;
}

/* Nothing stands before or behind the content; a size that is not the frame's takes no memory. */
static bool is_one_frame(struct bytes from, uint64_t size)
{
    return size > 0 && size <= POSTGRES_CHANGES_MAX &&
           ZSTD_getFrameContentSize(from.data, from.size) == size &&
           ZSTD_findFrameCompressedSize(from.data, from.size) == from.size;
}

enum lb_result postgres_unpack(struct postgres_packing *packing, struct bytes from, uint64_t size,
                               struct bytes *to)
{
    if (!is_one_frame(from, size)) {
        return LB_STORAGE_CORRUPT;
    }
    if (packing->unpacker == NULL) {
        packing->unpacker = ZSTD_createDCtx();
    }
    if (packing->unpacker == NULL || !packing_reserve(packing, (size_t)size)) {
        return LB_MEMORY;
    }
    const size_t found =
        ZSTD_decompressDCtx(packing->unpacker, packing->memory, (size_t)size, from.data, from.size);
    if (ZSTD_isError(found) != 0 || found != size) {
        return ZSTD_getErrorCode(found) == ZSTD_error_memory_allocation ? LB_MEMORY
                                                                        : LB_STORAGE_CORRUPT;
    }
    *to = bytes_of(packing->memory, found);
    return LB_OK;
}

void postgres_packing_trim(struct postgres_packing *packing)
{
    if (packing->cap > POSTGRES_KEPT_BYTES_MAX) {
        free(packing->memory);
        packing->memory = NULL;
        packing->cap = 0;
    }
}

void postgres_packing_fini(struct postgres_packing *packing)
{
    (void)ZSTD_freeCCtx(packing->packer); /* NULL is fine */
    (void)ZSTD_freeDCtx(packing->unpacker);
    free(packing->memory);
}
