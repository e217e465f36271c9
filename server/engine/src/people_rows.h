/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the writer does to rows of personal data beside sealing them: the index of ID numbers, which
 * goes with the PERSON rows, and sealing rows again under a new key. An index row is keyed under
 * the epoch of its member's PERSON row. The writer's thread.
 */
#ifndef ENGINE_SRC_PEOPLE_ROWS_H
#define ENGINE_SRC_PEOPLE_ROWS_H

#include "group.h"

/* Tables of sealed rows and the kinds that these are sealed as. */
struct people_table {
    enum ledger_table table;
    enum people_kind kind;
};
#define PEOPLE_TABLES_COUNT 3
extern const struct people_table people_tables[PEOPLE_TABLES_COUNT];

/* The member that has the ID number, by any living epoch. false: nobody, or the views failed. */
bool people_rows_find_id_number(struct people *people, struct views views, struct bytes number,
                                uint64_t *member);
/* Puts ID_NUMBER_TAKEN into the verdict if the command gives a member the number of another one,
 * and nothing that goes before it is wrong. */
void people_rows_check(struct group *group, const struct command *command, struct verdict *verdict);
/* The index follows: call it before the member's PERSON row is put or deleted. An empty number: the
 * member will have none. LB_OK, MEMORY. */
LB_MUST_CHECK enum lb_result people_rows_set_id_number(struct group *group, uint64_t member,
                                                       struct bytes number);
/* A KEY_ROTATE that is done makes its key, before its entry can be durable: a crash between the two
 * leaves a key more, to which rows are then sealed as if it had been asked for. Over a shared store
 * that one is taken, if no row is under it yet. As people_rotate, and KEY_OUTDATED. */
LB_MUST_CHECK enum lb_result people_rows_rotate(struct group *group, const struct entry *entry);

/* Seals a row again if it is of an older epoch; its index row follows. *is_resealed. LB_OK (also
 * when the row is gone), STORAGE_CORRUPT (it does not open), MEMORY, INTERNAL. */
LB_MUST_CHECK enum lb_result people_rows_reseal(struct group *group,
                                                const struct people_table *table, uint64_t owner,
                                                bool *is_resealed);

#endif
