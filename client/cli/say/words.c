/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Words in both languages. Pure data; safe from any thread.
 */
#include "words.h"

#include <stddef.h>
#include <string.h>

struct word {
    int value;
    const char *zh;
    const char *en;
};

struct word_field {
    const char *name;
    const char *zh;
    const char *en;
};

static const struct word words_org_kinds[] = {
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_DISTRICT, "区", "district"},
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_STREET, "街道", "street"},
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_STREET, "镇", "town"},
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_COMMUNITY, "社区", "community"},
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_GRID, "网格", "grid"},
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_TEAM, "志愿服务队", "team"},
    {LOVEBANK__V1__ORG_KIND__ORG_KIND_OTHER, "其他", "other"},
};

static const struct word words_item_kinds[] = {
    {LOVEBANK__V1__ITEM_KIND__ITEM_KIND_GOODS, "商品", "goods"},
    {LOVEBANK__V1__ITEM_KIND__ITEM_KIND_SERVICE, "服务", "service"},
};

/* When points earned under a tariff expire. */
static const struct word words_expiry_kinds[] = {
    {LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_NEVER, "永不过期", "never"},
    {LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEAR_END, "到年底", "end of the year"},
    {LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEARS, "满整年", "whole years"},
};

static const struct word words_statuses[] = {
    {LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_ACTIVE, "正常", "active"},
    {LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_BLOCKED, "停用", "blocked"},
    {LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_CLOSED, "已注销", "closed"},
    {LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_ERASED, "已注销，个人信息已删除",
     "closed, personal data erased"},
};

static const struct word words_roles[] = {
    {LOVEBANK__V1__ROLE__ROLE_VIEWER, "查看", "viewer"},
    {LOVEBANK__V1__ROLE__ROLE_DESK, "记录员", "desk"},
    {LOVEBANK__V1__ROLE__ROLE_COUNTER, "兑换员", "counter"},
    {LOVEBANK__V1__ROLE__ROLE_REVIEWER, "审核员", "reviewer"},
    {LOVEBANK__V1__ROLE__ROLE_AUDITOR, "审计员", "auditor"},
    {LOVEBANK__V1__ROLE__ROLE_ADMINISTRATOR, "管理员", "administrator"},
    {LOVEBANK__V1__ROLE__ROLE_DISTRICT, "区级", "district"},
};

static const struct word words_principal_states[] = {
    {LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_ACTIVE, "正常", "active"},
    {LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_LOCKED, "已锁定", "locked"},
    {LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_CLOSED, "已停用", "closed"},
};

static const struct word words_genders[] = {
    {LOVEBANK__V1__GENDER__GENDER_MALE, "男", "male"},
    {LOVEBANK__V1__GENDER__GENDER_FEMALE, "女", "female"},
};

static const struct word words_yes_no[] = {
    {1, "是", "yes"},
    {0, "否", "no"},
};

static const struct word words_accounts[] = {
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_MEMBER, "志愿者账户", "member"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_HELD, "预占", "held"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_DEBT, "欠分", "debt"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_ISSUER, "发分单位", "issuer"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_REDEEMED, "已兑换", "redeemed"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_EXPIRED, "已过期", "expired"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_POOL, "捐赠池", "donation pool"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_OPENING, "期初", "opening"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_STOCK, "库存", "stock"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_DONOR, "捐赠方", "donor"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_HANDED_OUT, "已发出", "handed out"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_WRITTEN_OFF, "已报损", "written off"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_STOCK_DIFFERENCE, "盘点差异", "stock difference"},
    {LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_CLEARING, "往来", "clearing"},
};

static const struct word words_acts[] = {
    {LOVEBANK__V1__COMMAND__ACT_ORG_OPEN, "设立组织", "open org"},
    {LOVEBANK__V1__COMMAND__ACT_ORG_UPDATE, "变更组织", "update org"},
    {LOVEBANK__V1__COMMAND__ACT_CLASS_SET, "设定类别", "set class"},
    {LOVEBANK__V1__COMMAND__ACT_TARIFF_SET, "设定积分标准", "set tariff"},
    {LOVEBANK__V1__COMMAND__ACT_ITEM_SET, "设定商品价目", "set item"},
    {LOVEBANK__V1__COMMAND__ACT_COUNTER_OPEN, "设立兑换点", "open counter"},
    {LOVEBANK__V1__COMMAND__ACT_ACTIVITY_OPEN, "登记活动", "open activity"},
    {LOVEBANK__V1__COMMAND__ACT_STAR_TABLE_SET, "设定星级表", "set star table"},
    {LOVEBANK__V1__COMMAND__ACT_IMPORT_OPEN, "导入", "import opened"},
    {LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER, "登记志愿者", "register member"},
    {LOVEBANK__V1__COMMAND__ACT_MEMBER_UPDATE, "变更志愿者", "update member"},
    {LOVEBANK__V1__COMMAND__ACT_MEMBER_CLOSE, "注销志愿者", "close member"},
    {LOVEBANK__V1__COMMAND__ACT_CARD_ISSUE, "发卡", "issue card"},
    {LOVEBANK__V1__COMMAND__ACT_CARD_BLOCK, "挂失", "block card"},
    {LOVEBANK__V1__COMMAND__ACT_CARD_REPLACE, "换卡", "replace card"},
    {LOVEBANK__V1__COMMAND__ACT_STOCK_RECEIVE, "进货", "receive stock"},
    {LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD, "记时", "service"},
    {LOVEBANK__V1__COMMAND__ACT_REDEEM, "兑换商品", "redeem goods"},
    {LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK, "预约服务", "ask for service"},
    {LOVEBANK__V1__COMMAND__ACT_SERVICE_GIVE, "完成服务", "give service"},
    {LOVEBANK__V1__COMMAND__ACT_SERVICE_RELEASE, "取消预约", "release service"},
    {LOVEBANK__V1__COMMAND__ACT_REVERSE, "撤销", "undo"},
    {LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE, "转入期初余额", "opening balance"},
    {LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE, "期初余额", "opening"},
    {LOVEBANK__V1__COMMAND__ACT_OPERATOR_OPEN, "开设操作员账户", "open operator"},
    {LOVEBANK__V1__COMMAND__ACT_DEVICE_OPEN, "登记设备", "open device"},
    {LOVEBANK__V1__COMMAND__ACT_PRINCIPAL_SET, "变更账户", "change account"},
    {LOVEBANK__V1__COMMAND__ACT_CREDENTIAL_SET, "更换口令", "change password"},
    {LOVEBANK__V1__COMMAND__ACT_ROLE_SET, "设定角色", "set roles"},
    {LOVEBANK__V1__COMMAND__ACT_POLICY_SET, "设定双人规则", "set policy"},
    {LOVEBANK__V1__COMMAND__ACT_PROPOSAL_DECIDE, "处理待确认事项", "decide proposal"},
    {LOVEBANK__V1__COMMAND__ACT_REVEAL, "查看完整个人信息", "reveal personal data"},
    {LOVEBANK__V1__COMMAND__ACT_MEMBER_ERASE, "删除个人信息", "erase personal data"},
    {LOVEBANK__V1__COMMAND__ACT_CONSENT_SET, "登记同意事项", "set consents"},
    {LOVEBANK__V1__COMMAND__ACT_KEY_ROTATE, "更换密钥", "rotate keys"},
};

static const struct word_field words_fields[] = {
    {"act", "事项", "act"},
    {"activity", "活动", "activity"},
    {"ask", "预约", "request"},
    {"backup", "做备份（不要求登录的服务器，只能从本机的 Unix 套接字做）",
     "to make a backup (without log-ins only through this machine's Unix socket)"},
    {"back_days", "补记（天）", "days back"},
    {"barcode", "条码", "barcode"},
    {"card", "卡号", "card"},
    {"category", "服务类别", "category"},
    {"class", "类别", "class"},
    {"class_id", "类别编号", "class"},
    {"class_ids", "类别", "classes"},
    {"classes", "类别", "classes"},
    {"class_ids_add", "增加的类别", "classes to add"},
    {"class_ids_remove", "去掉的类别", "classes to remove"},
    {"close", "撤销组织", "close it"},
    {"coefficient", "系数", "coefficient"},
    {"coefficient_permille", "系数（千分之一）", "coefficient (thousandths)"},
    {"content", "活动内容", "content"},
    {"contact", "同意为活动联系", "may be called about activities"},
    {"counter", "兑换点", "counter"},
    {"credential", "口令", "credential"},
    {"credential.verifier", "口令", "credential"},
    {"day", "日期", "date"},
    {"date", "日期", "date"},
    {"from", "起用日期", "from"},
    {"joined", "加入日期", "joined"},
    {"best_before", "保质期", "best before"},
    {"best_before_day", "保质期", "best before"},
    {"birth", "出生日期", "birth date"},
    {"day_minutes_max", "每日上限（分钟）", "day limit (minutes)"},
    {"donor", "捐赠方", "donor"},
    {"expires", "有效期", "expiry"},
    {"expiry_kind", "有效期", "expiry"},
    {"expiry_years", "有效年数", "expiry years"},
    {"giver", "服务者", "giver"},
    {"goods", "商品", "goods"},
    {"hours", "星级时长", "star hours"},
    {"id", "请求号", "request id"},
    {"import", "导入号", "import"},
    {"import_rows", "导入（行）", "rows of an import"},
    {"item", "商品或服务", "item"},
    {"is_public", "公开", "public"},
    {"kind", "种类", "kind"},
    {"login", "登录名", "log-in name"},
    {"last_day", "积分有效期至", "last day of the points"},
    {"lines", "明细", "lines"},
    {"lines.best_before_day", "保质期", "best before"},
    {"lines.item", "商品", "item"},
    {"member", "志愿者", "member"},
    {"memo", "事由", "reason"},
    {"reason", "事由", "reason"},
    {"minutes", "时长（分钟）", "minutes"},
    {"name", "名称", "name"},
    {"new_card", "新卡号", "new card"},
    {"opening_balances", "期初余额要确认", "opening balances wait"},
    {"org", "组织", "org"},
    {"org, class_ids, status, person", "要变更的内容", "what to change"},
    {"parent", "上级组织", "parent"},
    {"parent, name, close", "要变更的内容", "what to change"},
    {"person.address", "居住区域", "address"},
    {"person.birth_day", "出生日期", "birth date"},
    {"person.gender", "性别", "gender"},
    {"person.id_number", "身份证件号码", "ID number"},
    {"person.name", "姓名", "name"},
    {"person.phone", "联系方式", "phone"},
    {"person.skills", "专业技能", "skills"},
    {"person.wishes", "服务意向", "wishes"},
    {"phone", "联系方式", "phone"},
    {"gender", "性别", "gender"},
    {"id_number", "身份证件号码", "ID number"},
    {"place", "地点", "place"},
    {"principal", "账户", "account"},
    {"proposal", "待确认的事项", "proposal"},
    {"proposal_days", "确认期限（天）", "days to confirm in"},
    {"own record", "这是您自己的档案，要由别人来改",
     "this is your own record, which somebody else must change"},
    {"read_board", "看榜单和统计", "see boards and reports"},
    {"read_entry", "看账目", "see entries"},
    {"read_member", "看志愿者", "see members"},
    {"read_person", "看完整的个人信息", "see personal data in full"},
    {"read_principals", "看账户名单", "see the list of accounts"},
    {"read_proposals", "看待确认的事项", "see proposals"},
    {"read_registry", "看组织、类别和商品", "see orgs, categories and items"},
    {"reversals", "撤销要确认", "undoing waits"},
    {"role", "角色", "role"},
    {"roles", "角色", "roles"},
    {"roles.role", "角色", "role"},
    {"roles.org", "角色的组织", "org of the role"},
    {"state", "状态", "state"},
    {"state, member", "要变更的内容", "what to change"},
    {"token_hash", "设备令牌", "the device's token"},
    {"points", "积分", "points"},
    {"points, minutes", "积分或时长", "points or minutes"},
    {"points_centi", "积分（百分之一）", "points (hundredths)"},
    {"points_per_hour", "每小时积分", "points per hour"},
    {"points_per_hour_centi", "每小时积分（百分之一）", "points per hour (hundredths)"},
    {"price", "价格", "price"},
    {"price_centi", "价格（百分之一）", "price (hundredths)"},
    {"public", "是否公开", "public"},
    {"publish_name", "同意公开署名", "name on public lists"},
    {"quantity", "数量", "quantity"},
    {"receipt", "单号", "receipt"},
    {"request_id", "请求号", "request id"},
    {"rounding_minutes", "计分单位（分钟）", "rounding (minutes)"},
    {"rows", "行数", "rows"},
    {"service_minutes", "记时（分钟）", "minutes of service"},
    {"start", "开始时间", "start"},
    {"start_minute", "开始时间", "start"},
    {"status", "状态", "status"},
    {"target", "要撤销的那一笔", "entry to undo"},
    {"undo_minutes", "自行撤销的时限（分钟）", "minutes to undo in"},
    {"unit", "单位", "unit"},
    {"until", "有效期至", "last day"},
    {"verify", "校验账本", "verify the ledger"},
    {"year", "年份", "year"},
    {"text", "姓名", "name"},
    {"entry", "记账号", "entry"},
};

#define WORDS_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The first word of a value is the one shown. */
static const char *words_show(const struct word *words, size_t count, bool is_chinese, int value)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i].value == value) {
            return is_chinese ? words[i].zh : words[i].en;
        }
    }
    return is_chinese ? "未知" : "unknown";
}

static bool words_find(const struct word *words, size_t count, const char *word, int *value)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].zh, word) == 0 || strcmp(words[i].en, word) == 0) {
            *value = words[i].value;
            return true;
        }
    }
    return false;
}

const char *words_of_org_kind(bool is_chinese, Lovebank__V1__OrgKind kind)
{
    return words_show(words_org_kinds, WORDS_COUNT(words_org_kinds), is_chinese, (int)kind);
}

const char *words_of_item_kind(bool is_chinese, Lovebank__V1__ItemKind kind)
{
    return words_show(words_item_kinds, WORDS_COUNT(words_item_kinds), is_chinese, (int)kind);
}

const char *words_of_status(bool is_chinese, Lovebank__V1__MemberStatus status)
{
    return words_show(words_statuses, WORDS_COUNT(words_statuses), is_chinese, (int)status);
}

const char *words_of_gender(bool is_chinese, Lovebank__V1__Gender gender)
{
    return words_show(words_genders, WORDS_COUNT(words_genders), is_chinese, (int)gender);
}

const char *words_of_role(bool is_chinese, Lovebank__V1__Role role)
{
    return words_show(words_roles, WORDS_COUNT(words_roles), is_chinese, (int)role);
}

const char *words_of_principal_state(bool is_chinese, Lovebank__V1__PrincipalState state)
{
    return words_show(words_principal_states, WORDS_COUNT(words_principal_states), is_chinese,
                      (int)state);
}

const char *words_of_account(bool is_chinese, Lovebank__V1__AccountKind kind)
{
    return words_show(words_accounts, WORDS_COUNT(words_accounts), is_chinese, (int)kind);
}

const char *words_of_act(bool is_chinese, Lovebank__V1__Command__ActCase act)
{
    return words_show(words_acts, WORDS_COUNT(words_acts), is_chinese, (int)act);
}

/* The enums of commands: their names in proto/ are said nowhere. */
static const struct {
    const ProtobufCEnumDescriptor *type;
    const struct word *words;
    size_t count;
} words_enums[] = {
    {&lovebank__v1__org_kind__descriptor, words_org_kinds, WORDS_COUNT(words_org_kinds)},
    {&lovebank__v1__item_kind__descriptor, words_item_kinds, WORDS_COUNT(words_item_kinds)},
    {&lovebank__v1__expiry_kind__descriptor, words_expiry_kinds, WORDS_COUNT(words_expiry_kinds)},
    {&lovebank__v1__member_status__descriptor, words_statuses, WORDS_COUNT(words_statuses)},
    {&lovebank__v1__gender__descriptor, words_genders, WORDS_COUNT(words_genders)},
    {&lovebank__v1__role__descriptor, words_roles, WORDS_COUNT(words_roles)},
    {&lovebank__v1__principal_state__descriptor, words_principal_states,
     WORDS_COUNT(words_principal_states)},
};

const char *words_of_value(bool is_chinese, const char *name)
{
    for (size_t i = 0; i < WORDS_COUNT(words_enums); i++) {
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value_by_name(words_enums[i].type, name);
        if (value != NULL && value->value == 0) {
            return is_chinese ? "没有写" : "not given";
        }
        if (value != NULL) {
            return words_show(words_enums[i].words, words_enums[i].count, is_chinese, value->value);
        }
    }
    return name;
}

const char *words_of_field(bool is_chinese, const char *field)
{
    for (size_t i = 0; i < WORDS_COUNT(words_fields); i++) {
        if (strcmp(words_fields[i].name, field) == 0) {
            return is_chinese ? words_fields[i].zh : words_fields[i].en;
        }
    }
    /* What somebody may not do is named as the act is in proto/. */
    const ProtobufCFieldDescriptor *act =
        protobuf_c_message_descriptor_get_field_by_name(&lovebank__v1__command__descriptor, field);
    const bool is_act = act != NULL && (act->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    return is_act ? words_of_act(is_chinese, (Lovebank__V1__Command__ActCase)act->id) : field;
}

const char *words_of_yes_no(bool is_chinese, bool yes)
{
    return words_show(words_yes_no, WORDS_COUNT(words_yes_no), is_chinese, yes ? 1 : 0);
}

bool words_find_org_kind(const char *word, Lovebank__V1__OrgKind *kind)
{
    int value = 0;
    if (!words_find(words_org_kinds, WORDS_COUNT(words_org_kinds), word, &value)) {
        return false;
    }
    *kind = (Lovebank__V1__OrgKind)value;
    return true;
}

bool words_find_item_kind(const char *word, Lovebank__V1__ItemKind *kind)
{
    int value = 0;
    if (!words_find(words_item_kinds, WORDS_COUNT(words_item_kinds), word, &value)) {
        return false;
    }
    *kind = (Lovebank__V1__ItemKind)value;
    return true;
}

bool words_find_gender(const char *word, Lovebank__V1__Gender *gender)
{
    int value = 0;
    if (!words_find(words_genders, WORDS_COUNT(words_genders), word, &value)) {
        return false;
    }
    *gender = (Lovebank__V1__Gender)value;
    return true;
}

bool words_find_act(const char *word, Lovebank__V1__Command__ActCase *act)
{
    int value = 0;
    if (!words_find(words_acts, WORDS_COUNT(words_acts), word, &value)) {
        return false;
    }
    *act = (Lovebank__V1__Command__ActCase)value;
    return true;
}

bool words_find_role(const char *word, Lovebank__V1__Role *role)
{
    int value = 0;
    if (!words_find(words_roles, WORDS_COUNT(words_roles), word, &value)) {
        return false;
    }
    *role = (Lovebank__V1__Role)value;
    return true;
}

bool words_find_yes_no(const char *word, bool *yes)
{
    int value = 0;
    if (!words_find(words_yes_no, WORDS_COUNT(words_yes_no), word, &value)) {
        return false;
    }
    *yes = value != 0;
    return true;
}
