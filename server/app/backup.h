/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Backups of the book in use: where one may be made, making it, and the proof that it is one. Work
 * thread.
 */
#ifndef APP_BACKUP_H
#define APP_BACKUP_H

#include "app/book.h"
#include "engine/engine.h"
#include "rpc/rpc.h"

/* Makes the copy that the job asks for and, if wanted, verifies it before it gets its name. LB_OK,
 * DIRECTORY_UNUSABLE, DIRECTORY_EXISTS, DIRECTORY_NETWORK, BACKUP_NO_SPACE, BACKUP_DAMAGED,
 * BACKUP_FAILED, TRY_LATER, STORAGE_FULL, SHUTTING_DOWN, MEMORY. Whatever comes of it, the book
 * goes on. */
LB_MUST_CHECK enum lb_result backup_make(struct book *book, struct engine *engine,
                                         struct rpc_backup_job *job);

#endif
