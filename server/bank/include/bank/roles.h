/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who may do what, and where: the one table of roles and rights, for acts and for reads alike. A
 * right is had within a scope: an org and all below it on the day that the act or the read is
 * about; org 0 is the whole book. Roles are those in force today. Pure.
 */
#ifndef BANK_ROLES_H
#define BANK_ROLES_H

#include "bank/bank.h"

/* Rights to acts have the number of their act_kind; rights to reads follow. Not stored. */
enum right {
    RIGHT_NONE = 0,            /* needs no log-in: hello, log-in, status */
    RIGHT_READ_REGISTRY = 100, /* orgs, catalogue, stock: whole lists, that need no scope */
    RIGHT_READ_MEMBER,         /* a member, masked; its history */
    RIGHT_READ_PERSON,         /* the person in full, under a Reveal */
    RIGHT_READ_ENTRY,          /* any entry with its proof; a counter's or import's history */
    RIGHT_READ_BOARD,          /* star boards, totals, breakdowns */
    RIGHT_READ_PRINCIPALS,
    RIGHT_READ_PROPOSALS,
    RIGHT_VERIFY,
    RIGHT_BACKUP,
};

/* What an actor has of one right: the orgs it has it over. Filled in by the functions below. */
struct power {
    struct verdict verdict; /* LB_OK: so far nothing stands against it */
    bool is_whole;          /* over the whole book */
    uint64_t tops[LB_PRINCIPAL_ROLES_MAX];
    size_t count;
};

/* One that was looked up, for the commands that follow; bank_apply forgets it when an act on
 * accounts is folded. Begin with zeros. */
struct power_memo {
    bool is_set;
    struct actor actor;
    int32_t today_day;
    enum right right;
    struct power power;
};

/* May one with the role, in its scope, do that? The table itself. */
bool role_has_right(enum role role, enum right right);

/*
 * May the actor do that for the org, as the tree of orgs is on that day, or on the org's first if
 * that is later? org 0: it concerns the whole book. LB_OK, LB_LOGIN_REQUIRED, LB_PRINCIPAL_LOCKED,
 * LB_UNAUTHORISED (no role of its own has the right), LB_OUT_OF_SCOPE (a: the org).
 */
LB_MUST_CHECK struct verdict bank_authorise(const struct bank *bank, const struct actor *actor,
                                            int32_t today_day, enum right right, uint64_t org,
                                            int32_t org_day);

/* The same in any scope at all: for lists that are not cut by org. */
LB_MUST_CHECK struct verdict bank_authorise_anywhere(const struct bank *bank,
                                                     const struct actor *actor, int32_t today_day,
                                                     enum right right);

/* The org that an entry counts for; of what was refused or waits, which has none, the one that it
 * was to count for; 0: it concerns the whole book. */
uint64_t bank_entry_org(struct views views, const struct entry *entry);

/*
 * May the actor send this command? Looks up the org that it counts for; where there is none to be
 * found (no such member), only a right for the whole book lets the command go on to be told so.
 * Stage "unauthorised": before a known id is looked at.
 */
LB_MUST_CHECK struct verdict bank_authorise_command(const struct bank *bank,
                                                    const struct bank_context *context,
                                                    const struct command *command);

#endif
