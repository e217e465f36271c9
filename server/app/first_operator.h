/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The administrator that a book begins with, and the way back in for one who is locked out: whoever
 * can stop the server and read its key may have a one-time code. The code goes to standard output,
 * once, and nowhere else. For `lovebankd init`; one thread beside the engine's.
 */
#ifndef APP_FIRST_OPERATOR_H
#define APP_FIRST_OPERATOR_H

#include "engine/engine.h"

/* Both: LB_OK, or why not, and it has complained, but of KEY_OUTDATED: another server began a key
 * that is not here, and what to do is the caller's to say. The first opens the operator, or takes
 * the one there is of that name, makes it administrator of the whole book, and prints the code;
 * with an administrator there already it says who, and does nothing. */
LB_MUST_CHECK enum lb_result first_operator_make(struct engine *engine, const char *login);
/* A new code for that name, unlocked if it was locked. */
LB_MUST_CHECK enum lb_result first_operator_new_code(struct engine *engine, const char *login);
/* Is there an operator at all, active? If not, nobody can log in. LB_OK, LB_PRINCIPAL_UNKNOWN,
 * LB_MEMORY, STORAGE_*. */
LB_MUST_CHECK enum lb_result first_operator_look(struct engine *engine);

#endif
