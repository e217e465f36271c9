/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The model of disk.h. Not for untrusted logs: a log is the shim's. */
#include "disk.h"

#include "base/assert.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX    (2 * (SHIM_FILES_MAX + 1))
#define CHANGES_MAX  65536
#define SECTOR_BYTES 512
#define PAGE_BYTES   4096

struct content {
    uint8_t *data;
    uint64_t size;
    uint64_t cap;
};

enum change_kind { CHANGE_WRITE, CHANGE_SIZE, CHANGE_NAME, CHANGE_MOVE, CHANGE_UNNAME };
enum change_state { CHANGE_OPEN, CHANGE_DURABLE, CHANGE_LOST };

/* Something not yet part of what is durable. Writes and sizes of files, and names. */
struct change {
    enum change_kind kind;
    enum change_state state;
    uint64_t event;
    uint32_t file;
    uint64_t offset; /* or the new size */
    uint64_t size;
    const uint8_t *bytes; /* of a write: in the log */
    char name[SHIM_NAME_BYTES];
    char to[SHIM_NAME_BYTES];
};

struct name {
    char text[SHIM_NAME_BYTES]; /* "": free */
    uint32_t file;
};

/* files[n] is what is durable of the shim's file n, or, behind SHIM_FILES_MAX, of one that was
 * there before; names is what is durable of the directory. Changes are in the order of events, and
 * none that is durable comes first for its file. */
struct disk {
    struct content files[FILES_MAX];
    struct name names[FILES_MAX];
    uint32_t file_of[SHIM_FILES_MAX + 1]; /* by the shim's number */
    struct change *changes;
    size_t change_count;
    uint64_t moment;
    uint64_t read; /* bytes of the log */
};

/* ---- contents ---- */

static void content_resize(struct content *content, uint64_t size)
{
    if (size > content->cap) {
        uint64_t cap = size * 2;
        uint8_t *data = realloc(content->data, cap);
        LB_ASSERT(data != NULL);
        memset(data + content->cap, 0, cap - content->cap);
        content->data = data;
        content->cap = cap;
    }
    if (size < content->size) { /* what is grown over again is zero */
        memset(content->data + size, 0, content->size - size);
    }
    content->size = size;
}

static void content_write(struct content *content, uint64_t offset, const uint8_t *bytes,
                          uint64_t size)
{
    if (size == 0) {
        return;
    }
    if (offset + size > content->size) {
        content_resize(content, offset + size);
    }
    memcpy(content->data + offset, bytes, size);
}

static bool content_read(struct content *content, int at, const char *name)
{
    int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0) {
        return false;
    }
    content_resize(content, (uint64_t)about.st_size);
    uint64_t done = 0;
    while (done < content->size) {
        ssize_t got = pread(fd, content->data + done, content->size - done, (off_t)done);
        if (got <= 0) {
            break;
        }
        done += (uint64_t)got;
    }
    (void)close(fd);
    return done == content->size;
}

static bool is_zero(const uint8_t *data, size_t size)
{
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

/* Pages of zeros are left as holes. */
static bool content_save(const struct content *content, int at, const char *name)
{
    int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    bool is_saved = ftruncate(fd, (off_t)content->size) == 0;
    for (uint64_t offset = 0; is_saved && offset < content->size; offset += PAGE_BYTES) {
        uint64_t left = content->size - offset;
        size_t size = left < PAGE_BYTES ? left : PAGE_BYTES;
        if (!is_zero(content->data + offset, size)) {
            is_saved = pwrite(fd, content->data + offset, size, (off_t)offset) == (ssize_t)size;
        }
    }
    return close(fd) == 0 && is_saved;
}

/* ---- names ---- */

static struct name *name_find(struct name *names, const char *text)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (strcmp(names[i].text, text) == 0) {
            return &names[i];
        }
    }
    return NULL;
}

static void name_set(struct name *names, const char *text, uint32_t file)
{
    struct name *name = name_find(names, text);
    name = name != NULL ? name : name_find(names, "");
    LB_ASSERT(name != NULL);
    memcpy(name->text, text, strlen(text) + 1);
    name->file = file;
}

static void name_apply(struct name *names, const struct change *change)
{
    struct name *name = name_find(names, change->name);
    if (change->kind == CHANGE_NAME) {
        name_set(names, change->name, change->file);
    } else if (change->kind == CHANGE_MOVE) {
        if (name != NULL) {
            name->text[0] = '\0';
        }
        name_set(names, change->to, change->file);
    } else if (name != NULL) {
        name->text[0] = '\0';
    }
}

static bool change_is_of_names(const struct change *change)
{
    return change->kind >= CHANGE_NAME;
}

/* The file that a name means now, everything applied. */
static uint32_t name_resolve(const struct disk *disk, const char *text)
{
    struct name names[FILES_MAX];
    memcpy(names, disk->names, sizeof(names));
    for (size_t i = 0; i < disk->change_count; i++) {
        if (change_is_of_names(&disk->changes[i])) {
            name_apply(names, &disk->changes[i]);
        }
    }
    const struct name *name = name_find(names, text);
    return name == NULL ? 0 : name->file;
}

struct disk *disk_of_directory(const char *directory)
{
    struct disk *disk = calloc(1, sizeof(*disk));
    LB_ASSERT(disk != NULL);
    disk->changes = calloc(CHANGES_MAX, sizeof(*disk->changes));
    LB_ASSERT(disk->changes != NULL);
    DIR *stream = opendir(directory);
    LB_ASSERT(stream != NULL);
    uint32_t file = SHIM_FILES_MAX + 1;
    for (const struct dirent *each = readdir(stream); each != NULL; each = readdir(stream)) {
        if (each->d_type == DT_REG) {
            LB_ASSERT(file < FILES_MAX);
            bool is_read = content_read(&disk->files[file], dirfd(stream), each->d_name);
            LB_ASSERT(is_read && strlen(each->d_name) < SHIM_NAME_BYTES);
            name_set(disk->names, each->d_name, file++);
        }
    }
    (void)closedir(stream);
    return disk;
}

void disk_free(struct disk *disk)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        free(disk->files[i].data);
    }
    free(disk->changes);
    free(disk);
}

/* ---- taking in the log ---- */

static void change_apply(struct disk *disk, const struct change *change)
{
    if (change_is_of_names(change)) {
        name_apply(disk->names, change);
    } else if (change->kind == CHANGE_SIZE) {
        content_resize(&disk->files[change->file], change->offset);
    } else {
        content_write(&disk->files[change->file], change->offset, change->bytes, change->size);
    }
}

/* What is durable and has nothing undecided before it, in its file, is done with. */
static void disk_settle(struct disk *disk)
{
    bool is_held[FILES_MAX] = {false}; /* file 0: the names */
    size_t kept = 0;
    for (size_t i = 0; i < disk->change_count; i++) {
        const struct change *change = &disk->changes[i];
        uint32_t file = change_is_of_names(change) ? 0 : change->file;
        if (change->state == CHANGE_DURABLE && !is_held[file]) {
            change_apply(disk, change);
            continue;
        }
        is_held[file] = true;
        disk->changes[kept++] = *change;
    }
    disk->change_count = kept;
}

static void disk_sync(struct disk *disk, const struct shim_event *event)
{
    bool is_lost = event->op == SHIM_SYNC_LOST;
    for (size_t i = 0; i < disk->change_count; i++) {
        struct change *change = &disk->changes[i];
        bool is_covered = event->op == SHIM_SYNC_ONE ? change->event == event->begun
                                                     : change->event < event->begun;
        bool is_of_file = change_is_of_names(change) ? event->file == 0
                                                     : change->file == disk->file_of[event->file];
        if (is_covered && is_of_file && change->state == CHANGE_OPEN) {
            change->state = is_lost ? CHANGE_LOST : CHANGE_DURABLE;
        }
    }
    disk_settle(disk);
}

static void disk_add(struct disk *disk, const struct change *change)
{
    LB_ASSERT(disk->change_count < CHANGES_MAX && change->file < FILES_MAX);
    disk->changes[disk->change_count++] = *change;
}

static void disk_meet_file(struct disk *disk, const struct shim_event *event, uint64_t number)
{
    struct change change = {.kind = CHANGE_NAME, .event = number, .file = event->file};
    const char *name = (const char *)shim_event_bytes(event);
    if (event->is_made) {
        disk->file_of[event->file] = event->file;
        (void)snprintf(change.name, sizeof(change.name), "%s", name);
        disk_add(disk, &change);
    } else {
        disk->file_of[event->file] = name_resolve(disk, name);
        LB_ASSERT(disk->file_of[event->file] != 0);
    }
}

static void disk_take(struct disk *disk, const struct shim_event *event, uint64_t number)
{
    struct change change = {.event = number,
                            .file = disk->file_of[event->file],
                            .offset = event->offset,
                            .size = event->size,
                            .bytes = shim_event_bytes(event)};
    switch (event->op) {
    case SHIM_FILE:
        disk_meet_file(disk, event, number);
        return;
    case SHIM_LOST_WRITE:
        change.state = CHANGE_LOST;
        break;
    case SHIM_WRITE:
        break;
    case SHIM_SIZE:
        change.kind = CHANGE_SIZE;
        break;
    case SHIM_SYNC:
    case SHIM_SYNC_ONE:
    case SHIM_SYNC_LOST:
    case SHIM_SYNC_NAMES:
        disk_sync(disk, event);
        return;
    case SHIM_RENAME:
    case SHIM_UNLINK:
        change.kind = event->op == SHIM_RENAME ? CHANGE_MOVE : CHANGE_UNNAME;
        (void)snprintf(change.name, sizeof(change.name), "%s",
                       (const char *)shim_event_bytes(event));
        (void)snprintf(change.to, sizeof(change.to), "%s",
                       (const char *)shim_event_bytes(event) + strlen(change.name) + 1);
        change.file = name_resolve(disk, change.name);
        break;
    }
    disk_add(disk, &change);
}

void disk_advance(struct disk *disk, const struct shim_log *log, uint64_t moment)
{
    LB_ASSERT(moment >= disk->moment && moment <= atomic_load(&log->count));
    while (disk->moment < moment) {
        const struct shim_event *event = (const void *)(log->events + disk->read);
        disk_take(disk, event, disk->moment++);
        disk->read += (sizeof(*event) + event->size + 7) & ~UINT64_C(7);
    }
}

/* ---- images ---- */

/* How an image came to be: what share of the undecided is there, and in which pieces. */
struct image {
    struct random_seeded *random;
    unsigned kept_percent;
    uint64_t piece_bytes; /* 0: whole writes */
    bool names_in_order;
};

static bool image_chance(const struct image *image, unsigned percent)
{
    return random_seeded_next(image->random) % 100 < percent;
}

static struct image image_choose(struct random_seeded *random)
{
    static const unsigned kept[] = {0, 5, 50, 50, 95, 100};
    static const uint64_t pieces[] = {0, SECTOR_BYTES, PAGE_BYTES};
    return (struct image){
        .random = random,
        .kept_percent = kept[random_seeded_next(random) % 6],
        .piece_bytes = pieces[random_seeded_next(random) % 3],
        .names_in_order = random_seeded_next(random) % 2 == 0,
    };
}

static void image_write(const struct image *image, struct content *content,
                        const struct change *change)
{
    uint64_t done = 0;
    while (done < change->size) {
        uint64_t left = change->size - done;
        uint64_t piece = left;
        if (image->piece_bytes != 0 && change->state != CHANGE_DURABLE) {
            uint64_t to_border = image->piece_bytes - (change->offset + done) % image->piece_bytes;
            piece = to_border < left ? to_border : left;
        }
        if (change->state == CHANGE_DURABLE || image_chance(image, image->kept_percent)) {
            content_write(content, change->offset + done, change->bytes + done, piece);
        }
        done += piece;
    }
}

static void image_make_content(const struct disk *disk, const struct image *image, uint32_t file,
                               struct content *content)
{
    uint64_t size_now = disk->files[file].size;
    content_resize(content, 0);
    content_write(content, 0, disk->files[file].data, size_now);
    for (size_t i = 0; i < disk->change_count; i++) {
        const struct change *change = &disk->changes[i];
        if (change->file != file || change_is_of_names(change)) {
            continue;
        }
        bool is_durable = change->state == CHANGE_DURABLE;
        if (change->kind == CHANGE_WRITE) {
            uint64_t end = change->offset + change->size;
            size_now = end > size_now ? end : size_now;
            image_write(image, content, change);
        } else {
            size_now = change->offset;
            if (is_durable || image_chance(image, image->kept_percent)) {
                content_resize(content, change->offset);
            }
        }
    }
    if (content->size < size_now && image_chance(image, 50)) {
        content_resize(content, size_now);
    }
}

static void image_make_names(const struct disk *disk, const struct image *image, struct name *names)
{
    bool is_over = false;
    memcpy(names, disk->names, sizeof(disk->names));
    for (size_t i = 0; i < disk->change_count; i++) {
        const struct change *change = &disk->changes[i];
        if (!change_is_of_names(change)) {
            continue;
        }
        bool is_there = change->state == CHANGE_DURABLE ||
                        (!is_over && image_chance(image, image->kept_percent));
        is_over = is_over || (!is_there && image->names_in_order);
        if (is_there) {
            name_apply(names, change);
        }
    }
}

bool disk_make_image(const struct disk *disk, struct random_seeded *random, const char *directory)
{
    struct image image = image_choose(random);
    struct name names[FILES_MAX];
    struct content content = {0};
    image_make_names(disk, &image, names);
    int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_made = at >= 0;
    for (size_t i = 0; is_made && i < FILES_MAX; i++) {
        if (names[i].text[0] != '\0') {
            image_make_content(disk, &image, names[i].file, &content);
            is_made = content_save(&content, at, names[i].text);
        }
    }
    free(content.data);
    return at >= 0 && close(at) == 0 && is_made;
}
