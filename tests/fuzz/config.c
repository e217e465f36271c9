/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: the server's settings. The input is cut at its NULs; a part that begins with '-' is
 * a flag, with 'L' a variable of the environment, all others are lines of the file. What is wrong
 * is said; what is taken and printed as a file is taken again and means the same. One thread.
 */
#include "app/options.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PARTS_MAX       32
#define INPUT_BYTES_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sources {
    char text[INPUT_BYTES_MAX + 1];
    char file[INPUT_BYTES_MAX + PARTS_MAX];
    size_t file_size;
    char name[1];  /* of the program */
    char flag[64]; /* of the file */
    int argc;
    char *argv[PARTS_MAX + 3];
    char *envp[PARTS_MAX + 1];
};

/* A file in memory; its path is that of the flag. */
static int file_open(struct sources *sources)
{
    const int fd = memfd_create("lovebankd.conf", MFD_CLOEXEC);
    LB_ASSERT(fd >= 0);
    (void)snprintf(sources->flag, sizeof(sources->flag), "--config=/proc/self/fd/%d", fd);
    LB_ASSERT(write(fd, sources->file, sources->file_size) == (ssize_t)sources->file_size);
    return fd;
}

static void sources_cut(struct sources *sources, const uint8_t *data, size_t size)
{
    size_t env_count = 0;
    sources->argc = 0;
    sources->argv[sources->argc++] = sources->name;
    sources->argv[sources->argc++] = sources->flag;
    memcpy(sources->text, data, size);
    sources->text[size] = '\0';
    for (size_t at = 0, parts = 0; at < size && parts < PARTS_MAX; parts++) {
        char *part = sources->text + at;
        const size_t part_size = strlen(part);
        if (part[0] == '-') {
            sources->argv[sources->argc++] = part;
        } else if (part[0] == 'L') {
            sources->envp[env_count++] = part;
        } else {
            memcpy(sources->file + sources->file_size, part, part_size);
            sources->file_size += part_size;
            sources->file[sources->file_size++] = '\n';
        }
        at += part_size + 1;
    }
    sources->argv[sources->argc] = NULL;
    sources->envp[env_count] = NULL;
}

/* NULL: refused, and said why. Else the settings as a file. */
static char *sources_load(const struct sources *sources)
{
    char *complaints = NULL;
    char *effective = NULL;
    size_t complaints_size = 0;
    size_t effective_size = 0;
    struct options options = {.create = false};
    FILE *said = open_memstream(&complaints, &complaints_size);
    LB_ASSERT(said != NULL);
    const bool is_taken = options_load(sources->argc, sources->argv, sources->envp, &options, said);
    LB_ASSERT(fclose(said) == 0);
    LB_ASSERT(is_taken == (complaints_size == 0));
    LB_ASSERT(is_taken || complaints[complaints_size - 1] == '\n');
    LB_ASSERT(utf8_is_text(bytes_of_text(complaints), UTF8_ALLOW_NEWLINE));
    free(complaints);
    if (is_taken) {
        FILE *file = open_memstream(&effective, &effective_size);
        LB_ASSERT(file != NULL);
        options.config[0] = '\0'; /* of two files the names differ */
        options_print_effective(file, &options);
        LB_ASSERT(fclose(file) == 0);
    }
    return effective;
}

static void fuzz_take_again(const char *effective)
{
    struct sources *again = calloc(1, sizeof(*again));
    LB_ASSERT(again != NULL);
    sources_cut(again, (const uint8_t *)"", 0);
    again->file_size = strlen(effective);
    LB_ASSERT(again->file_size <= sizeof(again->file));
    memcpy(again->file, effective, again->file_size);
    const int fd = file_open(again);
    char *same = sources_load(again);
    LB_ASSERT(same != NULL && strcmp(same, effective) == 0);
    (void)close(fd);
    free(same);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sources *sources = calloc(1, sizeof(*sources));
    LB_ASSERT(sources != NULL);
    if (size <= INPUT_BYTES_MAX) {
        sources_cut(sources, data, size);
        const int fd = file_open(sources);
        char *effective = sources_load(sources);
        (void)close(fd);
        if (effective != NULL) {
            fuzz_take_again(effective);
        }
        free(effective);
    }
    free(sources);
    return 0;
}
