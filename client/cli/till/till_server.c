/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's side of the server: opening, and what each request needs. One thread.
 */
#include "till_server.h"

#include "entry_view.h"
#include "receipt_view.h"
#include "registry.h"
#include "sentence.h"

#include <inttypes.h>
#include <string.h>

#define TILL_WORDS_BYTES_MAX ((size_t)256 << 20)

void till_server_refuse(struct till_server *server, int code, const int64_t numbers[3],
                        struct till_answer *answer)
{
    static const int64_t zeros[3] = {0};
    char *sentence = cli_take(&server->words, SENTENCE_BYTES_MAX, 1);
    const char *thing = code == LB_UNREACHABLE ? server->cli->address : "";
    if (code == LB_TLS_FAILED) {
        thing = lb_client_trouble(server->link.client, server->words.is_chinese);
    }
    sentence_format(sentence, SENTENCE_BYTES_MAX, server->words.is_chinese, code,
                    numbers == NULL ? zeros : numbers, thing);
    answer->is_done = false;
    answer->sentence = sentence;
}

bool till_server_call(struct till_server *server, enum lb_method method,
                      const ProtobufCMessage *request,
                      const ProtobufCMessageDescriptor *response_type, ProtobufCMessage **response,
                      struct till_answer *answer)
{
    int result = till_link_call(&server->link, method, request, response_type, response);
    if (result != LB_OK) {
        till_server_refuse(server, result, server->link.numbers, answer);
    }
    return result == LB_OK;
}

/* The names of receipts; loaded again with the catalogue. Without them numbers are printed. */
static void till_server_load_names(struct till_server *server)
{
    enum cli_exit exit = CLI_DONE;
    registry_free(server->cli->registry);
    server->cli->registry = NULL;
    (void)registry_catalogue(server->cli, &exit);
    (void)registry_orgs(server->cli, &exit);
    server->words.registry = server->cli->registry;
    server->words.session = server->cli->session;
}

static bool till_server_greet(struct till_server *server, struct till_answer *answer)
{
    const Lovebank__V1__HelloRequest request = cli_greeting(server->cli);
    ProtobufCMessage *response = NULL;
    if (!till_server_call(server, LB_METHOD_HELLO, &request.base,
                          &lovebank__v1__hello_response__descriptor, &response, answer)) {
        return false;
    }
    server->zone_east_s = ((Lovebank__V1__HelloResponse *)response)->zone_east_s;
    cli_free_response(response);
    return true;
}

static bool till_server_has_counter(const struct till_server *server)
{
    for (size_t i = 0; i < server->listing->n_counters; i++) {
        if (server->listing->counters[i]->counter == server->counter) {
            return true;
        }
    }
    return false;
}

bool till_server_open(struct till_server *server, enum cli_exit *exit)
{
    struct till_answer answer = {0};
    const int64_t numbers[3] = {server->counter};
    if (!till_link_open(server->cli, &server->link, exit)) {
        return false;
    }
    server->words = *server->cli;
    arena_init(&server->words.arena, arena_memory_heap(), TILL_WORDS_BYTES_MAX);
    arena_init(&server->catalogue_arena, arena_memory_heap(), TILL_WORDS_BYTES_MAX);
    arena_init(&server->names_arena, arena_memory_heap(), TILL_WORDS_BYTES_MAX);
    if (!till_server_greet(server, &answer) || !till_server_catalogue(server, &answer)) {
        cli_complain(server->cli, TEXT(server->cli, "%s。", "%s."), answer.sentence);
        *exit = CLI_TRY_LATER;
    } else if (!till_server_has_counter(server)) {
        *exit = cli_fail(server->cli, LB_COUNTER_UNKNOWN, numbers, "");
    } else if (till_pending_open(server->cli, server->counter, &server->pending, exit)) {
        till_server_load_names(server);
        return true;
    }
    server->pending.fd = -1;
    till_server_close(server);
    return false;
}

void till_server_close(struct till_server *server)
{
    if (server->pending.fd >= 0) {
        till_pending_close(&server->pending);
    }
    lovebank__v1__catalogue_response__free_unpacked(server->listing, NULL);
    arena_fini(&server->catalogue_arena);
    arena_fini(&server->names_arena);
    arena_fini(&server->words.arena);
    till_link_close(&server->link);
}

void till_server_names(struct till_server *server, const char **counter, const char **org)
{
    *counter = "";
    *org = "";
    for (size_t i = 0; i < server->listing->n_counters; i++) {
        const Lovebank__V1__CounterInfo *info = server->listing->counters[i];
        if (info->counter == server->counter) {
            *counter = cli_copy(server->cli, info->name);
            *org = cli_copy(server->cli, registry_name(server->cli, REGISTRY_ORG, info->org));
        }
    }
}

/* --- printing --------------------------------------------------------------------------------- */

static void till_server_print_entry(struct till_server *server, bool is_original,
                                    const Lovebank__V1__StoredEntry *stored,
                                    const Lovebank__V1__Entry *entry, struct till_answer *answer)
{
    struct receipt receipt;
    if (!receipt_view_is_possible(entry)) {
        answer->sentence = TEXT(server->cli, "这一笔没有收据", "it has no receipt");
        return;
    }
    Lovebank__V1__MemberGetResponse *member = till_server_info(server, entry->links[0]->member);
    /* An arena of its own: what is on the screen, such as the day's list, outlives the paper. */
    struct cli paper = server->words;
    arena_init(&paper.arena, arena_memory_heap(), TILL_WORDS_BYTES_MAX);
    char *text = cli_take(&paper, RECEIPT_BYTES_MAX, 1);
    receipt_view(&paper, stored, entry, member == NULL ? NULL : member->info, server->zone_east_s,
                 &receipt);
    receipt.is_reprint = !is_original;
    receipt_format(&receipt, server->printer.columns, text);
    const char *problem = printer_print(&paper, &server->printer, text);
    answer->is_done = problem == NULL;
    answer->sentence = problem == NULL ? "" : cli_copy(&server->words, problem);
    arena_fini(&paper.arena);
    if (member != NULL) {
        cli_free_response(&member->base);
    }
}

static void till_server_print(struct till_server *server, uint64_t number, bool is_original,
                              struct till_answer *answer)
{
    Lovebank__V1__EntryRef target = LOVEBANK__V1__ENTRY_REF__INIT;
    Lovebank__V1__EntryGetRequest request = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    ProtobufCMessage *message = NULL;
    const int64_t numbers[3] = {(int64_t)number};
    target.entry = number;
    request.target = &target;
    if (!till_server_call(server, LB_METHOD_ENTRY_GET, &request.base,
                          &lovebank__v1__entry_get_response__descriptor, &message, answer)) {
        return;
    }
    const Lovebank__V1__EntryGetResponse *response = (Lovebank__V1__EntryGetResponse *)message;
    Lovebank__V1__Entry *entry =
        response->entry == NULL ? NULL : entry_view_unpack(response->entry);
    if (entry == NULL) {
        till_server_refuse(server, response->code == LB_OK ? LB_MALFORMED : (int)response->code,
                           numbers, answer);
    } else {
        till_server_print_entry(server, is_original, response->entry, entry, answer);
    }
    lovebank__v1__entry__free_unpacked(entry, NULL);
    cli_free_response(message);
}

void till_server_perform(struct till_server *server, const struct till *till,
                         const struct till_request *request, struct till_answer *answer)
{
    *answer = (struct till_answer){.to = request->want, .sentence = ""};
    if (request->want != TILL_WANT_PRINT) {
        arena_reset(&server->words.arena);
    }
    switch (request->want) {
    case TILL_WANT_CATALOGUE:
        if (till_server_catalogue(server, answer)) {
            till_server_load_names(server);
        }
        break;
    case TILL_WANT_MEMBER:
        till_server_member(server, request->card, answer);
        break;
    case TILL_WANT_BOOK:
        till_server_book(server, till, answer);
        break;
    case TILL_WANT_UNDO:
        till_server_undo(server, till, request->entry, answer);
        break;
    case TILL_WANT_SETTLE:
        till_server_settle(server, answer);
        break;
    case TILL_WANT_LAST:
        till_server_last(server, answer);
        break;
    case TILL_WANT_DAY:
        till_server_day(server, answer);
        break;
    case TILL_WANT_PRINT:
        till_server_print(server, request->entry, request->is_original, answer);
        break;
    case TILL_NOTHING:
    case TILL_WANT_QUIT:
        break;
    }
}
