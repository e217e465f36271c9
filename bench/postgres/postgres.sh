# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# The rival's books for bench/scale.sh, on the PostgreSQL that bench/compare/postgres.sh starts. Each
# book is a schema of its own in one database. Sourced after that and loads.sh; expects `directory`,
# `members`, `modes` and `tools`.
# shellcheck disable=SC2154 # which are those of the script that sources this

# Durability is as PostgreSQL comes, full page images included. No checkpoint begins within a run:
# a page's image is logged at its first change after one, which the rival's rows, changed in place
# all over its tables, would pay again and again, and ours, which only appends, would not.
# shellcheck disable=SC2034 # start_postgres uses it
postgres_settings=(
    listen_addresses="" unix_socket_directories="$postgres_dir" max_connections=300
    fsync=on synchronous_commit=on full_page_writes=on shared_buffers=1GB wal_buffers=64MB
    max_wal_size=8GB min_wal_size=4GB checkpoint_timeout=30min jit=off log_min_messages=warning
)

# A new server fills each file of its WAL with zeros first; one that has run for a while writes over
# those of earlier times, which a checkpoint keeps (min_wal_size). Neither side is to pay for that.
age_wal() {
    bench_sql --dbname=postgres --output=/dev/null --command="
        SELECT pg_logical_emit_message(false, '', repeat(' ', 1 << 20))
        FROM generate_series(1, 4096)"
    checkpoint
}

# Connections of a pooler, in all: what 256 callers get to share.
pool_connections=24

# rival_load NUMBER BOOKS LOADS OPTIONS...: one of so many loads on so many books, with its share of
# its book's members.
rival_load() {
    local number=$1 books=$2 share=$((members * $2 / $3)) place=$(($1 / $2))
    shift 3
    "$tools/service_load" --first $((place * share)) --members $share "$@" --connect \
        "host=$postgres_dir user=bench dbname=rival options=-csearch_path=book$((number % books))"
}

# rival_touch BOOKS LOADS: an entry for every member.
rival_touch() {
    side_by_side "$2" rival_load "$1" "$2" --connections 2 --batch 1000 \
        --count $((members * $1 / $2)) --seconds 3600
}

# new_rival_books VARIANT BOOKS LOADS: books with their members, each of whom has an entry. Plans are
# made once for each connection; made upon empty tables they would be bad ones for long, so statistics
# come first. After the checkpoint every member is changed once, so that a run does not begin with
# the images of all pages.
new_rival_books() {
    local variant=$1 books=$2 loads=$3 book setting
    drop_database rival
    bench_sql --dbname=postgres --command="CREATE DATABASE rival"
    for setting in enable_seqscan=off enable_hashjoin=off enable_mergejoin=off \
        plan_cache_mode=force_generic_plan; do # a batch's lines are looked up one by one
        bench_sql --dbname=postgres --command="ALTER DATABASE rival SET $setting"
    done
    for ((book = 0; book < books; book++)); do
        bench_sql --dbname=rival --command="CREATE SCHEMA book$book" \
            --command="SET search_path = book$book" \
            --file=bench/postgres/schema.sql --file="bench/postgres/$variant.sql" \
            --command="INSERT INTO tariff VALUES (1, '2000-01-01', 6000, 1000, 1, NULL, 1440)" \
            --command="INSERT INTO member (member, joined)
                       SELECT n, '2000-01-01' FROM generate_series(0, $members - 1) AS n" \
            --command="ANALYZE"
    done
    rival_touch "$books" "$loads"
    bench_sql --dbname=rival --command="VACUUM ANALYZE"
    checkpoint
    rival_touch "$books" "$loads"
}

# Every book's sums are those of its entries.
check_rival_books() {
    local book
    for ((book = 0; book < $1; book++)); do
        bench_sql --dbname=rival --command="SET enable_seqscan = on" \
            --command="SET enable_hashjoin = on" --command="SET search_path = book$book" \
            --file=bench/postgres/check.sql
    done
}

# Entries in so many books.
rival_entries() {
    local book
    for ((book = 0; book < $1; book++)); do
        bench_sql --dbname=rival --tuples-only --no-align \
            --command="SELECT count(*) FROM book$book.entry"
    done | awk '{ all += $1 } END { print all }'
}

# run_rival WHO MODE BOOKS FIGURE: one run; prints the line of `together`.
run_rival() {
    local who=$1 books=$3 figure=$4 kind callers batch loads before after entries variant=$1
    local links=() begin=()
    read -r kind callers batch <<<"${modes[$2]}"
    loads=$((books > 2 ? books : 2))
    links=(--connections $((callers / loads)))
    if [[ $who == pooled ]]; then
        variant=free
        links=(--connections $((pool_connections / loads)) --callers $((callers / loads)))
    fi
    new_rival_books "$variant" "$books" "$loads"
    entries=$(rival_entries "$books")
    before=$(database_mark rival)
    read -ra begin < <(begin_at)
    side_by_side "$loads" rival_load "$books" "$loads" --kind "$kind" "${links[@]}" \
        --batch "$batch" --seconds "$seconds" --warm-up "$warm_up_seconds" \
        "${begin[@]}"
    after=$(database_mark rival)
    entries=$(($(rival_entries "$books") - entries))
    if [[ $kind == record && $entries != "$(sum_of all)" ]]; then
        echo "scale: $who has $entries entries more, and answered $(sum_of all)" >&2
        exit 4
    fi
    check_rival_books "$books"
    keep_cost "$figure" "$entries" "$before" "$after"
    together
    drop_database rival # so that nothing of it is vacuumed under the next run
}
