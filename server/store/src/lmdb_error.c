/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Errors of LMDB and of the system, translated once, and told to the operator. Any thread. */
#include "lmdb_store.h"
#include "store/report.h"

#include <errno.h>

bool lmdb_is_no_space(int rc)
{
    /* EFBIG: the process's own limit on the size of a file. */
    return rc == ENOSPC || rc == EDQUOT || rc == EFBIG;
}

enum lb_result lmdb_result(int rc)
{
    if (lmdb_is_no_space(rc)) {
        return LB_STORAGE_FULL;
    }
    switch (rc) {
    case MDB_SUCCESS:
        return LB_OK;
    case MDB_NOTFOUND:
        return LB_ENTRY_UNKNOWN;
    case MDB_MAP_FULL:
        return LB_STORAGE_FULL;
    case MDB_READERS_FULL:
        return LB_TRY_LATER;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
        return LB_STORAGE_CORRUPT;
    case MDB_VERSION_MISMATCH: /* LMDB 1.0 wrote it */
        return LB_FORMAT_NEWER;
    case ENOMEM:
        return LB_MEMORY;
    default:
        return LB_STORAGE_FAULT;
    }
}

void lmdb_report(const struct store_lmdb *store, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    store_report_line(store->report, store->report_context, format, arguments);
    va_end(arguments);
}

enum lb_result lmdb_failed(const struct store_lmdb *store, const char *what, int rc)
{
    enum lb_result result = lmdb_result(rc);
    if (result != LB_OK && result != LB_ENTRY_UNKNOWN) {
        lmdb_report(store, "%s: %s", what, mdb_strerror(rc));
    }
    return result;
}
