#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Ours beside others, on this machine, in one go (docs/performance.md, "Beside others"):
#   ours        lovebankd under `lovebank bench`
#   limit       bench/limit: the same messages and journal bytes, and nothing of a bank
#   LMDB        a bare loop that writes our rows, a transaction a group; no client, no rules
#   PostgreSQL  15, a stored function, a batch in one call (bench/compare/postgres.sql)
#   SQLite      a bare loop, WAL and synchronous=FULL; no client, no rules
# Prints Markdown. Each figure is the median of RUNS runs of SECONDS seconds. All books are in one
# temporary directory; Unix sockets only; installs what is missing; stops what it started. About ten
# minutes with the defaults.
#
# usage: bench/compare.sh [RUNS [SECONDS]]      (default: 3 3)
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-3}
seconds=${2:-3}
members=100000
source bench/common.sh
source bench/compare/postgres.sh

finish_compare() {
    stop_postgres
    finish
}
trap finish_compare EXIT

# Name, then kind, connections, requests in flight on each, records in a request.
loads=(
    "one at a time, 1 connection|record 1 1 1"
    "one at a time, 16 connections|record 16 1 1"
    "one at a time, 64 connections|record 64 1 1"
    "one at a time, 256 connections|record 256 1 1"
    "64 connections × 16 in flight|record 64 16 1"
    "batches of 1,000|record 1 2 1000"
    "batches of 8,000|record 1 2 8000"
    "balances, 1 connection|balance 1 1 1"
    "balances, 64 connections|balance 64 1 1"
    "balances, 64 connections × 16 in flight|balance 64 16 1"
)

build_tools() {
    if [[ -z ${LOVEBANK_BIN_DIR:-} ]]; then
        scripts/setup.sh compare >&2
        cmake --preset release -DLB_BENCH=ON >/dev/null
        cmake --build --preset release \
            --target lovebankd lovebank_cli limit lmdb_loop sqlite_loop postgres_load -- --quiet
    fi
}

# keep WHO LOAD COMMAND...: runs it and adds what it did a second to that figure's runs.
keep() {
    local who=$1 load=$2
    shift 2
    "$@" >"$directory/line" || {
        echo "compare: failed: $*" >&2
        cat "$directory/line" >&2
        exit 4
    }
    field per_second <"$directory/line" >>"$directory/$who.$load"
}

run_ours() {
    local load kind connections in_flight batch
    start_server
    for ((load = 0; load < ${#loads[@]}; load++)); do
        read -r kind connections in_flight batch <<<"${loads[load]#*|}"
        keep ours $load lovebank --json bench --kind "$kind" --connections "$connections" \
            --in-flight "$in_flight" --batch "$batch" --seconds "$seconds" --members $members
    done
    stop_server
}

run_limit() {
    local load kind connections in_flight batch
    for ((load = 0; load < ${#loads[@]}; load++)); do
        read -r kind connections in_flight batch <<<"${loads[load]#*|}"
        keep limit $load "$tools/limit" --kind "$kind" --connections "$connections" \
            --in-flight "$in_flight" --batch "$batch" --seconds "$seconds" --members $members \
            --directory "$directory"
    done
}

# Batches on two connections: each is a process of its own, and there are two cores.
run_postgres() {
    local load kind connections in_flight batch
    new_postgres_book
    for load in 0 1 2 3 5 6; do
        read -r kind connections in_flight batch <<<"${loads[load]#*|}"
        if ((batch > 1)); then
            connections=2
        fi
        keep postgres $load postgres_load --connections "$connections" --batch "$batch" \
            --seconds "$seconds"
    done
}

# The loops have no connections: beside 64 of them stand groups of 64.
run_loops() {
    local pair
    for pair in 0:1 2:64 5:1000 6:8000; do
        rm -rf "$directory/lmdb" && mkdir "$directory/lmdb"
        keep lmdb "${pair%:*}" "$tools/lmdb_loop" --directory "$directory/lmdb" \
            --group "${pair#*:}" --members $members --seconds "$seconds"
    done
    rm -rf "$directory/lmdb"
    for pair in 0:1 5:1000 6:8000; do
        keep sqlite "${pair%:*}" "$tools/sqlite_loop" --file "$directory/sqlite.db" \
            --group "${pair#*:}" --members $members --seconds "$seconds"
        rm -f "$directory"/sqlite.db*
    done
}

# The median of a figure's runs; nothing where it was not measured.
figure() { if [[ -e $directory/$1.$2 ]]; then median <"$directory/$1.$2"; fi; }

thousands() { sed ':a; s/^\([0-9]\+\)\([0-9]\{3\}\)/\1,\2/; ta' <<<"${1:-}"; }

# ratio A B: with two digits; nothing without both.
ratio() {
    if [[ -n $1 && -n $2 && $2 != 0 ]]; then
        awk -v a="$1" -v b="$2" 'BEGIN { printf a / b < 10 ? "%.2f" : "%.0f", a / b }'
    fi
}

print_table() {
    local load ours who line
    echo '| a second | ours | limit | LMDB | PostgreSQL | SQLite | ours / limit | ours / LMDB' \
        '| ours / PostgreSQL | ours / SQLite |'
    echo '|---|---|---|---|---|---|---|---|---|---|'
    for ((load = 0; load < ${#loads[@]}; load++)); do
        ours=$(figure ours $load)
        line="| ${loads[load]%%|*} | $(thousands "$ours")"
        for who in limit lmdb postgres sqlite; do
            line+=" | $(thousands "$(figure $who $load)")"
        done
        for who in limit lmdb postgres sqlite; do
            line+=" | $(ratio "$ours" "$(figure $who $load)")"
        done
        echo "$line |"
    done
}

build_tools
printf '%s, %s cores, kernel %s, %s, PostgreSQL %s, median of %d runs of %d s\n\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)" \
    "$(df --output=fstype "$directory" | tail -n 1)" \
    "$("$postgres_bin/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')" "$runs" "$seconds"
echo 'One durable write into a file of zeros, nothing beside it:'
echo
"$tools/limit" --syncs --directory "$directory"
echo
start_postgres
for ((run = 0; run < runs; run++)); do
    echo "run $((run + 1)) of $runs" >&2
    run_ours
    run_limit
    run_postgres
    run_loops
done
print_table
echo
echo 'The same writes, afterwards:'
echo
"$tools/limit" --syncs --directory "$directory"
