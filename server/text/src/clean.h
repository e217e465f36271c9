/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Cleaning on code points, which folding begins with. Not for other modules. Pure; safe from any
 * thread.
 */
#ifndef TEXT_CLEAN_H
#define TEXT_CLEAN_H

#include "code_points.h"

/* As text_clean. The points live in the arena. false: no memory. */
LB_MUST_CHECK bool clean_code_points(struct arena *arena, struct bytes in,
                                     struct code_points *points, unsigned *changes);

#endif
