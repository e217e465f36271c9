#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# How long a person waits for imports (docs/performance.md): a release build, a server in a fresh
# directory, 10,000 members; one sheet of 500 rows previewed and imported, then 200 more in one
# import, then the same 200 again, which changes nothing. Medians of RUNS runs; about 30 seconds a
# run; loopback only; stops what it started.
#
# usage: bench/imports.sh [RUNS]      (default: 3)
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-3}
sheets=200 rows=500
bin=${LOVEBANK_BIN_DIR:-build/release/bin}
directory=$(mktemp -d "${TMPDIR:-/tmp}/lovebank-imports.XXXXXX")
server_pid=

stop_server() {
    if [[ -n $server_pid ]]; then
        kill "$server_pid" && wait "$server_pid" || true
        server_pid=
    fi
}

finish() {
    stop_server
    rm -rf "$directory"
}
trap finish EXIT

lovebank() { "$bin/lovebank" --socket "$directory/s" "$@"; }

# Runs a command and adds what it took, in ms, to the figures of that name. It must succeed.
measure() {
    local name=$1 begin
    shift
    begin=$(date +%s%N)
    "$@" >"$directory/out" || {
        cat "$directory/out" >&2
        exit 1
    }
    echo $((($(date +%s%N) - begin) / 1000000)) >>"$directory/$name"
}

run() {
    rm -rf "$directory/data" "$directory/epoch.key"
    "$bin/lovebankd" serve --config "" --data-dir "$directory/data" \
        --key-file "$directory/epoch.key" --socket "$directory/s" 2>"$directory/log" &
    server_pid=$!
    until lovebank status >/dev/null 2>&1; do
        kill -0 "$server_pid"
    done
    for kind in orgs categories members; do
        lovebank import "$kind" "$directory/$kind.csv" --yes >/dev/null
    done
    local options=(--org 990101000100)
    measure preview lovebank --dry-run import sheet "$directory/one.csv" "${options[@]}"
    measure one lovebank import sheet "$directory/one.csv" "${options[@]}" --yes
    measure all lovebank import sheet "$directory"/sheets/*.csv "${options[@]}" --yes
    measure again lovebank import sheet "$directory"/sheets/*.csv "${options[@]}" --yes
    stop_server
}

if [[ -z ${LOVEBANK_BIN_DIR:-} ]]; then
    scripts/setup.sh run
    cmake --preset release >/dev/null
    cmake --build --preset release --target lovebankd lovebank_cli -- --quiet
fi
bench/make_sheets.py "$directory" "$sheets" "$rows"
for ((i = 0; i < runs; i++)); do
    run
done

median() { sort -n "$directory/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
printf '%-48s %8s ms\n' \
    "preview of a sheet of $rows rows" "$(median preview)" \
    "import of a sheet of $rows rows" "$(median one)" \
    "import of $sheets sheets, $((sheets * rows)) rows" "$(median all)" \
    "the same again, nothing changes" "$(median again)"
