#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# What HTTP does (docs/performance.md): balances and records as JSON by the Connect protocol, loaded
# by wrk; and how long framed desks wait while HTTP is flooded, beside two processes that only
# compute, as wrk and HTTP's thread do in that flood. Medians of RUNS runs of SECONDS, a fresh book
# of 1,000 members for each; loopback only; stops what it started. wrk on one connection is run with
# the server on all processors and, once more, with both on one: between two that fall asleep
# waking takes longer than answering.
#
# usage: bench/http.sh [RUNS [SECONDS]]      (default: 5 3)
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-5}
seconds=${2:-3}
source bench/common.sh
settings=(--insecure-no-login --http-listen 127.0.0.1:0)

if ! command -v wrk >/dev/null; then
    echo "http.sh: install wrk first: scripts/setup.sh compare" >&2
    exit 1
fi

start_book() {
    start_server
    lovebank --json bench --kind balance --members 1000 --count 1 >"$directory/out"
    url=http://127.0.0.1:$(sed -n 's/.* http_port=\([0-9]*\).*/\1/p' "$directory/log")
}

entries() { lovebank --json status | field durable_entry; }

# load NAME SCRIPT CONNECTIONS [COMMAND…]: a rate to a file; every answer must have been good.
load() {
    "${@:4}" wrk --threads 1 --connections "$3" --duration "${seconds}s" --script "bench/$2" \
        "$url" >"$directory/wrk"
    if grep -E 'Non-2xx|Socket errors' "$directory/wrk"; then
        exit 1
    fi
    sed -n 's/^Requests\/sec: *\([0-9]*\).*/\1/p' "$directory/wrk" >>"$directory/$1"
}

# records: each was answered durably, so there are as many entries.
load_records() {
    local before after answered
    before=$(entries)
    load "record $1" http_record.lua "$1"
    after=$(entries)
    answered=$(sed -n 's/^ *\([0-9]*\) requests in .*/\1/p' "$directory/wrk")
    if ((after - before < answered)); then
        echo "http.sh: $answered answers, and $((after - before)) entries" >&2
        exit 1
    fi
}

# compute NICENESS: in the background, until a moment after the desks.
compute() {
    nice -n "$1" timeout "$((seconds + 2))" sh -c 'while :; do :; done' &
}

# desks NAME: the 99th percentile of four framed desks, µs.
desks() {
    lovebank --json bench --connections 4 --in-flight 1 --batch 1 --members 1000 \
        --seconds "$seconds" | field p99_us >>"$directory/$1"
}

run() {
    start_book
    load "balance 1" http_balance.lua 1
    load "balance 64" http_balance.lua 64
    load_records 1
    stop_server
    start_book
    load_records 64
    stop_server
    start_book
    desks quiet
    wrk --threads 1 --connections 256 --duration "$((seconds + 2))s" --script bench/http_balance.lua \
        "$url" >"$directory/wrk" &
    local flood=$!
    desks flooded
    wait "$flood"
    compute 0
    local first=$!
    compute 5
    local second=$!
    desks computing
    wait "$first" "$second" || true
    stop_server
}

# On the first of the processors that there are.
run_on_one() {
    start_book
    taskset --all-tasks --cpu-list --pid "$one" "$server_pid" >/dev/null
    load "balance 1 on one processor" http_balance.lua 1 taskset --cpu-list "$one"
    stop_server
}

build
one=$(taskset --cpu-list --pid $$ | sed 's/.*: *\([0-9]*\).*/\1/')
for ((i = 0; i < runs; i++)); do
    run
    run_on_one
done
for name in "balance 1" "balance 1 on one processor" "balance 64" "record 1" "record 64"; do
    printf '%-30s %8d a second\n' "$name" "$(median <"$directory/$name")"
done
printf '%-30s %8d µs quiet, %d µs while HTTP is flooded, %d µs while two compute\n' \
    "99% of framed desks wait" "$(median <"$directory/quiet")" \
    "$(median <"$directory/flooded")" "$(median <"$directory/computing")"
