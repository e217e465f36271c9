/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The one method table, by rising number. Numbers are those of services.proto.
 */
#include "method.h"

#include "lovebank/v1/queries.pb-c.h"
#include "lovebank/v1/services.pb-c.h"
#include "rpc/rpc.h"

#include <stddef.h>

#define ROW(number_, path_, name_, message_, right_, flags_, handle_, finish_, unpack_)        \
    {                                                                                          \
        .number = (number_), .path = "lovebank.v1." path_, .name = (name_),                    \
        .request = &lovebank__v1__##message_##_request__descriptor,                            \
        .response = &lovebank__v1__##message_##_response__descriptor, .right = RIGHT_##right_, \
        .flags = (flags_), .handle = (handle_), .finish = (finish_), .unpack = (unpack_),      \
    }

/* A write's commands each have a right of their own, which the engine's writer decides on. */
static const struct rpc_method methods[] = {
    ROW(LB_FRAME_METHOD_HELLO, "Ledger/Hello", "hello", hello, NONE,
        RPC_OPEN | RPC_NO_VIEW | RPC_SECRET, rpc_hello, NULL, NULL),
    ROW(2, "Ledger/Write", "write", write, NONE, RPC_WRITES | RPC_NO_VIEW, rpc_write,
        rpc_write_finish, NULL),
    ROW(3, "Ledger/Status", "status", status, NONE, RPC_OPEN | RPC_NO_VIEW, rpc_status, NULL, NULL),
    ROW(4, "Ledger/EntryGet", "entry_get", entry_get, READ_ENTRY, 0, rpc_entry_get, NULL, NULL),
    ROW(5, "Ledger/Verify", "verify", verify, VERIFY, 0, rpc_verify, NULL, NULL),
    ROW(6, "Ledger/ImportList", "import_list", import_list, READ_ENTRY, 0, rpc_import_list, NULL,
        NULL),
    ROW(7, "Ledger/Backup", "backup", backup, BACKUP, 0, rpc_backup, NULL, NULL),
    ROW(8, "Ledger/EntryList", "entry_list", entry_list, READ_ENTRY, 0, rpc_entry_list, NULL, NULL),
    ROW(10, "Registry/OrgList", "org_list", org_list, READ_REGISTRY, 0, rpc_org_list, NULL, NULL),
    ROW(11, "Registry/Catalogue", "catalogue", catalogue, READ_REGISTRY, 0, rpc_catalogue, NULL,
        NULL),
    ROW(12, "Registry/Stock", "stock", stock, READ_REGISTRY, 0, rpc_stock, NULL, NULL),
    ROW(20, "Members/MemberGet", "member_get", member_get, READ_MEMBER, 0, rpc_member_get, NULL,
        rpc_member_get_unpack),
    ROW(21, "Members/MemberFind", "member_find", member_find, READ_MEMBER, 0, rpc_member_find, NULL,
        NULL),
    ROW(22, "Members/History", "history", history, READ_MEMBER, 0, rpc_history, NULL, NULL),
    ROW(30, "Reports/Stars", "stars", stars, READ_BOARD, RPC_LONG | RPC_NO_VIEW, rpc_stars, NULL,
        NULL),
    ROW(31, "Reports/Report", "report", report, READ_BOARD, RPC_LONG | RPC_NO_VIEW, rpc_report,
        NULL, NULL),
    ROW(32, "Reports/PublicBoard", "public_board", public_board, NONE, RPC_OPEN | RPC_STEPS,
        rpc_public_board, rpc_public_board_finish, NULL),
    ROW(40, "Access/Login", "login", login, NONE, RPC_OPEN | RPC_STEPS | RPC_SECRET, rpc_login,
        rpc_login_finish, NULL),
    ROW(41, "Access/Logout", "logout", logout, NONE, RPC_OPEN | RPC_NO_VIEW, rpc_logout, NULL,
        NULL),
    ROW(42, "Access/Password", "password", password, NONE, RPC_STEPS | RPC_SECRET, rpc_password,
        rpc_password_finish, NULL),
    ROW(43, "Access/Whoami", "whoami", whoami, NONE, RPC_OPEN, rpc_whoami, NULL, NULL),
    ROW(44, "Access/PrincipalList", "principal_list", principal_list, READ_PRINCIPALS, 0,
        rpc_principal_list, NULL, NULL),
    ROW(45, "Access/ProposalList", "proposal_list", proposal_list, READ_PROPOSALS, 0,
        rpc_proposal_list, NULL, NULL),
};

const struct rpc_method *rpc_method_find(uint16_t number)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (methods[i].number == number) {
            return &methods[i];
        }
    }
    return NULL;
}

bool rpc_method_at(size_t place, struct rpc_method_info *info)
{
    if (place >= sizeof(methods) / sizeof(methods[0])) {
        return false;
    }
    *info = (struct rpc_method_info){
        .number = methods[place].number,
        .path = methods[place].path,
        .request = methods[place].request,
        .response = methods[place].response,
    };
    return true;
}

const char *rpc_method_name(uint16_t number)
{
    const struct rpc_method *method = rpc_method_find(number);
    return method == NULL ? NULL : method->name;
}
