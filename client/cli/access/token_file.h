/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Files that hold one token: of a session, which `lovebank login` puts there, or of a device. 64
 * hex digits and a newline, mode 0600. A file that others can read is not used, for the token may
 * be theirs by now. What is wrong is told. One thread.
 */
#ifndef CLI_TOKEN_FILE_H
#define CLI_TOKEN_FILE_H

#include "cli.h"

enum token_answer {
    TOKEN_FOUND,
    TOKEN_NONE, /* there is no such file */
    TOKEN_BAD,  /* told */
};

/* Of the session with cli's server: as --token-file or LOVEBANK_TOKEN_FILE say, else below
 * $XDG_CONFIG_HOME/lovebank, one for each address. NULL: there is no home. */
const char *token_file_path(struct cli *cli);

enum token_answer token_file_read(struct cli *cli, const char *path, uint8_t token[LB_TOKEN_BYTES]);
/* Replaces what is there; makes the folder, 0700. */
LB_MUST_CHECK bool token_file_write(struct cli *cli, const char *path,
                                    const uint8_t token[LB_TOKEN_BYTES]);
/* The same for a file that must not be there yet. */
LB_MUST_CHECK bool token_file_create(struct cli *cli, const char *path,
                                     const uint8_t token[LB_TOKEN_BYTES]);
/* No file is as good. */
LB_MUST_CHECK bool token_file_remove(struct cli *cli, const char *path);

#endif
