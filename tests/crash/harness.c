/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* See harness.h. */
#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void harness_die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

/* ---- directories ---- */

static void harness_path(const struct harness *harness, char path[PATH_MAX], const char *name)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", harness->root, name) >= PATH_MAX) {
        harness_die("too long a path for temporary files");
    }
}

void harness_begin(struct harness *harness)
{
    const char *tmp = getenv("TMPDIR");
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : tmp != NULL ? tmp : "/tmp";
    char made[PATH_MAX];
    if ((size_t)snprintf(made, sizeof(made), "%s/lovebank-crash-XXXXXX", base) >= sizeof(made) ||
        mkdtemp(made) == NULL || realpath(made, harness->root) == NULL) {
        harness_die(base);
    }
    harness_path(harness, harness->key_path, "epoch.key");
    harness_path(harness, harness->book, "book");
    harness_path(harness, harness->image, "image");
    harness_path(harness, harness->spare, "spare");
}

void harness_end(struct harness *harness, bool has_failed)
{
    if (has_failed) {
        printf("what failed is in %s\n", harness->root);
        return;
    }
    harness_remove_directory(harness->book);
    harness_remove_directory(harness->image);
    harness_remove_directory(harness->spare);
    harness_remove_directory(harness->root); /* with the key */
}

void harness_make_directory(const char *path)
{
    if (mkdir(path, 0700) != 0) {
        harness_die(path);
    }
}

/* Calls `act` for each file of the directory. false: there is none. */
static bool each_file(const char *path, void (*act)(int at, const char *name, int to), int to)
{
    DIR *stream = opendir(path);
    if (stream == NULL) {
        return false;
    }
    for (const struct dirent *each = readdir(stream); each != NULL; each = readdir(stream)) {
        if (each->d_type == DT_REG) {
            act(dirfd(stream), each->d_name, to);
        }
    }
    (void)closedir(stream);
    return true;
}

static void remove_file(int at, const char *name, int to)
{
    (void)to;
    if (unlinkat(at, name, 0) != 0) {
        harness_die(name);
    }
}

void harness_remove_directory(const char *path)
{
    if (each_file(path, remove_file, -1) && rmdir(path) != 0) {
        harness_die(path);
    }
}

/* Holes stay holes. */
static void copy_file(int at, const char *name, int to)
{
    int from = openat(at, name, O_RDONLY | O_CLOEXEC);
    int copy = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct stat about;
    if (from < 0 || copy < 0 || fstat(from, &about) != 0 || ftruncate(copy, about.st_size) != 0) {
        harness_die(name);
    }
    off_t offset = 0;
    while ((offset = lseek(from, offset, SEEK_DATA)) >= 0) {
        off_t end = lseek(from, offset, SEEK_HOLE);
        (void)lseek(copy, offset, SEEK_SET);
        while (offset < end) {
            if (sendfile(copy, from, &offset, (size_t)(end - offset)) <= 0) {
                harness_die(name);
            }
        }
    }
    (void)close(from);
    (void)close(copy);
}

void harness_copy_directory(const char *from, const char *to)
{
    harness_make_directory(to);
    int fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || !each_file(from, copy_file, fd)) {
        harness_die(from);
    }
    (void)close(fd);
}

void harness_move_directory(const char *from, const char *to)
{
    if (rename(from, to) != 0) {
        harness_die(from);
    }
}

/* ---- children ---- */

static void child_read_output(struct harness_child *child, int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size < HARNESS_OUTPUT_BYTES ? 0 : size - (HARNESS_OUTPUT_BYTES - 1);
    ssize_t got = pread(fd, child->output, HARNESS_OUTPUT_BYTES - 1, from);
    child->output[got < 0 ? 0 : got] = '\0';
}

struct harness_child harness_run(int (*act)(void *context), void *context, unsigned timeout_s)
{
    struct harness_child child = {.status = -1};
    int output = memfd_create("stderr", 0);
    (void)fflush(stdout);
    pid_t pid = output < 0 ? -1 : fork();
    if (pid < 0) {
        harness_die("a child process");
    }
    if (pid == 0) {
        (void)dup2(output, STDERR_FILENO);
        (void)alarm(timeout_s);
        int status = act(context);
        (void)fflush(NULL);
        _exit(status);
    }
    while (waitpid(pid, &child.status, 0) < 0) {
        if (errno != EINTR) {
            harness_die("waiting for a child process");
        }
    }
    child_read_output(&child, output);
    (void)close(output);
    return child;
}

void harness_print_child(const struct harness_child *child)
{
    if (WIFSIGNALED(child->status)) {
        printf("  it died of signal %d (%s)\n", WTERMSIG(child->status),
               strsignal(WTERMSIG(child->status)));
    }
    printf("  %s\n", child->output);
}
