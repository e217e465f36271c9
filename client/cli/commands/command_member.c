/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank member add|update|block|unblock|close`: what changes a member. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "forms.h"
#include "person.h"
#include "words.h"
#include "write.h"

#include "base/clock.h"
#include "base/date.h"
#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>
#include <string.h>

#define ZONE_EAST_S_MAX (14 * 3600)

static const struct cli_option member_add_columns[] = {
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .spellings = HEADINGS_NAME,
     .help = {"姓名（加密保存，不进账本）", "name (kept encrypted, not in the ledger)"}},
    {.name = "org",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ORG,
     .is_required = true,
     .spellings = HEADINGS_ORG,
     .help = {"所属组织，编号或名称", "the org, by number or name"}},
    {.name = "member",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_MEMBER,
     .help = {"志愿者编号；不写则自动编号", "member number; without it, the next free one"}},
    {.name = "joined",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .is_file_required = true,
     .spellings = "加入日期|注册日期|登记日期|入队日期|加入时间|注册时间|joined on|joining date",
     .help = {"加入日期，默认今天；导入的文件里必须有",
              "joined on, by default today; files must have it"}},
    {.name = "classes",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CLASS,
     .spellings = "类别|志愿者类别|人员类别|身份|政治面貌|class",
     .help = {"类别，用分号隔开，如 1;党员", "classes, like 1;2 or by name"}},
    {.name = "card",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_CARD,
     .help = {"卡号；不写则暂不发卡", "card number; without it, no card"}},
    COLUMNS_PERSON,
};

/* Not before the calendar of the book begins, and not after today, wherever on earth that is. */
static bool member_birth(struct form_build *build, int32_t *day)
{
    static const struct cli_text reason = {
        "出生日期应在 1900-01-01 与今天之间，写成 1950-12-31 的样子。请核对",
        "the birth date must be from 1900-01-01 to today, written like 1950-12-31; check it"};
    const int32_t today = date_day_of_ms(clock_now_ms(clock_system()), ZONE_EAST_S_MAX);
    const struct value_calendar calendar = {0};
    if (value_date(form_value(build, "birth"), &calendar, day) != VALUE_GOOD || *day > today) {
        form_complain(build, "birth", reason);
        return false;
    }
    return true;
}

/* 身份证件号码, which holds a birth date: it must be that of the column birth, if both are given.
 */
static char *member_id_number(struct form_build *build, const Lovebank__V1__Person *person)
{
    char number[VALUE_ID_NUMBER_BYTES];
    bool has_birth = false;
    int32_t birth_day = 0;
    enum value_fault fault =
        value_id_number(form_text(build, "id_number"), number, &has_birth, &birth_day);
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, "id_number", fault);
        return form_text(build, "id_number");
    }
    if (has_birth && form_has(build, "birth") && birth_day != person->birth_day) {
        form_complain(build, "id_number",
                      (struct cli_text){"号码里的出生日期与出生日期一栏不一致。请核对",
                                        "the birth date in the number is not the one given; check "
                                        "both"});
    }
    return cli_copy(build->cli, number);
}

/* Puts what was given of a person over what there was. */
static void member_fill_person(struct form_build *build, Lovebank__V1__Person *person)
{
    const struct {
        const char *column;
        char **text;
    } texts[] = {
        {"phone", &person->phone},
        {"address", &person->address},
        {"skills", &person->skills},
        {"wishes", &person->wishes},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *given = form_text(build, texts[i].column);
        if (given[0] != '\0') {
            *texts[i].text = form_text(build, texts[i].column);
        }
    }
    if (form_given(build, "name") != NULL) {
        person->name = form_name(build, "name");
    }
    const char *gender = form_text(build, "gender");
    if (gender[0] != '\0' && !words_find_gender(gender, &person->gender)) {
        form_complain(build, "gender", (struct cli_text){"请写 男 或 女", "write male or female"});
    }
    if (form_has(build, "birth")) {
        person->has_birth_day = member_birth(build, &person->birth_day);
    }
    if (form_has(build, "id_number")) {
        person->id_number = member_id_number(build, person);
    }
}

static void member_add_build(struct form_build *build)
{
    Lovebank__V1__MemberRegister *act = form_new(build, &lovebank__v1__member_register__descriptor);
    act->member = form_identifier(build, "member", 1, LB_MEMBER_MAX);
    act->org = form_org(build, "org");
    act->class_ids = form_classes(build, "classes", &act->n_class_ids);
    act->card = form_card(build, "card");
    act->person = form_new(build, &lovebank__v1__person__descriptor);
    member_fill_person(build, act->person);
    form_command_day(build, "joined");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER;
    build->command->member_register = act;
}

static void member_add_say(struct cli *cli, const Lovebank__V1__Command *command,
                           const Lovebank__V1__Result *result)
{
    const Lovebank__V1__MemberRegister *act = command->member_register;
    uint64_t member = result->assigned != 0 ? result->assigned : act->member;
    uint64_t card = result->assigned_card != 0 ? result->assigned_card : act->card;
    const char *sentence = cli_format(
        cli, TEXT(cli, "已登记志愿者 %08" PRIu64, "registered member %08" PRIu64), member);
    if (card != 0) {
        sentence = cli_format(cli, TEXT(cli, "%s，卡号 %010" PRIu64, "%s with card %010" PRIu64),
                              sentence, card);
    }
    write_say(cli, result, sentence);
}

const struct form member_form = {
    .kind = "member",
    FORM_COLUMNS(member_add_columns),
    .registers_members = true,
    .build = member_add_build,
    .say = member_add_say,
};

const struct cli_command command_member_add = {
    .name = "member add",
    .summary = {"登记志愿者", "Registers a member"},
    .form = &member_form,
    .run = form_run,
};

static const struct cli_option member_update_columns[] = {
    COLUMN_MEMBER_NUMBER,
    {.name = "org",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .help = {"转到这个组织", "move to this org"}},
    {.name = "classes_add",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CLASS,
     .help = {"增加的类别，用分号隔开", "classes to add, like 1;2"}},
    {.name = "classes_remove",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CLASS,
     .help = {"去掉的类别", "classes to remove"}},
    COLUMN_FROM,
    {.name = "name", .kind = OPTION_VALUE, .help = {"姓名", "name"}},
    COLUMNS_PERSON,
    {.name = "reason",
     .kind = OPTION_VALUE,
     .value = "TEXT",
     .help = {"更正的事由；可删除，不进账本", "why; erasable, not in the ledger"}},
};

static bool member_changes_person(const struct form_build *build)
{
    static const char *const columns[] = {"name",      "gender",  "birth",  "phone",
                                          "id_number", "address", "skills", "wishes"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (form_has(build, columns[i])) {
            return true;
        }
    }
    return false;
}

/* An update replaces the whole person, so what is there now is kept: seen for that, which is an act
 * of its own. A dry run sees nobody. NULL: the complaint, or told. */
static Lovebank__V1__Person *member_keep_person(struct form_build *build, uint64_t member)
{
    struct cli *cli = build->cli;
    enum cli_exit exit = CLI_DONE;
    const char *reason = form_has(build, "reason")
                             ? form_value(build, "reason")
                             : TEXT(cli, "更正个人信息", "to correct personal data");
    Lovebank__V1__Person *person = form_new(build, &lovebank__v1__person__descriptor);
    if (cli->is_dry_run) {
        return person;
    }
    Lovebank__V1__MemberGetResponse *response = person_get(cli, member, reason, &exit);
    if (response == NULL) {
        cli->told = exit;
        form_complain_result(build, "member", LB_TRY_LATER, 0, 0);
        return NULL;
    }
    const Lovebank__V1__Person *old = response->info->person;
    if (old != NULL) {
        person->gender = old->gender;
        person->birth_day = old->birth_day;
        person->has_birth_day = old->has_birth_day;
        const char *const from[] = {old->name,  old->id_number, old->address,
                                    old->phone, old->skills,    old->wishes};
        char **const to[] = {&person->name,  &person->id_number, &person->address,
                             &person->phone, &person->skills,    &person->wishes};
        for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
            *to[i] = cli_copy(cli, from[i]);
        }
    }
    cli_free_response(&response->base);
    return person;
}

static void member_update_build(struct form_build *build)
{
    Lovebank__V1__MemberUpdate *act = form_new(build, &lovebank__v1__member_update__descriptor);
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    act->org = form_org(build, "org");
    act->class_ids_add = form_classes(build, "classes_add", &act->n_class_ids_add);
    act->class_ids_remove = form_classes(build, "classes_remove", &act->n_class_ids_remove);
    form_command_day(build, "from");
    build->command->memo = form_text(build, "reason");
    if (!build->complaint.is_set && member_changes_person(build)) {
        act->person = member_keep_person(build, act->member);
        if (act->person != NULL) {
            member_fill_person(build, act->person);
        }
    }
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_UPDATE;
    build->command->member_update = act;
}

static const struct form member_update_form = {
    .kind = "member-update",
    FORM_COLUMNS(member_update_columns),
    .build = member_update_build,
    .say = write_say_act,
};

const struct cli_command command_member_update = {
    .name = "member update",
    .summary = {"变更志愿者：组织、类别、个人信息",
                "Changes a member's org, classes or personal data"},
    .form = &member_update_form,
    .run = form_run,
};

static const struct cli_option member_status_columns[] = {
    COLUMN_MEMBER_NUMBER,
    {.name = "reason",
     .kind = OPTION_VALUE,
     .help = {"事由；可删除，不进账本", "why; erasable, not in the ledger"}},
};

static void member_set_status(struct form_build *build, Lovebank__V1__MemberStatus status)
{
    Lovebank__V1__MemberUpdate *act = form_new(build, &lovebank__v1__member_update__descriptor);
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    act->status = status;
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_UPDATE;
    build->command->member_update = act;
}

static void member_block_build(struct form_build *build)
{
    member_set_status(build, LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_BLOCKED);
}

static void member_unblock_build(struct form_build *build)
{
    member_set_status(build, LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_ACTIVE);
}

static void member_close_build(struct form_build *build)
{
    Lovebank__V1__MemberClose *act = form_new(build, &lovebank__v1__member_close__descriptor);
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_CLOSE;
    build->command->member_close = act;
}

static const struct form member_block_form = {
    .kind = "member-block",
    FORM_COLUMNS(member_status_columns),
    .build = member_block_build,
    .say = write_say_act,
};

const struct cli_command command_member_block = {
    .name = "member block",
    .summary = {"停用志愿者", "Blocks a member"},
    .form = &member_block_form,
    .run = form_run,
};

static const struct form member_unblock_form = {
    .kind = "member-unblock",
    FORM_COLUMNS(member_status_columns),
    .build = member_unblock_build,
    .say = write_say_act,
};

const struct cli_command command_member_unblock = {
    .name = "member unblock",
    .summary = {"恢复志愿者", "Lifts the block of a member"},
    .form = &member_unblock_form,
    .run = form_run,
};

static const struct form member_close_form = {
    .kind = "member-close",
    FORM_COLUMNS(member_status_columns),
    .build = member_close_build,
    .say = write_say_act,
};

const struct cli_command command_member_close = {
    .name = "member close",
    .summary = {"注销志愿者", "Closes a member"},
    .form = &member_close_form,
    .run = form_run,
};
