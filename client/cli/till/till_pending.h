/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The command a till has sent and has no answer to, on disk: written through before it is sent,
 * wiped after the answer. A till that is killed in between finds it at its next start and asks the
 * server under the same id, so the redemption happens exactly once.
 *
 * The file is $XDG_STATE_HOME/lovebank/counter-N.pending (0600), of a fixed size that is written
 * in place, because making and removing files costs more than the answer takes. It is locked as
 * long as the till runs: two tills of one counter on one machine would share it. One thread.
 */
#ifndef CLI_TILL_PENDING_H
#define CLI_TILL_PENDING_H

#include "cli.h"

#define TILL_PENDING_BYTES 8192

struct till_pending {
    int fd;
    const char *path; /* of cli's arena */
};

/* What stands in the file; views of a buffer of the caller's. */
struct till_pending_record {
    struct bytes address; /* of the server it was sent to */
    struct bytes command; /* packed */
};

/* Opens and locks the file, makes it when there is none. What is wrong is told. */
LB_MUST_CHECK bool till_pending_open(struct cli *cli, uint32_t counter,
                                     struct till_pending *pending, enum cli_exit *exit);
void till_pending_close(struct till_pending *pending);
/* false: it could not be made durable; nothing may be sent then. errno says why. */
LB_MUST_CHECK bool till_pending_put(struct till_pending *pending,
                                    const struct till_pending_record *record);
/* Should it stay nevertheless, asking about it again is harmless. */
void till_pending_wipe(struct till_pending *pending);
/* false: nothing is pending: the file is empty, or its last write was cut short, in which case
 * nothing was sent. */
LB_MUST_CHECK bool till_pending_get(const struct till_pending *pending,
                                    uint8_t buffer[TILL_PENDING_BYTES],
                                    struct till_pending_record *record);

#endif
