/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Look-ups in the result list. The list has some eighty rows and is asked once per answer, so a
 * walk is quick enough. Not the formatter of the sentences: that is in base.
 * Pure data; safe from any thread.
 */
#include "lovebank/result.h"

#include <stdint.h>

struct result_row {
    int number;
    enum lb_result_class class;
    bool is_recorded;
    const char *name;
    const char *zh;
    const char *en;
};

static const struct result_row result_rows[] = {
#define X(symbol, number, name, class, recorded, zh, en) \
    {(number), LB_CLASS_##class, (recorded) == 1, (name), (zh), (en)},
    LB_RESULT_LIST(X)
#undef X
};

#define RESULT_COUNT (sizeof(result_rows) / sizeof(result_rows[0]))

enum result_index {
#define X(symbol, number, name, class, recorded, zh, en) RESULT_##symbol,
    LB_RESULT_LIST(X)
#undef X
};

/* The results that carry numbers; the others carry none. A test holds this against the texts. */
static const char result_kinds[RESULT_COUNT][4] = {
    [RESULT_FRAME_TOO_LARGE] = "nn-",
    [RESULT_METHOD_UNKNOWN] = "n--",
    [RESULT_VERSION_MISMATCH] = "nn-",
    [RESULT_BATCH_TOO_LARGE] = "nn-",
    [RESULT_TEXT_TOO_LONG] = "nn-",
    [RESULT_FIELD_INVALID] = "nnn",
    [RESULT_LINES_TOO_MANY] = "nn-",
    [RESULT_ROWS_TOO_MANY] = "n--",
    [RESULT_PRINCIPAL_LOCKED] = "n--",
    [RESULT_LOGIN_DELAYED] = "n--",
    [RESULT_PASSWORD_WEAK] = "nn-",
    [RESULT_OUT_OF_SCOPE] = "n--",
    [RESULT_ID_REUSED] = "n--",
    [RESULT_CARD_CHECK_DIGIT] = "c--",
    [RESULT_MINUTES_INVALID] = "nn-",
    [RESULT_DATE_IN_FUTURE] = "dd-",
    [RESULT_QUANTITY_INVALID] = "nn-",
    [RESULT_POINTS_ENDED] = "dd-",
    [RESULT_ORG_UNKNOWN] = "n--",
    [RESULT_MEMBER_UNKNOWN] = "m--",
    [RESULT_CARD_UNKNOWN] = "c--",
    [RESULT_CLASS_UNKNOWN] = "n--",
    [RESULT_CATEGORY_UNKNOWN] = "n--",
    [RESULT_ITEM_UNKNOWN] = "n--",
    [RESULT_COUNTER_UNKNOWN] = "n--",
    [RESULT_ACTIVITY_UNKNOWN] = "n--",
    [RESULT_IMPORT_UNKNOWN] = "n--",
    [RESULT_ENTRY_UNKNOWN] = "n--",
    [RESULT_TARIFF_UNKNOWN] = "nd-",
    [RESULT_PRICE_UNKNOWN] = "nd-",
    [RESULT_PRINCIPAL_UNKNOWN] = "n--",
    [RESULT_ALREADY_EXISTS] = "n--",
    [RESULT_ORG_CYCLE] = "nn-",
    [RESULT_ORG_CLOSED] = "nd-",
    [RESULT_WRONG_ITEM_KIND] = "n--",
    [RESULT_NOT_AN_ASK] = "n--",
    [RESULT_NOT_REVERSIBLE] = "n--",
    [RESULT_NOT_A_PROPOSAL] = "n--",
    [RESULT_LOGIN_TAKEN] = "n--",
    [RESULT_LAST_ADMINISTRATOR] = "n--",
    [RESULT_ID_NUMBER_TAKEN] = "m--",
    [RESULT_BEFORE_JOINED] = "dd-",
    [RESULT_MEMBER_CLOSED] = "md-",
    [RESULT_MEMBER_BLOCKED] = "m--",
    [RESULT_CARD_BLOCKED] = "c--",
    [RESULT_CARD_ASSIGNED] = "cm-",
    [RESULT_MEMBER_HAS_CARD] = "mc-",
    [RESULT_MEMBER_HAS_BALANCE] = "mpp",
    [RESULT_STATUS_UNCHANGED] = "n--",
    [RESULT_MEMBER_NOT_CLOSED] = "m--",
    [RESULT_MEMBER_ERASED] = "m--",
    [RESULT_PROPOSAL_DECIDED] = "nn-",
    [RESULT_PROPOSAL_EXPIRED] = "nd-",
    [RESULT_PROPOSAL_REFUSED] = "n--",
    [RESULT_SECOND_PERSON] = "n--",
    [RESULT_WAITING] = "d--",
    [RESULT_OVERLAP] = "ntn",
    [RESULT_OVER_DAY] = "nnn",
    [RESULT_IN_DEBT] = "p--",
    [RESULT_POINTS_INSUFFICIENT] = "ppp",
    [RESULT_STOCK_INSUFFICIENT] = "nnn",
    [RESULT_ASK_CLOSED] = "nn-",
    [RESULT_BEFORE_ASKED] = "dd-",
    [RESULT_GIVER_IS_ASKER] = "m--",
    [RESULT_ALREADY_REVERSED] = "nn-",
    [RESULT_POINTS_HELD] = "pp-",
    [RESULT_GOODS_GONE] = "nnn",
    [RESULT_BATCH_FAILED] = "n--",
    [RESULT_DEADLINE] = "n--",
    [RESULT_FORMAT_NEWER] = "nn-",
    [RESULT_BACKUP_NO_SPACE] = "nn-",
    [RESULT_STATE_BEHIND] = "nn-",
};

size_t lb_result_precedence(int number)
{
    for (size_t i = 0; i < RESULT_COUNT; i++) {
        if (result_rows[i].number == number) {
            return i;
        }
    }
    return SIZE_MAX;
}

static const struct result_row *result_find(int number)
{
    size_t index = lb_result_precedence(number);
    return index == SIZE_MAX ? NULL : &result_rows[index];
}

const char *lb_result_name(int number)
{
    const struct result_row *row = result_find(number);
    return row == NULL ? NULL : row->name;
}

const char *lb_result_text(int number, bool chinese)
{
    const struct result_row *row = result_find(number);
    if (row == NULL) {
        return NULL;
    }
    return chinese ? row->zh : row->en;
}

enum lb_result_class lb_result_class(int number)
{
    const struct result_row *row = result_find(number);
    return row == NULL ? LB_CLASS_BUG : row->class;
}

bool lb_result_is_recorded(int number)
{
    const struct result_row *row = result_find(number);
    return row != NULL && row->is_recorded;
}

const char *lb_result_number_kinds(int number)
{
    size_t index = lb_result_precedence(number);
    if (index == SIZE_MAX) {
        return "nnn";
    }
    return result_kinds[index][0] == '\0' ? "---" : result_kinds[index];
}
