/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Assertions about programmers' errors, never about input, disk or memory. LB_ASSERT stays on in
 * release; LB_ASSERT_SLOW only in debug builds. Both abort with file, line and reason.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

_Noreturn void lb_assert_failed(const char *file, int line, const char *what);

#define LB_ASSERT(condition) \
    ((condition) ? (void)0 : lb_assert_failed(__FILE__, __LINE__, #condition))

#ifdef NDEBUG
#define LB_ASSERT_SLOW(condition) ((void)sizeof(condition))
#else
#define LB_ASSERT_SLOW(condition) LB_ASSERT(condition)
#endif

#endif
