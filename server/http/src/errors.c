/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Errors in the words of the Connect protocol. Pure.
 */
#include "errors.h"

#include "base/result_sentence.h"

#include <lovebank/v1/results.pb-c.h>
#include <string.h>

struct code_row {
    const char *name;
    int status;
};

static const struct code_row code_rows[] = {
    [HTTP_CODE_UNKNOWN] = {"unknown", 500},
    [HTTP_CODE_INVALID_ARGUMENT] = {"invalid_argument", 400},
    [HTTP_CODE_DEADLINE_EXCEEDED] = {"deadline_exceeded", 504},
    [HTTP_CODE_NOT_FOUND] = {"not_found", 404},
    [HTTP_CODE_ALREADY_EXISTS] = {"already_exists", 409},
    [HTTP_CODE_PERMISSION_DENIED] = {"permission_denied", 403},
    [HTTP_CODE_RESOURCE_EXHAUSTED] = {"resource_exhausted", 429},
    [HTTP_CODE_FAILED_PRECONDITION] = {"failed_precondition", 400},
    [HTTP_CODE_ABORTED] = {"aborted", 409},
    [HTTP_CODE_UNIMPLEMENTED] = {"unimplemented", 501},
    [HTTP_CODE_INTERNAL] = {"internal", 500},
    [HTTP_CODE_UNAVAILABLE] = {"unavailable", 503},
    [HTTP_CODE_DATA_LOSS] = {"data_loss", 500},
    [HTTP_CODE_UNAUTHENTICATED] = {"unauthenticated", 401},
};

const char *http_code_name(enum http_code code)
{
    return code_rows[code].name;
}

int http_code_status(enum http_code code)
{
    return code_rows[code].status;
}

/* Those that a client may mend by trying again are told apart from those it may not; what is
 * refused inside an answer comes with status 200 and is not translated. */
/* NOLINTNEXTLINE(readability-function-size): a table */
static enum http_code code_of(enum lb_result result)
{
    switch (result) {
    case LB_OK:
        return HTTP_CODE_UNKNOWN;
    case LB_MALFORMED:
    case LB_TEXT_TOO_LONG:
    case LB_TEXT_INVALID:
    case LB_FIELD_MISSING:
    case LB_FIELD_INVALID:
    case LB_LINES_TOO_MANY:
    case LB_PASSWORD_WEAK:
    case LB_CARD_CHECK_DIGIT:
    case LB_MINUTES_INVALID:
    case LB_DATE_INVALID:
    case LB_QUANTITY_INVALID:
    case LB_DATE_IN_FUTURE:
    case LB_ID_NUMBER_INVALID:
    case LB_POINTS_ENDED:
        return HTTP_CODE_INVALID_ARGUMENT;
    case LB_FRAME_TOO_LARGE:
    case LB_BATCH_TOO_LARGE:
    case LB_ROWS_TOO_MANY:
    case LB_LOGIN_DELAYED:
    case LB_MEMORY:
        return HTTP_CODE_RESOURCE_EXHAUSTED;
    case LB_METHOD_UNKNOWN:
        return HTTP_CODE_UNIMPLEMENTED;
    case LB_VERSION_MISMATCH:
    case LB_PASSWORD_NEEDED:
    case LB_ORG_CYCLE:
    case LB_ORG_CLOSED:
    case LB_WRONG_ITEM_KIND:
    case LB_NOT_AN_ASK:
    case LB_NOT_REVERSIBLE:
    case LB_NOT_A_PROPOSAL:
    case LB_LAST_ADMINISTRATOR:
    case LB_BEFORE_JOINED:
    case LB_MEMBER_CLOSED:
    case LB_MEMBER_BLOCKED:
    case LB_CARD_BLOCKED:
    case LB_CARD_ASSIGNED:
    case LB_MEMBER_HAS_CARD:
    case LB_MEMBER_HAS_BALANCE:
    case LB_STATUS_UNCHANGED:
    case LB_MEMBER_NOT_CLOSED:
    case LB_MEMBER_ERASED:
    case LB_OVERLAP:
    case LB_OVER_DAY:
    case LB_IN_DEBT:
    case LB_POINTS_INSUFFICIENT:
    case LB_STOCK_INSUFFICIENT:
    case LB_ASK_CLOSED:
    case LB_BEFORE_ASKED:
    case LB_GIVER_IS_ASKER:
    case LB_ALREADY_REVERSED:
    case LB_POINTS_HELD:
    case LB_GOODS_GONE:
    case LB_BATCH_FAILED:
    case LB_AMOUNT_OVERFLOW:
    case LB_PROPOSAL_DECIDED:
    case LB_PROPOSAL_EXPIRED:
    case LB_PROPOSAL_REFUSED:
    case LB_SECOND_PERSON:
    case LB_WAITING:
    case LB_DIRECTORY_UNUSABLE:
    case LB_KEY_UNWRITABLE:
    case LB_BACKUP_ELSEWHERE:
        return HTTP_CODE_FAILED_PRECONDITION;
    case LB_UNAUTHORISED:
    case LB_PRINCIPAL_LOCKED:
    case LB_OUT_OF_SCOPE:
        return HTTP_CODE_PERMISSION_DENIED;
    case LB_LOGIN_REQUIRED:
    case LB_SESSION_EXPIRED:
    case LB_LOGIN_WRONG:
        return HTTP_CODE_UNAUTHENTICATED;
    case LB_ID_REUSED:
    case LB_ALREADY_EXISTS:
    case LB_LOGIN_TAKEN:
    case LB_ID_NUMBER_TAKEN:
    case LB_DIRECTORY_EXISTS:
        return HTTP_CODE_ALREADY_EXISTS;
    case LB_ORG_UNKNOWN:
    case LB_MEMBER_UNKNOWN:
    case LB_CARD_UNKNOWN:
    case LB_CLASS_UNKNOWN:
    case LB_CATEGORY_UNKNOWN:
    case LB_ITEM_UNKNOWN:
    case LB_COUNTER_UNKNOWN:
    case LB_ACTIVITY_UNKNOWN:
    case LB_ENTRY_UNKNOWN:
    case LB_REQUEST_UNKNOWN:
    case LB_TARIFF_UNKNOWN:
    case LB_PRICE_UNKNOWN:
    case LB_IMPORT_UNKNOWN:
    case LB_PRINCIPAL_UNKNOWN:
        return HTTP_CODE_NOT_FOUND;
    case LB_TRY_LATER:
    case LB_STORAGE_FULL:
    case LB_SHUTTING_DOWN:
    case LB_UNREACHABLE:
    case LB_TLS_FAILED:
    case LB_BACKUP_RUNNING:
    case LB_BACKUP_NO_SPACE:
    case LB_STORE_UNREACHABLE:
    case LB_KEY_OUTDATED:
    case LB_STATE_BEHIND:
        return HTTP_CODE_UNAVAILABLE;
    case LB_STORAGE_CONFLICT:
        return HTTP_CODE_ABORTED;
    case LB_DEADLINE:
        return HTTP_CODE_DEADLINE_EXCEEDED;
    case LB_STORAGE_FAULT:
    case LB_FORMAT_NEWER:
    case LB_DIRECTORY_LOCKED:
    case LB_DIRECTORY_NETWORK:
    case LB_CONFIG_INVALID:
    case LB_KEY_MISSING:
    case LB_BACKUP_FAILED:
    case LB_STORE_UNSAFE:
    case LB_INTERNAL:
        return HTTP_CODE_INTERNAL;
    case LB_STORAGE_CORRUPT:
    case LB_BACKUP_DAMAGED:
        return HTTP_CODE_DATA_LOSS;
    }
    return HTTP_CODE_UNKNOWN; /* from a list newer than this one */
}

enum http_code http_code_of_result(uint32_t result)
{
    return code_of((enum lb_result)result);
}

struct http_error http_error_of(enum lb_result result)
{
    return (struct http_error){.code = code_of(result), .result = (uint32_t)result};
}

struct http_error http_error_of_frame(struct bytes payload)
{
    struct lb_frame_error frame = {.result = LB_INTERNAL};
    if (lb_frame_error_decode(payload.data, payload.size, &frame) != LB_OK) {
        return http_error_of(LB_INTERNAL);
    }
    struct http_error error = {
        .code = http_code_of_result(frame.result),
        .result = frame.result,
        .number_count = frame.number_count,
    };
    for (uint32_t i = 0; i < frame.number_count; i++) {
        error.numbers[i] = (int64_t)frame.numbers[i];
    }
    return error;
}

int http_error_status(const struct http_error *error)
{
    return error->status != 0 ? error->status : http_code_status(error->code);
}

/* Its {s} does not come with a failure as a whole. */
static void error_sentence(const struct http_error *error, bool is_chinese, char *text, size_t room)
{
    const char *own = is_chinese ? error->zh : error->en;
    const int result = error->result > INT32_MAX ? -1 : (int)error->result;
    if (own == NULL &&
        !result_sentence_format(text, room, is_chinese, result, error->numbers, "")) {
        own = is_chinese ? "服务器给出了不认识的结果" : "an unknown result";
    }
    if (own != NULL) {
        struct http_text out = http_text_of(text, room - 1);
        http_text_add(&out, own);
        text[out.size] = '\0';
    }
}

/* What programs read of it, as a packed message and once more as JSON for people. */
static void error_print_detail(const struct http_error *error, char *zh, char *en,
                               struct http_text *out)
{
    Lovebank__V1__ErrorDetail detail;
    uint8_t packed[HTTP_ERROR_BYTES_MAX / 4];
    char name[64];
    int64_t numbers[LB_FRAME_ERROR_NUMBERS_MAX];
    const char *known = error->result > INT32_MAX ? NULL : lb_result_name((int)error->result);
    struct http_text name_text = http_text_of(name, sizeof(name) - 1);

    http_text_add(&name_text, known == NULL ? "unknown" : known);
    name[name_text.size] = '\0';
    memcpy(numbers, error->numbers, sizeof(numbers));
    lovebank__v1__error_detail__init(&detail);
    detail.code = error->result;
    detail.name = name;
    detail.n_numbers = error->number_count;
    detail.numbers = numbers;
    detail.zh = zh;
    detail.en = en;
    if (lovebank__v1__error_detail__get_packed_size(&detail) > sizeof(packed)) {
        return;
    }
    const size_t size = lovebank__v1__error_detail__pack(&detail, packed);

    http_text_add(out, ",\"details\":[{\"type\":\"lovebank.v1.ErrorDetail\",\"value\":\"");
    http_text_add_base64(out, bytes_of(packed, size));
    http_text_add(out, "\",\"debug\":{\"code\":");
    http_text_add_u64(out, error->result);
    http_text_add(out, ",\"name\":");
    http_text_add_json(out, http_text_bytes(&name_text));
    http_text_add(out, ",\"numbers\":[");
    for (uint32_t i = 0; i < error->number_count; i++) {
        http_text_add(out, i == 0 ? "\"" : ",\"");
        http_text_add_i64(out, error->numbers[i]);
        http_text_add(out, "\"");
    }
    http_text_add(out, "],\"zh\":");
    http_text_add_json(out, bytes_of_text(zh));
    http_text_add(out, ",\"en\":");
    http_text_add_json(out, bytes_of_text(en));
    http_text_add(out, "}}]");
}

void http_error_print(const struct http_error *error, struct http_text *out)
{
    char zh[400];
    char en[400];
    char both[sizeof(zh) + sizeof(en) + 4];
    struct http_text message = http_text_of(both, sizeof(both));

    error_sentence(error, true, zh, sizeof(zh));
    error_sentence(error, false, en, sizeof(en));
    http_text_add(&message, zh);
    http_text_add(&message, " / ");
    http_text_add(&message, en);
    http_text_add(out, "{\"code\":\"");
    http_text_add(out, http_code_name(error->code));
    http_text_add(out, "\",\"message\":");
    http_text_add_json(out, http_text_bytes(&message));
    if (error->result != 0) {
        error_print_detail(error, zh, en, out);
    }
    http_text_add(out, "}");
}
