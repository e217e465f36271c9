# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# The rival's books for bench/scale.sh, on the PostgreSQL that bench/compare/postgres.sh starts. Each
# book is a schema of its own in one database. Sourced after that; expects `directory`, `members` and
# `tools`.
# shellcheck disable=SC2154 # which are those of the script that sources this

# Memory and room for connections are set; durability, WAL and checkpoints are as PostgreSQL comes.
# shellcheck disable=SC2034 # start_postgres uses it
postgres_settings=(
    listen_addresses="" unix_socket_directories="$postgres_dir" max_connections=300
    fsync=on synchronous_commit=on full_page_writes=on shared_buffers=1GB jit=off
    log_min_messages=warning
)

rival_sql() {
    "$postgres_bin/psql" --host="$postgres_dir" --username=bench --quiet --no-psqlrc \
        --set=ON_ERROR_STOP=1 "$@"
}

# new_rival_books VARIANT COUNT: books with their members and some entries. Plans are made once for
# each connection; made upon empty tables they would be bad ones for long, so statistics come first.
new_rival_books() {
    local variant=$1 count=$2 book setting
    rival_sql --dbname=postgres --command="DROP DATABASE IF EXISTS rival" 2>/dev/null
    rival_sql --dbname=postgres --command="CREATE DATABASE rival"
    for setting in enable_seqscan=off enable_hashjoin=off enable_mergejoin=off \
        plan_cache_mode=force_generic_plan; do # a batch's lines are looked up one by one
        rival_sql --dbname=postgres --command="ALTER DATABASE rival SET $setting"
    done
    for ((book = 0; book < count; book++)); do
        rival_sql --dbname=rival --command="CREATE SCHEMA book$book" \
            --command="SET search_path = book$book" \
            --file=bench/postgres/schema.sql --file="bench/postgres/$variant.sql" \
            --command="INSERT INTO tariff VALUES (1, '2000-01-01', 6000, 1000, 1, NULL, 1440)" \
            --command="INSERT INTO member (member, joined)
                       SELECT n, '2000-01-01' FROM generate_series(0, $members - 1) AS n" \
            --command="ANALYZE"
        rival_load $book --connections 16 --seconds 1 >/dev/null
        rival_sql --dbname=rival --command="VACUUM ANALYZE"
    done
    rival_sql --dbname=postgres --command="CHECKPOINT"
}

# rival_load BOOK OPTIONS...
rival_load() {
    local book=$1
    shift
    "$tools/service_load" --members "$members" "$@" \
        --connect "host=$postgres_dir user=bench dbname=rival options=-csearch_path=book$book"
}

# Every book's sums are those of its entries.
check_rival_books() {
    local book
    for ((book = 0; book < $1; book++)); do
        rival_sql --dbname=rival --command="SET enable_seqscan = on" \
            --command="SET enable_hashjoin = on" --command="SET search_path = book$book" \
            --file=bench/postgres/check.sql
    done
}

# Entries in so many books.
rival_entries() {
    local book
    for ((book = 0; book < $1; book++)); do
        rival_sql --dbname=rival --tuples-only --no-align \
            --command="SELECT count(*) FROM book$book.entry"
    done | awk '{ all += $1 } END { print all }'
}

# Bytes that a database takes.
database_bytes() {
    rival_sql --dbname=postgres --tuples-only --no-align \
        --command="SELECT pg_database_size('$1')"
}
