# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A synchronous standby for bench/scale.sh: a second PostgreSQL here, on the same disk, which follows
# the first one over a wire of a length to choose (bench/scale_wire.py). Sourced after
# bench/compare/postgres.sh and loads.sh; expects `directory`.
# shellcheck disable=SC2154 # which are those of the script that sources this

standby_dir=$directory/standby
standby_wait_s=60
wire_pid=

# until_answer WANTED SQL: the first server gives that answer, before long.
until_answer() {
    local deadline=$((SECONDS + standby_wait_s)) answer=
    until [[ $answer == "$1" ]]; do
        if ((SECONDS > deadline)); then
            echo "scale: instead of \"$1\" still \"$answer\": $2" >&2
            cat "$standby_dir/log" >&2
            exit 4
        fi
        sleep 0.1
        answer=$(bench_sql --dbname=postgres --tuples-only --no-align --command="$2")
    done
}

# lay_wire DELAY_US: so long each direction takes from here on.
lay_wire() {
    cut_wire
    setpriv --pdeathsig TERM python3 bench/scale_wire.py "$standby_dir/wire/.s.PGSQL.5432" \
        "$postgres_dir/.s.PGSQL.5432" "$1" &
    wire_pid=$!
}

cut_wire() {
    if [[ -n $wire_pid ]]; then
        kill "$wire_pid" 2>/dev/null || true
        wait "$wire_pid" || true
        rm -f "$standby_dir/wire/.s.PGSQL.5432"
        wire_pid=
    fi
}

# A copy of the first server, which then follows it. Its log's files are written over, as the first
# one's are (age_wal).
start_standby() {
    local setting options=()
    mkdir -p "$standby_dir/wire"
    if ((EUID == 0)); then
        chown postgres: "$standby_dir"
        chmod 711 "$standby_dir"
    fi
    (cd / && as_postgres "$postgres_bin/pg_basebackup" --host="$postgres_dir" --username=bench \
        --pgdata="$standby_dir/data" --checkpoint=fast --no-sync --create-slot --slot=far)
    as_postgres touch "$standby_dir/data/standby.signal"
    for setting in "${postgres_settings[@]}" unix_socket_directories="$standby_dir" \
        primary_conninfo="host=$standby_dir/wire user=bench application_name=far" \
        primary_slot_name=far wal_retrieve_retry_interval=100ms; do
        options+=(-c "$setting")
    done
    lay_wire 0
    (cd / && as_postgres "$postgres_bin/pg_ctl" --pgdata="$standby_dir/data" --silent --wait \
        --log="$standby_dir/log" --options="$(printf '%q ' "${options[@]}")" start)
    until_answer streaming "SELECT state FROM pg_stat_replication"
    age_wal
    until_answer t "SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication"
    checkpoint_standby
}

# So that it begins none by itself within a run.
checkpoint_standby() {
    "$postgres_bin/psql" --host="$standby_dir" --username=bench --dbname=postgres --quiet \
        --no-psqlrc --command=CHECKPOINT
}

# wait_for_standby TRIP_US: from here on commits wait for it, at that distance.
wait_for_standby() {
    lay_wire $(($1 / 2))
    bench_sql --dbname=postgres --output=/dev/null \
        --command="ALTER SYSTEM SET synchronous_standby_names = far" \
        --command="SELECT pg_reload_conf()"
    until_answer "streaming sync" "SELECT state || ' ' || sync_state FROM pg_stat_replication"
}

# It and the wire are gone, whatever became of the rest.
end_standby() {
    if [[ -e $standby_dir/data/postmaster.pid ]]; then
        (cd / && as_postgres "$postgres_bin/pg_ctl" --pgdata="$standby_dir/data" --silent --wait \
            --mode=immediate stop) || true
    fi
    cut_wire
}

# Nobody waits for it any more either, and nothing is kept for it.
stop_standby() {
    bench_sql --dbname=postgres --output=/dev/null \
        --command="ALTER SYSTEM RESET synchronous_standby_names" \
        --command="SELECT pg_reload_conf()"
    end_standby
    until_answer 0 "SELECT count(*) FROM pg_stat_replication"
    bench_sql --dbname=postgres --output=/dev/null \
        --command="SELECT pg_drop_replication_slot('far')"
    rm -rf "$standby_dir"
}
