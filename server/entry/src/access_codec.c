/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts about who may do what, and about personal data: operators, devices, roles, policy,
 * proposals, revealing, erasing, consent, keys. One arena per thread.
 */
#include "act_codec.h"

_Static_assert((int)PRINCIPAL_CLOSED == (int)LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_CLOSED,
               "stored number");
_Static_assert((int)ROLE_DISTRICT == (int)LOVEBANK__V1__ROLE__ROLE_DISTRICT, "stored number");
_Static_assert((int)CREDENTIAL_PASSWORD ==
                   (int)LOVEBANK__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_PASSWORD,
               "stored number");

void act_credential_from_pb(const Lovebank__V1__Credential *from, struct credential *to,
                            struct verdict *verdict)
{
    *to = (struct credential){.kind = CREDENTIAL_NONE};
    if (from == NULL) {
        return;
    }
    to->kind = (enum credential_kind)field_enum(verdict, "credential.kind", (int)from->kind,
                                                CREDENTIAL_PASSWORD);
    to->verifier = bytes_of(from->verifier.data, from->verifier.len);
    to->expires_ms = from->expires_ms;
}

void entry_credential_to_pb(const struct credential *from, Lovebank__V1__Credential *to)
{
    lovebank__v1__credential__init(to);
    to->kind = (Lovebank__V1__CredentialKind)from->kind;
    to->verifier = field_bytes_to_pb(from->verifier.data, from->verifier.size);
    to->expires_ms = from->expires_ms;
}

/* NULL when there is none. */
static Lovebank__V1__Credential *credential_to_pb(const struct credential *from,
                                                  struct entry_command_message *to)
{
    if (from->kind == CREDENTIAL_NONE) {
        return NULL;
    }
    entry_credential_to_pb(from, &to->credential);
    return &to->credential;
}

void act_operator_open_from_pb(const Lovebank__V1__Command *from, struct command *to,
                               struct verdict *verdict)
{
    const Lovebank__V1__OperatorOpen *act = from->operator_open;
    to->act.operator_open = (struct act_operator_open){
        .login = entry_text_from_pb(act->login),
        .member = act->member,
    };
    act_credential_from_pb(act->credential, &to->act.operator_open.credential, verdict);
}

void act_operator_open_to_pb(const struct command *from, struct arena *arena,
                             struct entry_command_message *to)
{
    const struct act_operator_open *act = &from->act.operator_open;
    Lovebank__V1__OperatorOpen *message = to->command.operator_open = &to->act.operator_open;
    lovebank__v1__operator_open__init(message);
    message->login = entry_text_to_pb(arena, act->login);
    message->member = act->member;
    message->credential = credential_to_pb(&act->credential, to);
}

void act_device_open_from_pb(const Lovebank__V1__Command *from, struct command *to,
                             struct verdict *verdict)
{
    const Lovebank__V1__DeviceOpen *message = from->device_open;
    struct act_device_open *act = &to->act.device_open;
    *act = (struct act_device_open){
        .name = entry_text_from_pb(message->name),
        .org = message->org,
        .counter = message->counter,
    };
    if (message->token_hash.len == sizeof(act->token_hash)) {
        memcpy(act->token_hash, message->token_hash.data, sizeof(act->token_hash));
    } else if (message->token_hash.len > 0) {
        field_refuse(verdict, (struct verdict){LB_FIELD_INVALID, (int64_t)message->token_hash.len,
                                               LB_HASH_BYTES, LB_HASH_BYTES, "token_hash"});
    }
}

void act_device_open_to_pb(const struct command *from, struct arena *arena,
                           struct entry_command_message *to)
{
    const struct act_device_open *act = &from->act.device_open;
    Lovebank__V1__DeviceOpen *message = to->command.device_open = &to->act.device_open;
    lovebank__v1__device_open__init(message);
    message->name = entry_text_to_pb(arena, act->name);
    message->org = act->org;
    message->counter = act->counter;
    message->token_hash = field_bytes_to_pb(act->token_hash, sizeof(act->token_hash));
}

void act_principal_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                               struct verdict *verdict)
{
    const Lovebank__V1__PrincipalSet *act = from->principal_set;
    to->act.principal_set = (struct act_principal_set){
        .principal = act->principal,
        .state =
            (enum principal_state)field_enum(verdict, "state", (int)act->state, PRINCIPAL_CLOSED),
        .member = act->member,
    };
}

void act_principal_set_to_pb(const struct command *from, struct arena *arena,
                             struct entry_command_message *to)
{
    (void)arena;
    const struct act_principal_set *act = &from->act.principal_set;
    Lovebank__V1__PrincipalSet *message = to->command.principal_set = &to->act.principal_set;
    lovebank__v1__principal_set__init(message);
    message->principal = act->principal;
    message->state = (Lovebank__V1__PrincipalState)act->state;
    message->member = act->member;
}

void act_credential_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                struct verdict *verdict)
{
    const Lovebank__V1__CredentialSet *act = from->credential_set;
    to->act.credential_set = (struct act_credential_set){.principal = act->principal};
    act_credential_from_pb(act->credential, &to->act.credential_set.credential, verdict);
}

void act_credential_set_to_pb(const struct command *from, struct arena *arena,
                              struct entry_command_message *to)
{
    (void)arena;
    const struct act_credential_set *act = &from->act.credential_set;
    Lovebank__V1__CredentialSet *message = to->command.credential_set = &to->act.credential_set;
    lovebank__v1__credential_set__init(message);
    message->principal = act->principal;
    message->credential = credential_to_pb(&act->credential, to);
}

void act_role_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                          struct verdict *verdict)
{
    const Lovebank__V1__RoleSet *message = from->role_set;
    struct act_role_set *act = &to->act.role_set;
    *act = (struct act_role_set){.principal = message->principal};
    if (message->n_roles > LB_PRINCIPAL_ROLES_MAX) {
        field_refuse(verdict, (struct verdict){LB_LINES_TOO_MANY, (int64_t)message->n_roles,
                                               LB_PRINCIPAL_ROLES_MAX, 0, "roles"});
        return;
    }
    act->roles.count = message->n_roles;
    for (size_t i = 0; i < act->roles.count; i++) {
        const Lovebank__V1__RoleInOrg *role = message->roles[i];
        act->roles.items[i] = (struct role_in_org){
            .role = (enum role)field_enum(verdict, "roles.role", (int)role->role, ROLE_DISTRICT),
            .org = role->org,
        };
    }
}

void act_role_set_to_pb(const struct command *from, struct arena *arena,
                        struct entry_command_message *to)
{
    (void)arena;
    const struct act_role_set *act = &from->act.role_set;
    Lovebank__V1__RoleSet *message = to->command.role_set = &to->act.role_set;
    lovebank__v1__role_set__init(message);
    message->principal = act->principal;
    message->n_roles = act->roles.count;
    message->roles = to->line_pointers.roles;
    for (size_t i = 0; i < act->roles.count; i++) {
        Lovebank__V1__RoleInOrg *role = message->roles[i] = &to->lines.roles[i];
        lovebank__v1__role_in_org__init(role);
        role->role = (Lovebank__V1__Role)act->roles.items[i].role;
        role->org = act->roles.items[i].org;
    }
}

void act_policy_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                            struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__PolicySet *act = from->policy_set;
    to->act.policy_set = (struct act_policy_set){
        .service_minutes = act->service_minutes,
        .points_centi = act->points_centi,
        .back_days = act->back_days,
        .import_rows = act->import_rows,
        .reversals = act->reversals,
        .undo_minutes = act->undo_minutes,
        .proposal_days = act->proposal_days,
        .opening_balances = act->opening_balances,
    };
}

void act_policy_set_to_pb(const struct command *from, struct arena *arena,
                          struct entry_command_message *to)
{
    (void)arena;
    const struct act_policy_set *act = &from->act.policy_set;
    Lovebank__V1__PolicySet *message = to->command.policy_set = &to->act.policy_set;
    lovebank__v1__policy_set__init(message);
    message->service_minutes = act->service_minutes;
    message->points_centi = act->points_centi;
    message->back_days = act->back_days;
    message->import_rows = act->import_rows;
    message->reversals = act->reversals;
    message->undo_minutes = act->undo_minutes;
    message->proposal_days = act->proposal_days;
    message->opening_balances = act->opening_balances;
}

void act_proposal_decide_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                 struct verdict *verdict)
{
    const Lovebank__V1__ProposalDecide *act = from->proposal_decide;
    field_refuse(verdict,
                 entry_ref_from_pb(act->proposal, "proposal", &to->act.proposal_decide.proposal));
    to->act.proposal_decide.confirm = act->confirm;
}

void act_proposal_decide_to_pb(const struct command *from, struct arena *arena,
                               struct entry_command_message *to)
{
    (void)arena;
    const struct act_proposal_decide *act = &from->act.proposal_decide;
    Lovebank__V1__ProposalDecide *message = to->command.proposal_decide = &to->act.proposal_decide;
    lovebank__v1__proposal_decide__init(message);
    message->proposal = entry_ref_to_pb(&act->proposal, to);
    message->confirm = act->confirm;
}

void act_reveal_from_pb(const Lovebank__V1__Command *from, struct command *to,
                        struct verdict *verdict)
{
    (void)verdict;
    to->act.reveal = from->reveal->member;
}

void act_reveal_to_pb(const struct command *from, struct arena *arena,
                      struct entry_command_message *to)
{
    (void)arena;
    Lovebank__V1__Reveal *message = to->command.reveal = &to->act.reveal;
    lovebank__v1__reveal__init(message);
    message->member = from->act.reveal;
}

void act_member_erase_from_pb(const Lovebank__V1__Command *from, struct command *to,
                              struct verdict *verdict)
{
    (void)verdict;
    to->act.member_erase = from->member_erase->member;
}

void act_member_erase_to_pb(const struct command *from, struct arena *arena,
                            struct entry_command_message *to)
{
    (void)arena;
    Lovebank__V1__MemberErase *message = to->command.member_erase = &to->act.member_erase;
    lovebank__v1__member_erase__init(message);
    message->member = from->act.member_erase;
}

void act_consent_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                             struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__ConsentSet *act = from->consent_set;
    to->act.consent_set = (struct act_consent_set){
        .member = act->member,
        .publish_name = act->publish_name,
        .contact = act->contact,
    };
}

void act_consent_set_to_pb(const struct command *from, struct arena *arena,
                           struct entry_command_message *to)
{
    (void)arena;
    const struct act_consent_set *act = &from->act.consent_set;
    Lovebank__V1__ConsentSet *message = to->command.consent_set = &to->act.consent_set;
    lovebank__v1__consent_set__init(message);
    message->member = act->member;
    message->publish_name = act->publish_name;
    message->contact = act->contact;
}

void act_key_rotate_from_pb(const Lovebank__V1__Command *from, struct command *to,
                            struct verdict *verdict)
{
    (void)from;
    (void)to;
    (void)verdict;
}

void act_key_rotate_to_pb(const struct command *from, struct arena *arena,
                          struct entry_command_message *to)
{
    (void)from;
    (void)arena;
    Lovebank__V1__KeyRotate *message = to->command.key_rotate = &to->act.key_rotate;
    lovebank__v1__key_rotate__init(message);
}
