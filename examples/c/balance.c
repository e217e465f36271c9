/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The smallest program over liblovebank: asks a server for a member's balance. Build it with
 *
 *     cc balance.c -o balance $(pkg-config --cflags --libs lovebank)
 *
 * and run it as
 *
 *     ./balance unix:/run/lovebank/lovebank.sock 10010001
 */
#include <inttypes.h>
#include <lovebank/client.h>
#include <lovebank/v1/queries.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

/* A result's number has a stable name; its sentence is lb_result_text. */
static int fail(int result)
{
    const char *name = lb_result_name(result);
    (void)fprintf(stderr, "balance: %s\n", name == NULL ? "unknown result" : name);
    return EXIT_FAILURE;
}

/* Two layers may say no: the call did not get through, or it did and the answer is a refusal. */
static int show_balance(struct lb_session *session, uint64_t member)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ProtobufCMessage *message = NULL;
    ref.member = member;
    request.member = &ref;
    request.balances_only = true;
    int result = lb_session_call(session, LB_METHOD_MEMBER_GET, &request.base,
                                 &lovebank__v1__member_get_response__descriptor, &message);
    if (result != LB_OK) {
        return fail(result);
    }
    const Lovebank__V1__MemberGetResponse *answer =
        (const Lovebank__V1__MemberGetResponse *)message;
    int status = EXIT_SUCCESS;
    if (answer->code != LB_OK) {
        status = fail((int)answer->code);
    } else {
        const Lovebank__V1__Balances *balances = answer->info->balances;
        (void)printf("%08" PRIu64 ": %" PRId64 ".%02" PRId64 " points, %" PRId64 " minutes\n",
                     answer->info->member, balances->points_centi / 100,
                     balances->points_centi % 100, balances->minutes);
    }
    protobuf_c_message_free_unpacked(message, NULL);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: balance ADDRESS MEMBER\n");
        return 2;
    }
    const struct lb_client_config config = {.address = argv[1], .name = "balance/1"};
    struct lb_session *session = NULL;
    enum lb_result result = lb_session_open(&config, &session); /* the first call connects */
    if (result != LB_OK) {
        return fail((int)result);
    }
    int status = show_balance(session, strtoull(argv[2], NULL, 10));
    lb_session_close(session);
    return status;
}
