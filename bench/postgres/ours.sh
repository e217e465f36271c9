# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Our side of bench/scale.sh: lovebankd on books in the PostgreSQL that bench/compare/postgres.sh
# starts. Sourced after that and loads.sh; expects `bin`, `directory`, `members`, `modes`, `settings`.
# shellcheck disable=SC2154 # which are those of the script that sources this

server_pids=()
store_settings=() # of every server, besides `settings`
server_wait_s=60

stop_ours() {
    local pid
    for pid in "${server_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" || true
    done
    server_pids=()
}

our_url() { echo "postgres://bench@/ours?host=$postgres_dir"; }

# start_ours NUMBER BOOK: one more lovebankd on a book, with an empty cache of its own.
start_ours() {
    local number=$1 book=$2 deadline=$((SECONDS + server_wait_s))
    : >"$directory/log.$number"
    taskset --cpu-list "$processor_list" "$bin/lovebankd" serve --config "" \
        --data-dir "$directory/ours.$number" --key-file "$directory/$book.key" \
        --socket "$directory/s.$number" --connections-max 1024 \
        --store "$(our_url)" --store-book "$book" "${settings[@]}" \
        "${store_settings[@]}" 2>"$directory/log.$number" &
    server_pids+=($!)
    until grep --quiet ' listening ' "$directory/log.$number"; do
        if ! kill -0 "${server_pids[-1]}" || ((SECONDS > deadline)); then
            cat "$directory/log.$number" >&2
            exit 4
        fi
        sleep 0.05
    done
}

# our_bench SERVER OPTIONS...: `lovebank bench` on that server.
our_bench() {
    local server=$1
    shift
    "$bin/lovebank" --socket "$directory/s.$server" --json bench --in-flight 1 "$@"
}

# our_load NUMBER BOOKS LOADS SERVERS OPTIONS...: one of so many loads on so many books through so
# many servers, with its share of its book's members.
our_load() {
    local number=$1 books=$2 share=$((members * $2 / $3)) server=$(($1 % $4))
    local place=$((number / books))
    shift 4
    our_bench "$server" --first $((place * share)) --members $share "$@"
}

# our_touch BOOKS LOADS SERVERS: an entry for every member, who is registered if he is not yet.
our_touch() {
    side_by_side "$2" our_load "$@" --connections 2 --batch 1000 --count $((members * $1 / $2))
}

# new_our_books BOOKS LOADS SERVERS: as new_rival_books.
new_our_books() {
    local books=$1 servers=$3 i
    drop_database ours
    rm -rf "$directory"/ours.* "$directory"/*.key
    bench_sql --dbname=postgres --command="CREATE DATABASE ours"
    "$bin/lovebankd" migrate --config "" --data-dir "$directory/ours.0" --store "$(our_url)" \
        >/dev/null
    for ((i = 0; i < servers; i++)); do
        start_ours "$i" "book$((i % books))"
    done
    our_touch "$@"
    bench_sql --dbname=ours --command="VACUUM ANALYZE"
    checkpoint
    our_touch "$@"
}

# our_entries BOOKS SERVERS: of all books, once the servers of each agree on them and on their root;
# fails if they do not.
our_entries() {
    local books=$1 servers=$2 book i sockets
    for ((book = 0; book < books; book++)); do
        sockets=()
        for ((i = book; i < servers; i += books)); do
            sockets+=("$directory/s.$i")
        done
        python3 bench/scale_client.py agree "${sockets[@]}"
    done | awk '{ all += $1 } END { print all }'
}

# check_ours BOOKS SERVERS ENTRIES: so many entries are in the books and as many in the tables, the
# servers agree, and one of each book verifies it.
check_ours() {
    local books=$1 servers=$2 wanted=$3 entries rows book
    entries=$(our_entries "$books" "$servers")
    rows=$(bench_sql --dbname=ours --tuples-only --no-align \
        --command="SELECT sum(entry_number) FROM lovebank_book")
    if ((entries != wanted || rows != wanted)); then
        echo "scale: $wanted entries were answered; the books have $entries, the tables $rows" >&2
        exit 4
    fi
    for ((book = 0; book < books; book++)); do
        "$bin/lovebank" --socket "$directory/s.$book" verify >"$directory/verify" || {
            cat "$directory/verify" >&2
            exit 4
        }
    done
}

# drop_ours: the servers and what they kept.
drop_ours() {
    stop_ours
    drop_database ours
    rm -rf "$directory"/ours.* "$directory"/*.key
}

# run_ours MODE BOOKS SERVERS FIGURE: one run; prints the line of `together`.
run_ours() {
    local books=$2 servers=$3 figure=$4 kind links batch loads before after entries did=0
    local timed=() begin=()
    read -r kind links batch <<<"${modes[$1]}"
    loads=$((books > 2 ? books : 2))
    new_our_books "$books" "$loads" "$servers"
    timed=("$loads" our_load "$books" "$loads" "$servers" --kind "$kind"
        --connections $((links / loads)) --batch "$batch")
    side_by_side "${timed[@]}" --seconds "$warm_up_seconds"
    entries=$(our_entries "$books" "$servers")
    before=$(database_mark ours)
    read -ra begin < <(begin_at)
    side_by_side "${timed[@]}" --seconds "$seconds" "${begin[@]}"
    after=$(database_mark ours)
    [[ $kind != record ]] || did=$(sum_of "done")
    check_ours "$books" "$servers" $((entries + did))
    keep_cost "$figure" "$did" "$before" "$after"
    together
    drop_ours
}
