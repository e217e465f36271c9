/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows that register somebody without giving a number or a card. Only the name tells such people
 * apart, and a name must not be in an id, which stays in the ledger for ever: so what keeps a list
 * from being entered twice is that the org has a member of that name already. One thread.
 */
#include "import.h"

#include "registry.h"

#include "text/text.h"

#include <inttypes.h>

bool import_is_newcomer(const struct import *import, const struct import_row *row)
{
    return import->form->registers_members && import_value(import, row, "member")[0] == '\0' &&
           import_value(import, row, "card")[0] == '\0';
}

static void newcomer_refuse(struct import *import, struct import_row *row, struct cli_text reason)
{
    row->complaint = (struct complaint){.is_set = true,
                                        .result = LB_ALREADY_EXISTS,
                                        .column = "name",
                                        .value = import_value(import, row, "name"),
                                        .reason = reason};
}

/* The row of this import that registers the same name in the same org; SIZE_MAX: none so far. */
static size_t newcomer_twin(struct import *import, size_t i, const char *name, uint64_t org)
{
    struct cli *cli = import->cli;
    struct bytes folded;
    uint64_t twin = SIZE_MAX;
    if (!text_fold(&cli->arena, bytes_of_text(name), &folded)) {
        folded = bytes_of_text(name);
    }
    const char *key =
        cli_format(cli, "%" PRIu64 ":%.*s", org, (int)folded.size, (const char *)folded.data);
    if (!lookup_get(&import->newcomers, bytes_of_text(key), &twin)) {
        lookup_put(cli, &import->newcomers, bytes_of_text(key), i);
    }
    return (size_t)twin;
}

/* All of them left, or an import that registered them was undone. */
static bool newcomers_are_closed(const Lovebank__V1__MemberFindResponse *found)
{
    for (size_t i = 0; i < found->n_members; i++) {
        if (found->members[i]->status != LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_CLOSED) {
            return false;
        }
    }
    return true;
}

void import_check_newcomer(struct import *import, size_t i, const char *name, uint64_t org)
{
    struct cli *cli = import->cli;
    struct import_row *row = &import->rows[i];
    const Lovebank__V1__MemberFindResponse *found = people_find(import->people, name, org);
    const size_t twin = newcomer_twin(import, i, name, org);
    if (found != NULL && found->n_members > 0 && newcomers_are_closed(found)) {
        const char *list = form_candidates(cli, found);
        newcomer_refuse(
            import, row,
            (struct cli_text){
                cli_format(cli, "登记过同名的人，已经注销：%s。要重新登记，请写上新的编号或卡号",
                           list),
                cli_format(cli,
                           "registered before and closed since: %s; to register them anew, give a "
                           "new number or card",
                           list)});
    } else if (found != NULL && found->n_members > 0) {
        const char *list = form_candidates(cli, found);
        newcomer_refuse(
            import, row,
            (struct cli_text){
                cli_format(cli,
                           "已登记过同名的人：%"
                           "s。若是同一个人，不必再登记；若是另一个人，请写上编号或卡号",
                           list),
                cli_format(cli,
                           "registered already: %s; nothing is left to do, or, for somebody else, "
                           "give a number or card",
                           list)});
    } else if (twin != SIZE_MAX) {
        const struct import_row *first = &import->rows[twin];
        newcomer_refuse(
            import, row,
            (struct cli_text){
                cli_format(cli, "%s 第 %zu 行是同一组织里同名的人。若是另一个人，请写上编号或卡号",
                           import_path(import, first), import_line(import, first)),
                cli_format(cli,
                           "%s:%zu has that name in the same org; for somebody else, give a number "
                           "or card",
                           import_path(import, first), import_line(import, first))});
    }
}
