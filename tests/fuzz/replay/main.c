/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Calls a fuzz target once for each file of the corpus directories named on the command line, so
 * that what fuzzing once found is a test in every build. Not a fuzzer: it makes no input of its
 * own, except the empty one. One thread.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define INPUT_BYTES_MAX (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The copy has exactly the file's size, so that a sanitizer sees a read past the end. */
static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    int result = -1;
    uint8_t *data = NULL;
    struct stat status;
    if (fstat(fileno(file), &status) != 0 || status.st_size > (off_t)INPUT_BYTES_MAX) {
        fprintf(stderr, "%s: unreadable, or larger than %u bytes\n", path, INPUT_BYTES_MAX);
        goto file_open;
    }
    size_t size = (size_t)status.st_size;
    data = malloc(size > 0 ? size : 1);
    if (!data || fread(data, 1, size, file) != size) {
        fprintf(stderr, "%s: out of memory, or cut short\n", path);
        goto file_open;
    }
    LLVMFuzzerTestOneInput(data, size);
    result = 0;
file_open:
    free(data);
    fclose(file);
    return result;
}

/* The number of files replayed, or -1. */
static int replay_directory(const char *folder)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, alphasort);
    if (count < 0) {
        perror(folder);
        return -1;
    }
    int replayed = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && replayed >= 0) {
            int failed = length < 0 || (size_t)length >= sizeof(path) || replay_file(path) != 0;
            replayed = failed ? -1 : replayed + 1;
        }
        free(names[i]);
    }
    free(names);
    return replayed;
}

int main(int argc, char **argv)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int replayed = replay_directory(argv[i]);
        if (replayed < 0) {
            return EXIT_FAILURE;
        }
        total += replayed;
    }
    printf("%d inputs replayed\n", total);
    return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
