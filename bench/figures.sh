#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# The figures of docs/performance.md: a release build, a server in a fresh directory, the load of
# `lovebank bench` beside it on the same machine. Each figure is the median of RUNS runs; every run
# of bench checks what it wrote. Takes about two minutes a run; loopback only; stops what it started.
#
# usage: bench/figures.sh [RUNS]      (default: 3)
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-3}
entries=1000000
members=100000
source bench/common.sh

# Memory of the server besides mapped files, in MB.
anonymous_mb() { awk '/^RssAnon/ { print int($2 / 1024) }' "/proc/$server_pid/status"; }

# load NAME BENCH-OPTIONS...: one line of the table; a fresh book for each run.
load() {
    local name=$1 run
    shift
    : >"$directory/rows"
    for ((run = 0; run < runs; run++)); do
        start_server
        lovebank --json bench "$@" >>"$directory/rows"
        stop_server
    done
    printf '| %s | %s | %s | %s | %s |\n' "$name" \
        "$(field per_second <"$directory/rows" | median)" \
        "$(field p50_us <"$directory/rows" | median)" \
        "$(field p95_us <"$directory/rows" | median)" \
        "$(field p99_us <"$directory/rows" | median)"
}

# A book of a million entries: how long to check it, to rank it, and what memory that takes.
million() {
    local run name
    for ((run = 0; run < runs; run++)); do
        start_server
        lovebank --json bench --connections 4 --batch 1000 --in-flight 2 --count $entries \
            --members $members | field per_second >>"$directory/fill"
        took_ms lovebank verify >>"$directory/verify"
        took_ms lovebank stars --year "$year" --org "$org" --format csv -o "$directory/board" \
            2>/dev/null >>"$directory/board_ms"
        wc -l <"$directory/board" >>"$directory/board_rows"
        anonymous_mb >>"$directory/memory"
        du -sm "$directory/data" | cut -f 1 >>"$directory/disk"
        stop_server
        took_ms "$bin/lovebankd" verify --config "" --data-dir "$directory/data" \
            --key-file "$directory/epoch.key" >>"$directory/offline"
    done
    for name in fill verify offline board_ms board_rows memory disk; do
        printf '| %s | %s |\n' "$name" "$(median <"$directory/$name")"
    done
}

org=999999999999 # of bench's own making
year=2002        # of its first records

build
printf '%s, %s cores, kernel %s, %s, median of %d runs\n\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)" \
    "$(df --output=fstype "$directory" | tail -n 1)" "$runs"
echo '| load | a second | p50 µs | p95 µs | p99 µs |'
echo '|---|---|---|---|---|'
load 'record, 1 connection, 1 at a time' --connections 1 --batch 1 --in-flight 1 --seconds 5
load 'record, 16 connections' --connections 16 --batch 1 --in-flight 1 --seconds 5
load 'record, 64 connections' --connections 64 --batch 1 --in-flight 1 --seconds 5
load 'record, 64 connections × 16 in flight' --connections 64 --batch 1 --in-flight 16 --seconds 5
load 'record, batches of 1,000' --connections 1 --batch 1000 --in-flight 2 --seconds 5
load 'record, batches of 8,000' --connections 1 --batch 8000 --in-flight 2 --seconds 5
load 'balance, 1 connection' --kind balance --connections 1 --batch 1 --in-flight 1 --seconds 3
load 'balance, 64 connections' --kind balance --connections 64 --batch 1 --in-flight 1 --seconds 3
printf '\n| a book of %s entries, %s members | |\n|---|---|\n' $entries $members
million
