#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A PostgreSQL of a test's own: a new cluster in a temporary directory, on a Unix socket there, as a
# user without rights. It is durable in earnest (fsync and all), and small. Prints the URL of its
# database once it can be used, and lives until its standard input ends, which it does with whoever
# started it, or until its time is over; then nothing is left of it.
#
# usage: tests/postgres/cluster.sh [--seconds N] [--standby] [--tls DIR] [SETTING=VALUE]...
#   --standby  it can only be read, until it is promoted; it follows nobody
#   --tls DIR  it speaks TLS, with server.crt and server.key of that directory; say also where it
#              listens: listen_addresses=ADDRESS port=N
# A line `stop` on its standard input stops the server, `start` starts it again; each is repeated
# once that is done.
set -uo pipefail

bin=${LOVEBANK_POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
seconds=600
standby=false
tls=
settings=(
    listen_addresses= fsync=on synchronous_commit=on full_page_writes=on wal_level=replica
    max_wal_senders=10 max_connections=100 shared_buffers=16MB min_wal_size=32MB max_wal_size=128MB
    autovacuum=off jit=off log_min_messages=fatal
)

while (($# > 0)); do
    case $1 in
    --seconds)
        seconds=$2
        shift
        ;;
    --standby) standby=true ;;
    --tls)
        tls=$2
        shift
        ;;
    *=*) settings+=("$1") ;;
    *)
        echo "usage: tests/postgres/cluster.sh [--seconds N] [--standby] [--tls DIR] [SETTING=VALUE]..." >&2
        exit 2
        ;;
    esac
    shift
done
if [[ ! -x $bin/postgres ]]; then
    echo "cluster: there is no PostgreSQL in $bin: scripts/setup.sh test" >&2
    exit 1
fi

# The server refuses to run as root: then it is run as the package's own user. It ends with this
# script, however that ends.
as_postgres() {
    local user=()
    if ((EUID == 0)); then
        user=(--reuid=postgres --regid=postgres --init-groups)
    fi
    exec setpriv "${user[@]}" --pdeathsig QUIT "$@"
}

directory=$(mktemp -d "${TMPDIR:-/tmp}/lovebank-postgres-XXXXXX") || exit 1
server=
stop() {
    trap - EXIT
    if [[ -n $server ]]; then
        kill -QUIT "$server" 2>/dev/null # at once: nothing of it is wanted any more
        wait "$server" 2>/dev/null
    fi
    rm -rf "$directory"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

mkdir "$directory/run"
if ((EUID == 0)); then
    chmod 711 "$directory"
    chown postgres: "$directory/run"
fi
cd / || exit 1
if ! (as_postgres "$bin/initdb" --pgdata="$directory/run/data" --username=lovebank --auth=trust \
    --encoding=UTF8 --locale=C --no-sync --no-instructions) >"$directory/initdb.log" 2>&1 </dev/null; then
    cat "$directory/initdb.log" >&2
    exit 1
fi

if $standby; then
    touch "$directory/run/data/standby.signal"
fi
options=(-c "unix_socket_directories=$directory/run")
port=
for setting in "${settings[@]}"; do
    options+=(-c "$setting")
    [[ $setting != port=* ]] || port=$setting
done
if [[ -n $tls ]]; then # it takes only a key that is its own
    options+=(-c ssl=on)
    for kind in cert:crt key:key; do
        name=server.${kind#*:}
        cp "$tls/$name" "$directory/run/$name" && chmod 600 "$directory/run/$name" || exit 1
        ((EUID != 0)) || chown postgres: "$directory/run/$name"
        options+=(-c "ssl_${kind%:*}_file=$directory/run/$name")
    done
fi

start() {
    (as_postgres "$bin/postgres" -D "$directory/run/data" "${options[@]}") \
        >"$directory/server.log" 2>&1 </dev/null &
    server=$!
    # The last line of that file tells how far it is.
    local tries=0
    until grep -qsE '^(ready|standby)' "$directory/run/data/postmaster.pid"; do
        if ! kill -0 "$server" 2>/dev/null || ((++tries > 600)); then
            cat "$directory/server.log" >&2
            exit 1
        fi
        sleep 0.05
    done
}
start
echo "postgres://lovebank@/postgres?host=${directory//\//%2F}%2Frun${port:+&$port}"

# Until the input ends: then `read` fails at once, or after the time.
while ((seconds > SECONDS)) && read -r -t $((seconds - SECONDS)) word; do
    case $word in
    stop)
        kill -INT "$server" # without waiting for who is connected
        wait "$server"
        server=
        ;;
    start) start ;;
    esac
    echo "$word"
done
exit 0
