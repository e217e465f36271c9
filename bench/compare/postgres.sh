# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A PostgreSQL of our own for bench/compare.sh: a new cluster in a temporary directory, as a user
# without rights, on a Unix socket only. Sourced; expects `directory`, `members` and `tools`.
# Everything it writes is durable before the answer: fsync and synchronous_commit stay on, and so do
# full page images. What is set is memory, room for WAL, and what this load does not need.
# shellcheck disable=SC2154 # which are those of the script that sources this

postgres_bin=/usr/lib/postgresql/15/bin
postgres_dir=$directory/postgres
postgres_settings=(
    listen_addresses="" unix_socket_directories="$postgres_dir" max_connections=300
    fsync=on synchronous_commit=on full_page_writes=on wal_sync_method=fdatasync
    shared_buffers=1GB wal_buffers=64MB max_wal_size=8GB min_wal_size=1GB checkpoint_timeout=30min
    wal_level=minimal max_wal_senders=0 jit=off log_min_messages=warning
)

# The server refuses to run as root: then it is run as the package's own user.
as_postgres() {
    if ((EUID == 0)); then
        setpriv --reuid=postgres --regid=postgres --init-groups "$@"
    else
        "$@"
    fi
}

start_postgres() {
    local setting options=()
    mkdir "$postgres_dir"
    if ((EUID == 0)); then
        chmod 711 "$directory"
        chown postgres: "$postgres_dir"
    fi
    (cd / && as_postgres "$postgres_bin/initdb" --pgdata="$postgres_dir/data" --username=bench \
        --auth=trust --encoding=UTF8 --locale=C >/dev/null)
    for setting in "${postgres_settings[@]}"; do
        options+=(-c "$setting")
    done
    (cd / && as_postgres "$postgres_bin/pg_ctl" --pgdata="$postgres_dir/data" --silent --wait \
        --log="$postgres_dir/log" --options="$(printf '%q ' "${options[@]}")" start)
}

# An empty book with the members of the other loads, as if it had always been there.
new_postgres_book() {
    local sql=("$postgres_bin/psql" --host="$postgres_dir" --username=bench --quiet --no-psqlrc
        --set=ON_ERROR_STOP=1)
    "${sql[@]}" --dbname=postgres --command="DROP DATABASE IF EXISTS bench" 2>/dev/null
    "${sql[@]}" --dbname=postgres --command="CREATE DATABASE bench"
    "${sql[@]}" --dbname=bench --file=bench/compare/postgres.sql
    "${sql[@]}" --dbname=bench --command="
        INSERT INTO member (member) SELECT generate_series(0, $members - 1)"
    "${sql[@]}" --dbname=bench --command="VACUUM ANALYZE member"
    "${sql[@]}" --dbname=bench --command="CHECKPOINT"
}

postgres_load() {
    "$tools/postgres_load" --connect "host=$postgres_dir user=bench dbname=bench" \
        --members "$members" "$@"
}

stop_postgres() {
    if [[ -e $postgres_dir/data/postmaster.pid ]]; then
        (cd / && as_postgres "$postgres_bin/pg_ctl" --pgdata="$postgres_dir/data" --silent --wait \
            --mode=immediate stop) || true
    fi
}
