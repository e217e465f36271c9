#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# How a book behaves as it grows (docs/performance.md): fills one for each number of members, step by
# step, in batches of 1,000, and adds a line to DIR/growth.csv after each step:
#   members, entries                in the book, the step's included; a member is an entry too
#   recorded, per_second, p99_us    of the step
#   disk_bytes                      of the data directory, when the step was over
#   stored_bytes                    by which that grew in the step
#   written_bytes                   that the server gave to the device in the step (/proc/PID/io)
#   start_ms                        from the start after a kill -9 to the first answer
# At the end of each book 64 connections record one at a time, and then 4 in batches, for TRACE_SECONDS
# each: DIR/latency-MEMBERS-single.csv and -batch.csv, in windows of 100 ms. Before each, a loop that
# does nothing but write and sync as many bytes shows what the device does alone: DIR/bare-….csv.
#
# Run again with the same DIR, it goes on where it was. A step that was broken off is not counted,
# though its entries stay in the book. bench/plot.py draws the curves.
#
# usage: bench/growth.sh DIR [ENTRIES [STEP [MEMBERS...]]]
#        (default: 20000000 1000000 10000 100000 1000000; about 500 bytes of disk an entry)
set -euo pipefail

usage() {
    echo "usage: bench/growth.sh DIR [ENTRIES [STEP [MEMBERS...]]]" >&2
    exit 2
}

(($# >= 1)) || usage
books=$(realpath --canonicalize-missing "$1")
cd "$(dirname "$0")/.."
entries=${2:-20000000}
step=${3:-1000000}
shift $(($# < 3 ? $# : 3))
sizes=("$@")
((${#sizes[@]} > 0)) || sizes=(10000 100000 1000000)
for number in "$entries" "$step" "${sizes[@]}"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || usage
done
trace_seconds=${TRACE_SECONDS:-20}
source bench/common.sh
csv=$books/growth.csv
columns=members,entries,recorded,per_second,p99_us,disk_bytes,stored_bytes,written_bytes,start_ms

start() { start_server_in "$books/$members" "$books/$members.key"; }

disk_bytes() { du --block-size=1 --summarize "$books/$members" | cut -f 1; }

written_bytes() { sed -n 's/^write_bytes: //p' "/proc/$server_pid/io"; }

book_entries() { lovebank --json status | field durable_entry; }

# The server as a crash leaves it, and how long it takes to be back.
crash() {
    kill -KILL "$server_pid"
    wait "$server_pid" 2>/dev/null || true
    took_ms start
}

fill_step() {
    local written disk result
    written=$(written_bytes)
    disk=$(disk_bytes)
    lovebank --json bench --connections 4 --in-flight 2 --batch 1000 --count "$step" \
        --members "$members" >"$directory/step"
    written=$(($(written_bytes) - written))
    result=$members,$(book_entries),$(field "done" <"$directory/step")
    result+=,$(field per_second <"$directory/step"),$(field p99_us <"$directory/step"),$(disk_bytes)
    result+=,$(($(disk_bytes) - disk)),$written
    crash >"$directory/start_ms"
    echo "$result,$(cat "$directory/start_ms")" | tee -a "$csv"
}

# trace NAME BATCH BENCH-OPTIONS...
trace() {
    local name=$members-$1 batch=$2
    shift 2
    if [[ ! -e $books/latency-$name.csv ]]; then
        "$tools/limit" --trace-syncs --batch "$batch" --seconds "$trace_seconds" \
            --directory "$books" >"$books/bare-$name.csv"
        lovebank --json bench --members "$members" --seconds "$trace_seconds" --batch "$batch" \
            --trace "$directory/trace" "$@" >/dev/null
        mv "$directory/trace" "$books/latency-$name.csv"
    fi
}

build
mkdir -p "$books"
[[ -e $csv ]] || echo "$columns" >"$csv"
for members in "${sizes[@]}"; do
    start
    # A load of one registers the members, which is no part of any step.
    lovebank --json bench --connections 1 --in-flight 1 --batch 1 --count 1 \
        --members "$members" >/dev/null
    while (($(book_entries) < entries)); do
        fill_step
    done
    trace single 1 --connections 64 --in-flight 1
    trace batch 1000 --connections 4 --in-flight 2
    stop_server
done
