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
source bench/common.sh

# Runs a command and adds what it took to the figures of that name.
measure() {
    local name=$1
    shift
    took_ms "$@" >>"$directory/$name"
}

run() {
    start_server
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

build
bench/make_sheets.py "$directory" "$sheets" "$rows"
for ((i = 0; i < runs; i++)); do
    run
done

printf '%-48s %8s ms\n' \
    "preview of a sheet of $rows rows" "$(median <"$directory/preview")" \
    "import of a sheet of $rows rows" "$(median <"$directory/one")" \
    "import of $sheets sheets, $((sheets * rows)) rows" "$(median <"$directory/all")" \
    "the same again, nothing changes" "$(median <"$directory/again")"
