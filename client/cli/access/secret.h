/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Words that nobody else may see: typed on the terminal without being shown, or, when standard
 * input is none, lines of it. Never on a command line. One thread.
 */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli.h"

#define SECRET_BYTES_MAX 1024

/* "" in front. Wiped by secret_wipe. */
struct secret {
    char text[SECRET_BYTES_MAX];
};

/* false: none was given, which was told. */
LB_MUST_CHECK bool secret_read(struct cli *cli, const char *question, struct secret *secret);
/* A new password, asked for twice. false: told. */
LB_MUST_CHECK bool secret_read_new(struct cli *cli, struct secret *secret);
void secret_wipe(struct secret *secret);
/* Whether a person types them, and can be asked again. */
bool secret_is_typed(void);

#endif
