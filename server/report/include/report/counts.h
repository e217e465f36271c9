/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a report counts: persons (人) and person-times (人次), never mixed; time; points. Net of
 * what was reversed. Pure data.
 */
#ifndef REPORT_COUNTS_H
#define REPORT_COUNTS_H

#include <stdint.h>

struct counts {
    uint64_t service_persons;
    uint64_t service_person_times;
    int64_t minutes;
    int64_t earned_centi;        /* by service */
    uint64_t redemption_persons; /* took goods */
    uint64_t redemption_person_times;
    uint64_t received_persons; /* were given services */
    uint64_t received_person_times;
    int64_t redeemed_centi; /* for goods and services */
};

#endif
