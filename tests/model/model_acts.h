/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random acts, for model_generate.c. One thread.
 */
#ifndef TESTS_MODEL_ACTS_H
#define TESTS_MODEL_ACTS_H

#include "model_generate.h"

/* A command without an id. Without a reference it points to no entry that there is. */
void act_make(struct generate *generate, const struct ref *ref, struct command *command);
/* Says from which desk and with which import it comes; now and then with one that is not there. */
void act_come_in(struct generate *generate, const struct ref *ref, struct command *command);
/* Puts a mistake of form into the act: wrong check digit, minutes, quantity, references. */
void act_spoil(struct generate *generate, struct command *command);

#endif
