/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The spool: records that were typed while the server could not be reached, on their way to it.
 * One folder for each server's address, 0700, below $XDG_STATE_HOME/lovebank/spool; one sealed file
 * for each row, named by its number and its id. A row holds a command, who typed it and when; no
 * person's name, for commands name members by number or card. It is not sent from here. Programs
 * may use one folder at once: what changes it holds its lock. One thread.
 */
#ifndef CLI_SPOOL_H
#define CLI_SPOOL_H

#include "cli.h"
#include "sealed_file.h"

#include "lovebank/v1/commands.pb-c.h"

#define SPOOL_ROWS_MAX          10000
#define SPOOL_COMMAND_BYTES_MAX 4096
#define SPOOL_FOLDER_DIGITS     8 /* bytes of the address's hash in the folder's name */

/* Who types: a principal of the server, 0 of one that asks for no log-in. */
struct spool_who {
    uint32_t principal;
    char login[LB_LOGIN_BYTES_MAX + 1]; /* or a device's name, cut; "": none */
};

struct spool_row {
    uint32_t number; /* to call it by; stays while it is there */
    struct id id;
    const char *file;
    bool is_damaged; /* then nothing below is known */
    struct spool_who who;
    int64_t typed_ms;
    Lovebank__V1__Command *command; /* with its id */
};

struct spool {
    struct cli *cli;
    const struct sealed_disk *disk;
    const char *path;
    int folder; /* -1: not open */
    int lock;   /* -1: not held */
};

enum spool_answer {
    SPOOL_KEPT,
    SPOOL_THERE,  /* the same row was kept before */
    SPOOL_REUSED, /* another row has that id */
    SPOOL_FULL,   /* SPOOL_ROWS_MAX are there */
    SPOOL_FAILED, /* told */
};

/* Opens the folder of cli's server, making it if `make`. false: told; or there is none and it was
 * not to be made, then spool->folder is -1 and nothing was told. */
LB_MUST_CHECK bool spool_open(struct spool *spool, struct cli *cli, bool make);
void spool_close(struct spool *spool);

/* The same row, as bytes and back. Pure but for the arena; false: no such row, or too long. */
LB_MUST_CHECK bool spool_row_encode(struct arena *arena, const struct spool_row *row,
                                    struct bytes *body);
/* The command is the caller's to free. */
LB_MUST_CHECK bool spool_row_decode(struct bytes body, struct spool_row *row);

/* Keeps a row: SPOOL_KEPT and its number once it is on the disk as a whole. */
enum spool_answer spool_put(struct spool *spool, struct spool_row *row);
/* All rows by number, those that are damaged too; freed with spool_rows_free. false: told. */
LB_MUST_CHECK bool spool_list(struct spool *spool, struct spool_row **rows, size_t *count);
void spool_rows_free(struct spool_row *rows, size_t count);
/* No row is as good. false: told. */
LB_MUST_CHECK bool spool_remove(struct spool *spool, const struct spool_row *row);

/* How many wait for cli's server; 0 also when it cannot be said. Tells nothing. */
size_t spool_count(struct cli *cli);

/* spool_folder.c: lock and unlock, for whatever else is kept in the folder. false: told. */
LB_MUST_CHECK bool spool_lock(struct spool *spool);
void spool_unlock(struct spool *spool);
/* "…/spool/1f0c…", without asking whether it is there; NULL: there is no home. */
const char *spool_path(struct cli *cli);
/* Tells errno about the folder. */
void spool_complain(const struct spool *spool, int error);

#endif
