/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One command: its id, its request, its answer in words. One thread.
 */
#include "write.h"

#include "amounts.h"
#include "identify.h"
#include "json_message.h"
#include "post.h"
#include "sentence.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

void write_set_id(struct cli *cli, Lovebank__V1__Command *command, const struct id *id)
{
    command->id.len = sizeof(id->bytes);
    command->id.data = cli_take(cli, 1, sizeof(id->bytes));
    memcpy(command->id.data, id->bytes, sizeof(id->bytes));
}

bool write_new_id(struct cli *cli, struct id *id)
{
    const struct id given = cli->id;
    cli->id = (struct id){0};
    const bool is_made = cli_make_id(cli, id);
    cli->id = given;
    if (!is_made) {
        cli_complain(cli, TEXT(cli, "系统没有给出随机数。", "The system gave no random numbers."));
    }
    return is_made;
}

bool write_identify(struct cli *cli, Lovebank__V1__Command *command)
{
    struct id id;
    if (!cli_make_id(cli, &id)) {
        cli_complain(cli, TEXT(cli, "系统没有给出随机数。", "The system gave no random numbers."));
        return false;
    }
    write_set_id(cli, command, &id);
    return true;
}

Lovebank__V1__WriteRequest write_request(const struct cli *cli, Lovebank__V1__Command **commands,
                                         size_t count)
{
    Lovebank__V1__WriteRequest request = LOVEBANK__V1__WRITE_REQUEST__INIT;
    request.commands = commands;
    request.n_commands = count;
    request.dry_run = cli->is_dry_run;
    return request;
}

const char *write_sentence(struct cli *cli, const Lovebank__V1__Result *result)
{
    const int64_t numbers[3] = {result->a, result->b, result->c};
    char *sentence = cli_take(cli, SENTENCE_BYTES_MAX, 1);
    sentence_format(sentence, SENTENCE_BYTES_MAX, cli->is_chinese, (int)result->code, numbers,
                    result->text);
    return sentence;
}

json_t *write_result_json(struct cli *cli, const Lovebank__V1__Result *result)
{
    const char *name = lb_result_name((int)result->code);
    json_t *object = json_of_message(&result->base);
    const char *class_name = cli_name_of_class((int)result->code);
    if (object == NULL ||
        json_object_set_new(object, "result", json_string(name == NULL ? "unknown" : name)) != 0 ||
        (result->code != LB_OK &&
         (json_object_set_new(object, "class", json_string(class_name)) != 0 ||
          json_object_set_new(object, "sentence", json_string(write_sentence(cli, result))) !=
              0))) {
        json_decref(object);
        return NULL;
    }
    return object;
}

void write_tell_id(struct cli *cli, const Lovebank__V1__Command *command)
{
    struct id id;
    char text[ID_TEXT_BYTES];
    memcpy(id.bytes, command->id.data, sizeof(id.bytes));
    id_format(&id, text);
    cli_complain(cli,
                 TEXT(cli, "原样再发一次时加上 --id %s，就不会重复记账。",
                      "To send it again without doing it twice, add --id %s."),
                 text);
}

/* Whoever waits must know for what, and who can help. */
static void write_tell_waiting(struct cli *cli, const Lovebank__V1__Result *result)
{
    cli_complain(cli, TEXT(cli, "%s。", "%s."), write_sentence(cli, result));
    if (result->entry != 0) {
        cli_complain(
            cli,
            TEXT(cli, "这是第 %" PRIu64 " 号事项。请另一个人运行：lovebank proposal show %" PRIu64,
                 "It is proposal %" PRIu64
                 ". Another person runs: lovebank proposal show %" PRIu64),
            result->entry, result->entry);
    }
}

void write_tell(struct cli *cli, const Lovebank__V1__Command *command,
                const Lovebank__V1__Result *result, write_say_fn *say)
{
    if (cli->is_json) {
        cli_put_json(cli, write_result_json(cli, result));
    } else if (result->code == LB_WAITING) {
        write_tell_waiting(cli, result);
    } else if (result->code != LB_OK) {
        cli_complain(cli, TEXT(cli, "%s。", "%s."), write_sentence(cli, result));
    } else {
        say(cli, command, result);
    }
}

const Lovebank__V1__Result *write_send(struct cli *cli, Lovebank__V1__Command *command,
                                       Lovebank__V1__WriteResponse **response, enum cli_exit *exit)
{
    const Lovebank__V1__WriteRequest request = write_request(cli, &command, 1);
    *response = (Lovebank__V1__WriteResponse *)cli_call(
        cli, LB_METHOD_WRITE, &request.base, &lovebank__v1__write_response__descriptor, exit);
    if (*response == NULL) {
        if (*exit == CLI_TRY_LATER && !cli->is_dry_run && !(cli->goes_on && cli->is_unreachable)) {
            write_tell_id(cli, command);
        }
        return NULL;
    }
    const int64_t numbers[3] = {(*response)->a, (*response)->b, (*response)->c};
    if ((*response)->code == LB_OK && (*response)->n_results == 1) {
        *exit = cli_exit_of((int)(*response)->results[0]->code);
        return (*response)->results[0];
    }
    *exit = (*response)->code != LB_OK
                ? cli_fail(cli, (int)(*response)->code, numbers, (*response)->text)
                : cli_fail(cli, LB_MALFORMED, NULL, "WriteResponse");
    cli_free_response(&(*response)->base);
    *response = NULL;
    return NULL;
}

enum cli_exit write_one(struct cli *cli, Lovebank__V1__Command *command, write_say_fn *say)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__WriteResponse *response = NULL;
    const Lovebank__V1__Result *result = write_send(cli, command, &response, &exit);
    if (result != NULL) {
        write_tell(cli, command, result, say);
        cli_free_response(&response->base);
    }
    return exit;
}

void write_say(struct cli *cli, const Lovebank__V1__Result *result, const char *sentence)
{
    if (cli->is_dry_run) {
        cli_say(cli, TEXT(cli, "试算：%s。没有记账。", "Dry run: %s. Nothing was entered."),
                sentence);
    } else if (result->replayed) {
        cli_say(cli,
                TEXT(cli, "%s（记账号 %" PRIu64 "，以前已记过）。",
                     "%s (entry %" PRIu64 ", made before)."),
                sentence, result->entry);
    } else {
        cli_say(cli, TEXT(cli, "%s（记账号 %" PRIu64 "）。", "%s (entry %" PRIu64 ")."), sentence,
                result->entry);
    }
}

void write_say_act(struct cli *cli, const Lovebank__V1__Command *command,
                   const Lovebank__V1__Result *result)
{
    const char *act = words_of_act(cli->is_chinese, command->act_case);
    write_say(cli, result, cli_format(cli, TEXT(cli, "已%s", "done: %s"), act));
}

const char *write_member_name(struct cli *cli, uint64_t member)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    const char *name = cli_format(cli, "%08" PRIu64, member);
    ProtobufCMessage *response = NULL;
    ref.member = member;
    request.member = &ref;
    /* Only an ornament: the number does when the name is not to be had. */
    if (cli->session == NULL ||
        cli_session_call(cli, LB_METHOD_MEMBER_GET, &request.base,
                         &lovebank__v1__member_get_response__descriptor, &response) != LB_OK) {
        return name;
    }
    const Lovebank__V1__MemberInfo *info = ((Lovebank__V1__MemberGetResponse *)response)->info;
    if (info != NULL && info->masked_name[0] != '\0') {
        name = cli_format(cli, "%s", info->masked_name);
    }
    cli_free_response(response);
    return name;
}

/* A form's act that has a receipt, on its way. */
struct receipt_act {
    struct cli *cli;
    const struct form *form;
    const Lovebank__V1__Command *command;
};

static void receipt_act_settled(void *context, size_t post, const Lovebank__V1__Result *result)
{
    const struct receipt_act *act = context;
    (void)post;
    write_tell(act->cli, act->command, result, act->form->say);
}

/* The receipt is its id: sending it again changes nothing, but after a refusal it may be tried. */
static enum cli_exit write_with_receipt(struct cli *cli, const struct form *form,
                                        Lovebank__V1__Command *command, const char *receipt)
{
    enum cli_exit exit = CLI_DONE;
    struct receipt_act act = {.cli = cli, .form = form, .command = command};
    struct post post = {
        .command = command, .first = identify_receipt(form->kind, receipt), .attempt = 1};
    struct post_list list = {.cli = cli,
                             .posts = &post,
                             .count = 1,
                             .is_dry_run = cli->is_dry_run,
                             .settled = receipt_act_settled,
                             .context = &act};
    post_identify(cli, &post);
    if (!cli_connect(cli, &exit) || (exit = post_send(&list)) != CLI_DONE) {
        return exit;
    }
    return cli_exit_of(post.code);
}

enum cli_exit form_tell_complaint(struct cli *cli, const struct cli_arguments *arguments,
                                  const struct complaint *complaint)
{
    if (complaint->result == LB_TRY_LATER && cli->told != CLI_DONE) {
        return cli->told;
    }
    if (complaint->reason.zh == NULL) {
        return cli_fail(cli, complaint->result, complaint->numbers,
                        complaint->result == LB_DATE_INVALID ? cli_cut(cli, complaint->value)
                                                             : complaint->column);
    }
    return arguments_complain(cli, arguments, complaint->column, complaint->reason);
}

Lovebank__V1__Command *form_command(struct cli *cli, const struct cli_arguments *arguments,
                                    enum cli_exit *exit)
{
    struct form_build build = {
        .cli = cli, .form = arguments->command->form, .values = arguments->values};
    form_build(&build);
    if (build.complaint.is_set) {
        *exit = form_tell_complaint(cli, arguments, &build.complaint);
        return NULL;
    }
    return build.command;
}

enum cli_exit form_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    const struct form *form = arguments->command->form;
    Lovebank__V1__Command *command = form_command(cli, arguments, &exit);
    if (command == NULL) {
        return exit;
    }
    const char *receipt = arguments_get(arguments, "receipt");
    if (receipt != NULL && receipt[0] != '\0' && !form->receipt_is_target) {
        return write_with_receipt(cli, form, command, receipt);
    }
    return write_identify(cli, command) ? write_one(cli, command, form->say) : CLI_FAULT;
}
