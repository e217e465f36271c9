/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The scripts of packaging/completion, put into the program by the build, so that it has them
 * wherever it is. Static data.
 */
#ifndef CLI_COMPLETION_SCRIPTS_H
#define CLI_COMPLETION_SCRIPTS_H

#include <stddef.h>

struct completion_script {
    const char *shell; /* "bash" */
    const char *text;
};

extern const struct completion_script completion_scripts[];
extern const size_t completion_script_count;

#endif
