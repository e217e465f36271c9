/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of acts on operators, devices, credentials and roles. Pure.
 */
#include "check.h"

static bool is_login_char(uint8_t c, bool is_first)
{
    bool is_letter = c >= 'a' && c <= 'z';
    bool is_other = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    return is_letter || (is_other && !is_first);
}

static void check_login(struct check *check, struct bytes login)
{
    const uint8_t *text = login.data;
    check_text(check, "login", login, LB_LOGIN_BYTES_MAX);
    if (login.size == 0) {
        check_complain_missing(check, "login");
    } else {
        check_range(check, "login", (int64_t)login.size, LB_LOGIN_BYTES_MIN, LB_LOGIN_BYTES_MAX);
    }
    for (size_t i = 0; i < login.size && i < LB_LOGIN_BYTES_MAX; i++) {
        if (!is_login_char(text[i], i == 0)) {
            check_complain(check, (struct verdict){.code = LB_TEXT_INVALID, .text = "login"});
        }
    }
}

static void check_credential(struct check *check, const struct credential *credential)
{
    bool is_code = credential->kind == CREDENTIAL_ONE_TIME;
    check_range(check, "credential.verifier", (int64_t)credential->verifier.size,
                is_code ? LB_HASH_BYTES : 1, is_code ? LB_HASH_BYTES : LB_VERIFIER_BYTES_MAX);
    if (is_code) {
        check_range(check, "credential.expires_ms", credential->expires_ms, 1, INT64_MAX);
    }
}

static void check_device_open(struct check *check, const struct act_device_open *act)
{
    static const uint8_t zero[LB_HASH_BYTES];
    check_name(check, "name", act->name);
    check_number(check, "org", act->org, LB_ORG_MAX);
    check_optional(check, "counter", act->counter, LB_CODE_MAX);
    if (memcmp(act->token_hash, zero, sizeof(zero)) == 0) {
        check_complain_missing(check, "token_hash");
    }
}

static void check_principal_set(struct check *check, const struct act_principal_set *act)
{
    check_number(check, "principal", act->principal, LB_PRINCIPAL_MAX);
    check_optional(check, "member", act->member, LB_MEMBER_MAX);
    check_range(check, "state", (int64_t)act->state, PRINCIPAL_UNSPECIFIED, PRINCIPAL_CLOSED);
    if (act->state == PRINCIPAL_UNSPECIFIED && act->member == 0) {
        check_complain_missing(check, "state, member");
    }
}

static void check_role_is_new(struct check *check, const struct roles *roles, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (roles->items[i].role == roles->items[index].role &&
            roles->items[i].org == roles->items[index].org) {
            check_complain(check, (struct verdict){.code = LB_FIELD_INVALID,
                                                   .a = (int64_t)roles->items[index].role,
                                                   .b = ROLE_VIEWER,
                                                   .c = ROLE_DISTRICT,
                                                   .text = "roles.role"});
        }
    }
}

static void check_role_set(struct check *check, const struct act_role_set *act)
{
    check_number(check, "principal", act->principal, LB_PRINCIPAL_MAX);
    for (size_t i = 0; i < act->roles.count; i++) {
        const struct role_in_org *role = &act->roles.items[i];
        check_range(check, "roles.role", (int64_t)role->role, ROLE_VIEWER, ROLE_DISTRICT);
        check_optional(check, "roles.org", role->org, LB_ORG_MAX);
        check_role_is_new(check, &act->roles, i);
    }
}

void check_access(struct check *check, const struct command *command)
{
    const struct credential *credential = bank_command_credential(command);
    if (command->kind == ACT_OPERATOR_OPEN) {
        check_login(check, command->act.operator_open.login);
        check_optional(check, "member", command->act.operator_open.member, LB_MEMBER_MAX);
    } else if (command->kind == ACT_DEVICE_OPEN) {
        check_device_open(check, &command->act.device_open);
    } else if (command->kind == ACT_PRINCIPAL_SET) {
        check_principal_set(check, &command->act.principal_set);
    } else if (command->kind == ACT_ROLE_SET) {
        check_role_set(check, &command->act.role_set);
    } else {
        check_number(check, "principal", command->act.credential_set.principal, LB_PRINCIPAL_MAX);
        if (credential == NULL) {
            check_complain_missing(check, "credential");
        }
    }
    if (credential != NULL) {
        check_credential(check, credential);
    }
}
