#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# The ledger on PostgreSQL beside PostgreSQL alone, in one run and on one server (docs/scale.md):
#   ours      two lovebankd on one book (--store), each with half of the load of `lovebank bench`
#   free      a stored function called directly, no order promised      (bench/postgres/free.sql)
#   ordered   the same with numbers without a gap and a hash chain, as ours  (bench/postgres/ordered.sql)
# Single entries on 256 connections, batches of 1,000, and balances; with `books` also 1, 2 and 4
# books on the one PostgreSQL, single entries on 256 connections in all, for ours one lovebankd a book.
#
# Starts a PostgreSQL of its own, in one temporary directory (TMPDIR chooses the disk), on a Unix
# socket; stops what it started. The contenders take turns in each round; printed are medians of the
# rounds, as Markdown. Loads in several processes count for the time from the first one's begin to
# the last one's end. Every run of ours and of the rivals is checked afterwards, untimed.
#
# usage: bench/scale.sh ROUNDS SECONDS [free] [ordered] [ours] [books]
#        (default: all three contenders, and no books; SCALE_MEMBERS=N members, 20000)
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    sed -n 's/^# \(usage:.*\)/\1/p' bench/scale.sh >&2
    exit 2
}

runs=${1:-}
seconds=${2:-}
[[ $runs =~ ^[1-9][0-9]*$ && $seconds =~ ^[1-9][0-9]*$ ]] || usage
contenders=()
book_counts=()
for word in "${@:3}"; do
    case $word in
    free | ordered | ours) contenders+=("$word") ;;
    books) book_counts=(1 2 4) ;;
    *) usage ;;
    esac
done
((${#contenders[@]} > 0)) || contenders=(free ordered ours)
members=${SCALE_MEMBERS:-20000}
warm_up_seconds=1
connections=256
batch_connections=4
servers_a_book=2

source bench/common.sh
source bench/compare/postgres.sh
source bench/postgres/postgres.sh

server_pids=()

stop_ours() {
    local pid
    for pid in "${server_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" || true
    done
    server_pids=()
}

finish_scale() {
    stop_ours
    stop_postgres
    finish
}
trap finish_scale EXIT

build_tools() {
    if [[ -z ${LOVEBANK_BIN_DIR:-} ]]; then
        scripts/setup.sh compare >&2
        cmake --preset release -DLB_BENCH=ON >/dev/null
        cmake --build --preset release \
            --target lovebankd lovebank_cli service_load limit -- --quiet
    fi
}

# ---- loads side by side ----

# run_load NUMBER COMMAND...: one of them, in the background; leaves its line and when it ended.
run_load() {
    local number=$1
    shift
    "$@" >"$directory/load.$number"
    date +%s%N >"$directory/end.$number"
}

# together COUNT: waits for loads 0 to COUNT - 1, then prints a second, p50 and p99 of all. The time
# is the longest load's and what the ends lie apart; the latencies are the worst load's.
together() {
    local count=$1 i pid
    for pid in "${load_pids[@]}"; do
        wait "$pid" || {
            echo "scale: a load failed" >&2
            exit 4
        }
    done
    for ((i = 0; i < count; i++)); do
        echo "$(cat "$directory/end.$i")" \
            "$(field "done" <"$directory/load.$i")" "$(field took_us <"$directory/load.$i")" \
            "$(field p50_us <"$directory/load.$i")" "$(field p99_us <"$directory/load.$i")"
    done | awk '
        { end = $1 / 1000; if (NR == 1 || end < first) first = end; if (end > last) last = end
          done += $2; if ($3 > took) took = $3; if ($4 > p50) p50 = $4; if ($5 > p99) p99 = $5 }
        END { printf "%.0f %d %d\n", done * 1000000 / (took + last - first), p50, p99 }'
}

# ---- contenders: each prints "A_SECOND P50_US P99_US" of one run ----

# What a mode is: kind, connections in all, records in a request.
declare -A modes=(
    [single]="record $connections 1"
    [batch]="record $batch_connections 1000"
    [reads]="balance $connections 1"
)

# run_rival VARIANT MODE BOOKS
run_rival() {
    local variant=$1 books=$3 kind links batch book bytes entries
    read -r kind links batch <<<"${modes[$2]}"
    new_rival_books "$variant" "$books"
    bytes=$(database_bytes rival)
    entries=$(rival_entries "$books")
    load_pids=()
    for ((book = 0; book < books; book++)); do
        run_load "$book" rival_load "$book" --kind "$kind" --connections $((links / books)) \
            --batch "$batch" --seconds "$seconds" --warm-up $warm_up_seconds &
        load_pids+=($!)
    done
    together "$books"
    check_rival_books "$books"
    if [[ $kind == record && $in_books == 0 ]]; then
        entries=$(($(rival_entries "$books") - entries))
        keep_bytes "$variant" "$2" $((($(database_bytes rival) - bytes) / entries))
    fi
}

# keep_bytes CONTENDER MODE BYTES: of the database for each entry.
keep_bytes() { echo "$3" >>"$directory/bytes.$1.$2"; }

our_url() { echo "postgres://bench@/ours?host=$postgres_dir"; }

has_store() { [[ $("$bin/lovebankd" help 2>/dev/null) == *" --store "* ]]; }

# start_ours NUMBER BOOK: one more lovebankd on a book, with an empty cache of its own.
start_ours() {
    local number=$1 book=$2 deadline=$((SECONDS + 60))
    "$bin/lovebankd" serve --config "" --data-dir "$directory/ours.$number" \
        --key-file "$directory/$book.key" --socket "$directory/s.$number" --connections-max 1024 \
        --store "$(our_url)" --store-book "$book" "${settings[@]}" 2>"$directory/log.$number" &
    server_pids+=($!)
    until grep --quiet ' listening ' "$directory/log.$number"; do
        if ! kill -0 "${server_pids[-1]}" || ((SECONDS > deadline)); then
            cat "$directory/log.$number" >&2
            exit 4
        fi
    done
}

# our_load NUMBER OPTIONS...: on that server, with members that no other load uses.
our_load() {
    local number=$1
    shift
    "$bin/lovebank" --socket "$directory/s.$number" --json bench --in-flight 1 \
        --first $((number * members)) --members "$members" "$@"
}

# run_ours MODE BOOKS: with one book several servers, with several one for each.
run_ours() {
    local books=$2 kind links batch servers=$2 i bytes entries=0
    read -r kind links batch <<<"${modes[$1]}"
    ((in_books)) || servers=$servers_a_book
    rival_sql --dbname=postgres --command="DROP DATABASE IF EXISTS ours" 2>/dev/null
    rival_sql --dbname=postgres --command="CREATE DATABASE ours"
    "$bin/lovebankd" migrate --config "" --data-dir "$directory/ours.0" --store "$(our_url)" >&2
    for ((i = 0; i < servers; i++)); do
        start_ours "$i" "book$((i % books))"
    done
    # Registers the members, and is the warm-up.
    for ((i = 0; i < servers; i++)); do
        our_load "$i" --connections 16 --batch 1 --seconds $warm_up_seconds >/dev/null
    done
    rival_sql --dbname=postgres --command="CHECKPOINT"
    bytes=$(database_bytes ours)
    load_pids=()
    for ((i = 0; i < servers; i++)); do
        run_load "$i" our_load "$i" --kind "$kind" --connections $((links / servers)) \
            --batch "$batch" --seconds "$seconds" &
        load_pids+=($!)
    done
    together "$servers"
    if [[ $kind == record && $in_books == 0 ]]; then
        for ((i = 0; i < servers; i++)); do
            ((entries += $(field "done" <"$directory/load.$i")))
        done
        keep_bytes ours "$1" $((($(database_bytes ours) - bytes) / entries))
    fi
    stop_ours
    rm -rf "$directory"/ours.* "$directory"/*.key
}

# ---- rounds and tables ----

# measure CONTENDER MODE BOOKS: adds a run to that figure's.
measure() {
    local who=$1 mode=$2 books=$3
    echo "scale: $who, $mode, books: $books" >&2
    if [[ $who == ours ]]; then
        run_ours "$mode" "$books" >"$directory/line"
    else
        run_rival "$who" "$mode" "$books" >"$directory/line"
    fi
    cat "$directory/line" >>"$directory/run.$who.$mode.$books.$in_books"
}

# figure CONTENDER MODE BOOKS IN-BOOKS COLUMN: the median of a figure's runs.
figure() { cut -d ' ' -f "$5" "$directory/run.$1.$2.$3.$4" | median; }

thousands() { sed ':a; s/^\([0-9]\+\)\([0-9]\{3\}\)/\1,\2/; ta' <<<"${1:-}"; }

# ratio CONTENDER MODE BOOKS: how many times as fast ours is; nothing without ours.
ratio() {
    if [[ -e $directory/run.ours.$2.$3.0 && $1 != ours ]]; then
        awk -v a="$(figure ours "$2" "$3" 0 1)" -v b="$(figure "$1" "$2" "$3" 0 1)" \
            'BEGIN { if (b > 0) printf "%.2f", a / b }'
    fi
}

print_contenders() {
    local mode who bytes
    echo '| load | who | a second | p50 µs | p99 µs | database bytes an entry | ours / this |'
    echo '|---|---|---|---|---|---|---|'
    for mode in single batch reads; do
        for who in "${contenders[@]}"; do
            bytes=
            if [[ -e $directory/bytes.$who.$mode ]]; then
                bytes=$(median <"$directory/bytes.$who.$mode")
            fi
            echo "| ${titles[$mode]} | $who | $(thousands "$(figure "$who" "$mode" 1 0 1)")" \
                "| $(thousands "$(figure "$who" "$mode" 1 0 2)")" \
                "| $(thousands "$(figure "$who" "$mode" 1 0 3)") | $(thousands "$bytes")" \
                "| $(ratio "$who" "$mode" 1) |"
        done
    done
}

print_books() {
    local who count line
    echo '| single entries a second | 1 book | 2 books | 4 books |'
    echo '|---|---|---|---|'
    for who in "${contenders[@]}"; do
        line="| $who"
        for count in "${book_counts[@]}"; do
            line+=" | $(thousands "$(figure "$who" single "$count" 1 1)")"
        done
        echo "$line |"
    done
}

declare -A titles=(
    [single]="single entries, $connections connections"
    [batch]="batches of 1,000, $batch_connections connections"
    [reads]="balances, $connections connections"
)

build_tools
if [[ " ${contenders[*]} " == *" ours "* ]] && ! has_store; then
    echo 'scale: this lovebankd has no setting --store yet; ours is left out' >&2
    kept=()
    for who in "${contenders[@]}"; do
        [[ $who == ours ]] || kept+=("$who")
    done
    contenders=("${kept[@]}")
    ((${#contenders[@]} > 0)) || exit 0
fi
start_postgres
printf '%s, %s cores, kernel %s, %s, PostgreSQL %s, median of %d rounds of %d s, %d members\n\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)" \
    "$(df --output=fstype "$directory" | tail -n 1)" \
    "$("$postgres_bin/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')" \
    "$runs" "$seconds" "$members"
for ((run = 0; run < runs; run++)); do
    in_books=0
    for mode in single batch reads; do
        for who in "${contenders[@]}"; do
            measure "$who" "$mode" 1
        done
    done
    in_books=1
    for count in "${book_counts[@]}"; do
        for who in "${contenders[@]}"; do
            measure "$who" single "$count"
        done
    done
done
print_contenders
if ((${#book_counts[@]} > 0)); then
    echo
    print_books
fi
