# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# What the scripts of bench/ share: a release build, a server in a fresh directory, medians. Sourced
# from the top of the repository, with `runs` set; what it started and made goes when the script ends.
# LOVEBANK_BIN_DIR names programs built before.

bin=${LOVEBANK_BIN_DIR:-build/release/bin}
# shellcheck disable=SC2034 # used by some of the scripts
tools=$(dirname "$bin")/bench
directory=$(mktemp -d "${TMPDIR:-/tmp}/lovebank-bench.XXXXXX")
server_pid=

build() {
    if [[ -z ${LOVEBANK_BIN_DIR:-} ]]; then
        scripts/setup.sh run
        cmake --preset release >/dev/null
        cmake --build --preset release --target lovebankd lovebank_cli limit -- --quiet
    fi
}

# Who gets in; a script may set others, and more settings.
settings=(--insecure-no-login)

# start_server_in DATA-DIRECTORY KEY-FILE: on a book that may be there already.
start_server_in() {
    "$bin/lovebankd" serve --config "" --data-dir "$1" --key-file "$2" --socket "$directory/s" \
        --connections-max 1024 "${settings[@]}" 2>"$directory/log" &
    server_pid=$!
    until grep --quiet ' listening ' "$directory/log"; do
        kill -0 "$server_pid"
    done
    "$bin/lovebank" --socket "$directory/s" status >/dev/null
}

# On a new book.
start_server() {
    rm -rf "$directory/data" "$directory/epoch.key"
    start_server_in "$directory/data" "$directory/epoch.key"
}

stop_server() {
    if [[ -n $server_pid ]]; then
        kill "$server_pid" || true
        wait "$server_pid" || true
        server_pid=
    fi
}

finish() {
    stop_server
    rm -rf "$directory"
}
trap finish EXIT

lovebank() { "$bin/lovebank" --socket "$directory/s" "$@"; }

# A number of each object of JSON, one object a line.
field() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

# The median of numbers, one a line.
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# Milliseconds that a command took. It must succeed.
took_ms() {
    local begin
    begin=$(date +%s%N)
    "$@" >"$directory/out"
    echo $((($(date +%s%N) - begin) / 1000000))
}
