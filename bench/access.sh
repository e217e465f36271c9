#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# What it costs that only the right people get in (docs/performance.md): the same load from a device
# with a token, a desk and administrator by its roles, and on a server that asks for no log-in; and
# over TLS and plain TCP, both on loopback, without a log-in. Taken in turns, medians of RUNS runs of
# SECONDS; a server and a book of 1,000 members for each; loopback only; stops what it started.
#
# usage: bench/access.sh [RUNS [SECONDS]]      (default: 5 2)
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-5}
seconds=${2:-2}
source bench/common.sh
export XDG_CONFIG_HOME=$directory/config
password="a password of the bench"

# A book with a device that may do what the load does; its token is in $directory/token.
make_book() {
    "$bin/lovebankd" init --config "" --data-dir "$directory/book" --key-file "$directory/key" \
        >"$directory/init"
    settings=()
    start_server_in "$directory/book" "$directory/key"
    local code
    code=$(grep -oE '[0-9A-Z]{4}(-[0-9A-Z]+){3,}' "$directory/init" | head -n 1)
    printf '%s\n' "$code" "$password" "$password" | lovebank --lang en login admin
    lovebank --lang en org open 1 一 --kind community
    lovebank --lang en device open bench --org 1 --token-file "$directory/token"
    lovebank --lang en role set bench administrator@all desk@all
    lovebank --lang en logout
    stop_server
}

# start_with SETTINGS...: on a copy of the book.
start_with() {
    rm -rf "$directory/copy"
    cp -r "$directory/book" "$directory/copy"
    settings=("$@")
    start_server_in "$directory/copy" "$directory/key"
}

port_of() { sed -n "s/.* $1=\\([0-9]*\\) .*/\\1/p" "$directory/log" | head -n 1; }

loads=("record --connections 1 --in-flight 1 --batch 1" "record --connections 64 --in-flight 1 --batch 1"
    "record --connections 4 --in-flight 2 --batch 1000" "balance --connections 64 --in-flight 1"
    "balance --connections 64 --in-flight 16")

# load NAME OPTIONS...: each of the loads by a client with those options; its rates go to files.
load() {
    local name=$1 at kind rest
    shift
    for at in "${!loads[@]}"; do
        read -r kind rest <<<"${loads[at]}"
        # shellcheck disable=SC2086 # several options
        "$bin/lovebank" "$@" --json bench --kind "$kind" $rest --members 1000 --seconds "$seconds" |
            field per_second >>"$directory/$name-$at"
    done
}

run() {
    start_with --account-requests 10000000 --account-bytes 1024MiB \
        --address-requests 10000000 --address-bytes 1024MiB
    load with --socket "$directory/s" --device-token-file "$directory/token"
    stop_server
    start_with --insecure-no-login
    load without --socket "$directory/s"
    stop_server
    start_with --insecure-no-login --insecure-loopback 127.0.0.1:0 --tls-listen 127.0.0.1:0 \
        --tls-certificate "$directory/tls/server.pem" --tls-key "$directory/tls/server.key"
    load tls --connect "tls:127.0.0.1:$(port_of tls_port)" --ca "$directory/tls/ca.pem"
    load plain --connect "tcp:127.0.0.1:$(port_of tcp_port)"
    stop_server
}

build
"$bin/lovebankd" tls-init "$directory/tls" --host 127.0.0.1 >"$directory/out"
make_book >"$directory/out"
for ((i = 0; i < runs; i++)); do
    run
done

printf '%-50s %10s %10s %6s   %10s %10s %6s\n' "" "no log-in" token share "plain TCP" TLS share
for at in "${!loads[@]}"; do
    printf '%-50s' "${loads[at]}"
    for pair in "without with" "plain tls"; do
        read -r base other <<<"$pair"
        awk -v a="$(median <"$directory/$base-$at")" -v b="$(median <"$directory/$other-$at")" \
            'BEGIN { printf " %10d %10d %5.2f  ", a, b, b / a }'
    done
    echo
done
