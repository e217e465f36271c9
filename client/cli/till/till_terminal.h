/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's terminal: raw keys in, whole screens out, and its old state back at the end. Signals
 * that end the program or change the window come as events, so that the terminal is always given
 * back. One thread.
 */
#ifndef CLI_TILL_TERMINAL_H
#define CLI_TILL_TERMINAL_H

#include "lovebank/result.h"
#include "till_keys.h"
#include "till_screen.h"

#include <signal.h>
#include <termios.h>

enum terminal_event {
    TERMINAL_KEYS,   /* some have come, or an Esc stayed alone */
    TERMINAL_WINDOW, /* its size has changed */
    TERMINAL_MINUTE, /* nothing for a while: the clock has moved on */
    TERMINAL_END,    /* hung up, or told to end */
};

struct terminal {
    struct termios before;
    sigset_t mask_before;
    int signals;
    struct till_keys keys;
    bool is_esc_alone; /* no more bytes come behind it */
};

/* Standard input and output must be terminals. false: errno; nothing was changed. */
LB_MUST_CHECK bool terminal_open(struct terminal *terminal);
void terminal_close(struct terminal *terminal);
enum terminal_event terminal_wait(struct terminal *terminal);
/* Paints the screen in one write; asks for a larger window when 24 x 80 do not fit. */
void terminal_show(const struct screen *screen, bool is_chinese, bool rings);

#endif
