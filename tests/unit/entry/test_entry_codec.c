/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Entries to bytes and back. Single thread.
 */
#include "entry/codec.h"

#include "entry/message.h"
#include "lovebank/v1/entries.pb-c.h"
#include "same.h"

#define ARENA_BYTES (1u << 20)
#define ROUNDS      50

struct fixture {
    struct arena arena;
    struct posting postings[SAMPLES_POSTINGS];
};

static int setup(void **state)
{
    static struct fixture fixture;
    arena_init(&fixture.arena, arena_memory_heap(), ARENA_BYTES);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_fini(&fixture->arena);
    return 0;
}

static void strip_command(struct command *command)
{
    command->memo = (struct bytes){NULL, 0};
    bank_command_clear_sealed(command);
}

/* As the bank leaves it: without what is personal. */
static struct entry bare_entry(struct fixture *fixture, struct random_seeded *random,
                               enum act_kind kind)
{
    struct entry entry = sample_entry(random, kind, fixture->postings);
    strip_command(&entry.command);
    return entry;
}

/* Accepts. */

/* As protobuf-c packs what it reads. */
static struct bytes packed_by_protobuf(struct fixture *fixture, struct bytes packed)
{
    ProtobufCMessage *message = NULL;
    struct bytes again;
    assert_int_equal(
        entry_message_unpack(&lovebank__v1__entry__descriptor, packed, &fixture->arena, &message),
        LB_OK);
    assert_int_equal(entry_message_pack(message, &fixture->arena, &again), LB_OK);
    return again;
}

static void an_entry_of_every_act_comes_back_the_same_and_has_the_bytes_of_protobuf(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(20160101);
    for (size_t i = 0; i < ROUNDS * SAMPLES_ACT_COUNT; i++) {
        struct entry entry = bare_entry(fixture, &random, samples_acts[i % SAMPLES_ACT_COUNT]);
        struct bytes packed;
        struct entry back;
        assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_OK);
        assert_int_equal(entry_unpack(packed, &fixture->arena, &back), LB_OK);
        same_entry(&entry, &back);
        assert_true(bytes_equal(packed, packed_by_protobuf(fixture, packed)));
        arena_reset(&fixture->arena);
    }
}

static void who_looks_for_changed_persons_need_not_unpack_the_others(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(20161101);
    size_t found = 0;
    for (size_t i = 0; i < ROUNDS * SAMPLES_ACT_COUNT; i++) {
        struct entry entry = bare_entry(fixture, &random, samples_acts[i % SAMPLES_ACT_COUNT]);
        const bool changes =
            entry.person_commitment.is_set || entry.command.kind == ACT_MEMBER_ERASE;
        struct bytes packed;
        assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_OK);
        assert_int_equal(entry_may_change_person(packed), changes);
        found += changes;
        arena_reset(&fixture->arena);
    }
    assert_in_range(found, 1, ROUNDS * SAMPLES_ACT_COUNT - 1);
    static const uint8_t cut_off[] = {0x08, 0x80};
    static const uint8_t command_cut_off[] = {0x2a, 0x02, 0x08, 0x80};
    assert_true(entry_may_change_person(bytes_of(cut_off, sizeof(cut_off))));
    assert_true(entry_may_change_person(bytes_of(command_cut_off, sizeof(command_cut_off))));
}

static void the_largest_entry_fits(void **state)
{
    struct fixture *fixture = *state;
    static struct posting postings[LB_ENTRY_POSTINGS_MAX];
    struct entry entry = {.verdict.text = "", .link_count = ENTRY_LINKS_MAX};
    entry.chains[0] = (struct chain_link){CHAIN_IMPORT, UINT64_MAX, UINT64_MAX};
    entry.chains[1] = (struct chain_link){CHAIN_COUNTER, UINT64_MAX, UINT64_MAX};
    entry.chain_count = ENTRY_CHAINS_MAX;
    entry.command = (struct command){.id.bytes = {1}, .kind = ACT_REDEEM};
    entry.command.act.redeem.line_count = entry.line_count = LB_COMMAND_LINES_MAX;
    for (size_t i = 0; i < LB_COMMAND_LINES_MAX; i++) {
        entry.command.act.redeem.lines[i] = (struct redeem_line){UINT32_MAX, -1};
        entry.lines[i] = (struct priced_line){UINT32_MAX, -1, -1, UINT64_MAX};
    }
    for (size_t i = 0; i < LB_ENTRY_POSTINGS_MAX; i++) {
        postings[i] = (struct posting){.account = {ACCOUNT_CLEARING, UINT64_MAX},
                                       .asset = {ASSET_GOODS, UINT32_MAX},
                                       .lot = UINT64_MAX,
                                       .amount = INT64_MIN};
    }
    entry.postings =
        (struct posting_list){postings, LB_ENTRY_POSTINGS_MAX, LB_ENTRY_POSTINGS_MAX, false};
    struct bytes packed;
    struct entry back;
    assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_OK);
    assert_true(packed.size <= LB_ENTRY_BYTES_MAX);
    assert_int_equal(entry_unpack(packed, &fixture->arena, &back), LB_OK);
    same_entry(&entry, &back);
}

static void unknown_fields_are_ignored(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(7);
    struct entry entry = bare_entry(fixture, &random, ACT_REDEEM);
    struct bytes packed;
    struct entry back;
    assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_OK);
    static uint8_t longer[LB_ENTRY_BYTES_MAX];
    static const uint8_t field_200[] = {0xc2, 0x0c, 3, 'n', 'e', 'w'};
    memcpy(longer, packed.data, packed.size);
    memcpy(longer + packed.size, field_200, sizeof(field_200));
    assert_int_equal(
        entry_unpack(bytes_of(longer, packed.size + sizeof(field_200)), &fixture->arena, &back),
        LB_OK);
    same_entry(&entry, &back);
}

static void a_person_comes_back_the_same(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(31);
    for (int i = 0; i < ROUNDS; i++) {
        struct person person = sample_person(&random);
        struct person back;
        struct bytes packed;
        assert_int_equal(entry_pack_person(&person, &fixture->arena, &packed), LB_OK);
        assert_int_equal(entry_unpack_person(packed, &fixture->arena, &back), LB_OK);
        same_person(&person, &back);
        arena_reset(&fixture->arena);
    }
}

static bool contains(struct bytes whole, struct bytes part)
{
    return memmem(whole.data, whole.size, part.data, part.size) != NULL;
}

static void memo_and_person_never_reach_the_bytes_of_an_entry(void **state)
{
    struct fixture *fixture = *state;
    static const enum act_kind kinds[] = {ACT_MEMBER_REGISTER, ACT_MEMBER_UPDATE};
    for (size_t i = 0; i < 2; i++) {
        struct entry entry = {.verdict.text = "",
                              .command = {.id.bytes = {1},
                                          .day = DAY_NONE,
                                          .memo = BYTES_LITERAL("secret memo"),
                                          .kind = kinds[i]}};
        struct person person = {.name = BYTES_LITERAL("secret name"), .birth_day = 1};
        if (kinds[i] == ACT_MEMBER_REGISTER) {
            entry.command.act.member_register.person = person;
        } else {
            entry.command.act.member_update.person = person;
            entry.command.act.member_update.has_person = true;
        }
        struct bytes packed;
        struct entry back;
        assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_OK);
        assert_false(contains(packed, BYTES_LITERAL("secret")));
        assert_int_equal(entry_unpack(packed, &fixture->arena, &back), LB_OK);
        strip_command(&entry.command);
        same_entry(&entry, &back);
    }
}

/* Rejects. */

static void no_prefix_of_an_entry_crashes_or_is_taken_for_the_whole(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(99);
    struct bytes packed;
    for (size_t i = 0; i < SAMPLES_ACT_COUNT; i++) {
        struct arena whole;
        arena_init(&whole, arena_memory_heap(), ARENA_BYTES);
        struct entry entry = bare_entry(fixture, &random, samples_acts[i]);
        assert_int_equal(entry_pack(&entry, &whole, &packed), LB_OK);
        for (size_t size = 0; size < packed.size; size++) {
            struct entry back;
            struct bytes again;
            struct bytes prefix;
            arena_reset(&fixture->arena);
            /* A copy of its own size, so that a sanitizer sees a read past the end. */
            assert_true(arena_copy(&fixture->arena, bytes_of(packed.data, size), &prefix));
            enum lb_result result = entry_unpack(prefix, &fixture->arena, &back);
            assert_true(result == LB_OK || result == LB_MALFORMED);
            if (result == LB_OK) {
                assert_int_equal(entry_pack(&back, &fixture->arena, &again), LB_OK);
                assert_false(bytes_equal(packed, again));
            }
        }
        arena_fini(&whole);
    }
}

static void more_bytes_than_any_entry_has_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t zeros[LB_ENTRY_BYTES_MAX + 1];
    struct entry back;
    assert_int_equal(entry_unpack(bytes_of(zeros, sizeof(zeros)), &fixture->arena, &back),
                     LB_MALFORMED);
    assert_int_equal(fixture->arena.used_bytes, 0);
}

static void an_entry_too_large_to_be_read_is_not_made(void **state)
{
    struct fixture *fixture = *state;
    static char name[LB_ENTRY_BYTES_MAX];
    memset(name, 'x', sizeof(name));
    struct entry entry = {.verdict.text = "", .command = {.id.bytes = {1}, .kind = ACT_ORG_OPEN}};
    entry.command.act.org_open.name = bytes_of(name, sizeof(name));
    struct bytes packed;
    assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_INTERNAL);
}

/* A message that is a good entry, for tests to spoil. */
struct spoiled {
    Lovebank__V1__Entry entry;
    Lovebank__V1__Command command;
    Lovebank__V1__MemberClose act;
    Lovebank__V1__Posting posting;
    Lovebank__V1__Posting *postings[LB_ENTRY_POSTINGS_MAX + 1];
    Lovebank__V1__PricedLine line;
    Lovebank__V1__PricedLine *lines[LB_COMMAND_LINES_MAX + 1];
    Lovebank__V1__MemberLink link;
    Lovebank__V1__MemberLink *links[ENTRY_LINKS_MAX + 1];
    Lovebank__V1__Balances balance;
    Lovebank__V1__Balances *balances[ENTRY_LINKS_MAX + 1];
    Lovebank__V1__ChainLink chain[ENTRY_CHAINS_MAX + 1];
    Lovebank__V1__ChainLink *chains[ENTRY_CHAINS_MAX + 1];
    Lovebank__V1__Earning earning;
    uint8_t bytes[LB_HASH_BYTES + 1];
    char memo[8];
};

static void spoiled_init(struct spoiled *spoiled)
{
    memset(spoiled, 0, sizeof(*spoiled));
    memset(spoiled->bytes, 1, sizeof(spoiled->bytes));
    lovebank__v1__entry__init(&spoiled->entry);
    lovebank__v1__command__init(&spoiled->command);
    lovebank__v1__member_close__init(&spoiled->act);
    lovebank__v1__posting__init(&spoiled->posting);
    lovebank__v1__priced_line__init(&spoiled->line);
    lovebank__v1__member_link__init(&spoiled->link);
    lovebank__v1__balances__init(&spoiled->balance);
    lovebank__v1__earning__init(&spoiled->earning);
    spoiled->posting.account = LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_MEMBER;
    spoiled->posting.asset = LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS;
    for (size_t i = 0; i <= LB_ENTRY_POSTINGS_MAX; i++) {
        spoiled->postings[i] = &spoiled->posting;
    }
    for (size_t i = 0; i <= LB_COMMAND_LINES_MAX; i++) {
        spoiled->lines[i] = &spoiled->line;
    }
    for (size_t i = 0; i <= ENTRY_LINKS_MAX; i++) {
        spoiled->links[i] = &spoiled->link;
        spoiled->balances[i] = &spoiled->balance;
    }
    for (size_t i = 0; i <= ENTRY_CHAINS_MAX; i++) {
        lovebank__v1__chain_link__init(&spoiled->chain[i]);
        spoiled->chain[i].kind = (Lovebank__V1__ChainKind)(i + 1);
        spoiled->chains[i] = &spoiled->chain[i];
    }
    spoiled->command.id = (ProtobufCBinaryData){LB_REQUEST_ID_BYTES, spoiled->bytes};
    spoiled->command.act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_CLOSE;
    spoiled->command.member_close = &spoiled->act;
    spoiled->entry.command = &spoiled->command;
    spoiled->entry.postings = spoiled->postings;
    spoiled->entry.n_postings = 1;
    spoiled->entry.lines = spoiled->lines;
    spoiled->entry.links = spoiled->links;
    spoiled->entry.balances = spoiled->balances;
    spoiled->entry.chains = spoiled->chains;
    spoiled->entry.n_chains = ENTRY_CHAINS_MAX;
}

static enum lb_result spoiled_unpack(struct fixture *fixture, const struct spoiled *spoiled)
{
    struct bytes packed;
    struct entry back;
    arena_reset(&fixture->arena);
    assert_int_equal(entry_message_pack(&spoiled->entry.base, &fixture->arena, &packed), LB_OK);
    return entry_unpack(packed, &fixture->arena, &back);
}

/* Each line spoils one thing of a good entry. */
#define SPOILED(change)                                          \
    do {                                                         \
        spoiled_init(&spoiled);                                  \
        change;                                                  \
        if (spoiled_unpack(fixture, &spoiled) != LB_MALFORMED) { \
            fail_msg("taken: %s", #change);                      \
        }                                                        \
    } while (0)

static void what_the_bank_could_not_have_packed_is_malformed(void **state)
{
    struct fixture *fixture = *state;
    static struct spoiled spoiled;
    spoiled_init(&spoiled);
    assert_int_equal(spoiled_unpack(fixture, &spoiled), LB_OK);
    SPOILED(spoiled.entry.command = NULL);
    SPOILED(spoiled.command.id.len = 0);
    SPOILED(spoiled.command.id.len = 15);
    SPOILED(spoiled.command.act_case = LOVEBANK__V1__COMMAND__ACT__NOT_SET);
    SPOILED(spoiled.command.memo = memcpy(spoiled.memo, "memo", 5));
    SPOILED(spoiled.entry.code = LB_TRY_LATER);
    SPOILED(spoiled.entry.code = 100000);
    SPOILED(spoiled.entry.code = UINT32_MAX);
    SPOILED(spoiled.entry.n_postings = LB_ENTRY_POSTINGS_MAX + 1);
    SPOILED(spoiled.posting.account = (Lovebank__V1__AccountKind)0);
    SPOILED(spoiled.posting.account = (Lovebank__V1__AccountKind)15);
    SPOILED(spoiled.posting.account = (Lovebank__V1__AccountKind)-1);
    SPOILED(spoiled.posting.asset = (Lovebank__V1__AssetKind)0);
    SPOILED(spoiled.posting.asset = (Lovebank__V1__AssetKind)4);
    SPOILED(spoiled.entry.n_lines = LB_COMMAND_LINES_MAX + 1);
    SPOILED(spoiled.entry.n_links = 1);
    SPOILED(spoiled.entry.n_balances = 1);
    SPOILED(spoiled.entry.n_links = spoiled.entry.n_balances = ENTRY_LINKS_MAX + 1);
    SPOILED(spoiled.entry.n_chains = ENTRY_CHAINS_MAX + 1);
    SPOILED(spoiled.chain[0].kind = (Lovebank__V1__ChainKind)0);
    SPOILED(spoiled.chain[0].kind = (Lovebank__V1__ChainKind)-1);
    SPOILED(spoiled.chain[0].kind = spoiled.chain[1].kind);
    SPOILED(spoiled.chain[1].kind = (Lovebank__V1__ChainKind)3);
    SPOILED(spoiled.entry.earning = &spoiled.earning);
    SPOILED(spoiled.entry.person_commitment =
                ((ProtobufCBinaryData){LB_HASH_BYTES - 1, spoiled.bytes}));
    SPOILED(spoiled.entry.memo_commitment =
                ((ProtobufCBinaryData){LB_HASH_BYTES + 1, spoiled.bytes}));
}

static void an_unknown_gender_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t gender_3[] = {0x10, 3};
    struct person back;
    assert_int_equal(
        entry_unpack_person(bytes_of(gender_3, sizeof(gender_3)), &fixture->arena, &back),
        LB_MALFORMED);
}

/* Faults. */

static void no_lack_of_memory_is_taken_for_anything_else(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(5);
    for (size_t i = 0; i < SAMPLES_ACT_COUNT; i++) {
        struct entry entry = bare_entry(fixture, &random, samples_acts[i]);
        struct bytes packed;
        struct entry back;
        arena_reset(&fixture->arena);
        assert_int_equal(entry_pack(&entry, &fixture->arena, &packed), LB_OK);
        enum lb_result packing = LB_MEMORY;
        enum lb_result unpacking = LB_MEMORY;
        /* A cap of every multiple of the arena's unit fails every allocation once. */
        for (size_t cap = 0; packing != LB_OK || unpacking != LB_OK; cap += 16) {
            struct arena small;
            struct bytes again;
            arena_init(&small, arena_memory_heap(), cap);
            packing = entry_pack(&entry, &small, &again);
            assert_true(packing == LB_MEMORY || bytes_equal(packed, again));
            arena_reset(&small);
            unpacking = entry_unpack(packed, &small, &back);
            assert_true(unpacking == LB_OK || unpacking == LB_MEMORY);
            arena_fini(&small);
        }
    }
}

static void a_person_without_memory_is_not_half_a_person(void **state)
{
    struct fixture *fixture = *state;
    struct person person = {
        .name = BYTES_LITERAL("王小明"), .birth_day = 100, .phone = BYTES_LITERAL("13800000000")};
    struct person back;
    struct bytes packed;
    assert_int_equal(entry_pack_person(&person, &fixture->arena, &packed), LB_OK);
    enum lb_result packing = LB_MEMORY;
    enum lb_result unpacking = LB_MEMORY;
    for (size_t cap = 0; packing != LB_OK || unpacking != LB_OK; cap += 16) {
        struct arena small;
        struct bytes again;
        arena_init(&small, arena_memory_heap(), cap);
        packing = entry_pack_person(&person, &small, &again);
        assert_true(packing == LB_MEMORY || bytes_equal(packed, again));
        arena_reset(&small);
        unpacking = entry_unpack_person(packed, &small, &back);
        assert_true(unpacking == LB_OK || unpacking == LB_MEMORY);
        arena_fini(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(an_entry_of_every_act_comes_back_the_same_and_has_the_bytes_of_protobuf),
        TEST(who_looks_for_changed_persons_need_not_unpack_the_others),
        TEST(the_largest_entry_fits),
        TEST(unknown_fields_are_ignored),
        TEST(a_person_comes_back_the_same),
        TEST(memo_and_person_never_reach_the_bytes_of_an_entry),
        TEST(no_prefix_of_an_entry_crashes_or_is_taken_for_the_whole),
        TEST(more_bytes_than_any_entry_has_are_refused),
        TEST(an_entry_too_large_to_be_read_is_not_made),
        TEST(what_the_bank_could_not_have_packed_is_malformed),
        TEST(an_unknown_gender_is_refused),
        TEST(no_lack_of_memory_is_taken_for_anything_else),
        TEST(a_person_without_memory_is_not_half_a_person),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
