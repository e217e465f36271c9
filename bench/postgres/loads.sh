# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# What both sides of bench/scale.sh share: loads beside each other, processors, and what a run cost
# the database. Sourced; expects `directory` and what bench/compare/postgres.sh defines.
# shellcheck disable=SC2154 # which are those of the script that sources this

# ---- processors ----

read -ra processors_allowed < <(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)))')
processor_list= # those of PostgreSQL and of our servers, as taskset takes them

# pin NUMBER|all: the first so many of the processors are PostgreSQL's and the servers'. Loads stay
# where the system puts them.
pin() {
    local count=$1 pid postmaster
    [[ $count != all ]] || count=${#processors_allowed[@]}
    processor_list=$(IFS=, && echo "${processors_allowed[*]:0:count}")
    postmaster=$(head -n 1 "$postgres_dir/data/postmaster.pid")
    # Of its children some end meanwhile.
    for pid in $(pgrep --parent "$postmaster") "$postmaster"; do
        taskset --all-tasks --cpu-list --pid "$processor_list" "$pid" >/dev/null 2>&1 || true
    done
}

# ---- loads beside each other ----

# side_by_side COUNT COMMAND ARGUMENTS...: COMMAND NUMBER ARGUMENTS for each number below COUNT, all
# at once; each leaves its line of JSON in load.NUMBER.
side_by_side() {
    local count=$1 command=$2 i pids=()
    shift 2
    rm -f "$directory"/load.*
    for ((i = 0; i < count; i++)); do
        "$command" "$i" "$@" >"$directory/load.$i" &
        pids+=($!)
    done
    for i in "${pids[@]}"; do
        wait "$i" || {
            echo "scale: a load failed: $command $*" >&2
            cat "$directory"/load.* "$postgres_dir/log" >&2
            exit 4
        }
    done
}

# begin_at: --begin-at some time ahead, for loads that shall begin together. They connect until then,
# and ours look at their members; where the time was too short for one of them, `measure` will see it,
# and give more.
lead_ms=1500
begin_at() {
    python3 -c 'import sys, time
print("--begin-at", time.monotonic_ns() // 1000 + int(sys.argv[1]) * 1000)' "$lead_ms"
}

# together: "A_SECOND P50_US P99_US OVERLAP" of the loads that ran last. What all did counts for the
# time from the first one's begin to the last one's end; latencies are the worst load's; OVERLAP is
# how many percent of that time all of them ran.
together() {
    local file name
    for file in "$directory"/load.*; do
        for name in begin_us end_us "done" p50_us p99_us; do
            field $name <"$file"
        done | paste --serial --delimiters ' '
    done | awk '
        NR == 1 { first_begin = last_begin = $1; first_end = last_end = $2 }
        { if ($1 < first_begin) first_begin = $1; if ($1 > last_begin) last_begin = $1
          if ($2 < first_end) first_end = $2; if ($2 > last_end) last_end = $2
          done += $3; if ($4 > p50) p50 = $4; if ($5 > p99) p99 = $5 }
        END { all = last_end - first_begin; overlap = first_end - last_begin
              if (all <= 0) exit 1
              printf "%.0f %d %d %d\n", done * 1000000 / all, p50, p99,
                     (overlap > 0) ? 100 * overlap / all : 0 }'
}

# sum_of FIELD: of the loads that ran last.
sum_of() {
    local file
    for file in "$directory"/load.*; do
        field "$1" <"$file"
    done | awk '{ all += $1 } END { printf "%d\n", all }'
}

# ---- what a run cost ----

bench_sql() {
    "$postgres_bin/psql" --host="$postgres_dir" --username=bench --quiet --no-psqlrc \
        --set=ON_ERROR_STOP=1 "$@"
}

checkpoint() { bench_sql --dbname=postgres --command="CHECKPOINT"; }

drop_database() {
    bench_sql --dbname=postgres --command="DROP DATABASE IF EXISTS $1 (FORCE)" 2>/dev/null
}

# database_mark DATABASE: its bytes, the bytes of WAL so far, and where the last checkpoint is.
database_mark() {
    bench_sql --dbname=postgres --tuples-only --no-align --field-separator=' ' --command="
        SELECT pg_database_size('$1'), pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
               checkpoint_lsn - '0/0'::pg_lsn
        FROM pg_control_checkpoint()"
}

# keep_cost FIGURE ENTRIES MARK-BEFORE MARK-AFTER: bytes of database and WAL an entry, of that
# figure. A checkpoint within the run would have one side pay what the other does not.
keep_cost() {
    local figure=$1 entries=$2 before after
    read -ra before <<<"$3"
    read -ra after <<<"$4"
    if [[ ${before[2]} != "${after[2]}" ]]; then
        echo "scale: a checkpoint began within the run of $figure: raise max_wal_size and" \
            "checkpoint_timeout in bench/postgres/postgres.sh, or take fewer seconds" >&2
        exit 4
    fi
    if ((entries > 0)); then
        echo "$(((after[0] - before[0]) / entries)) $(((after[1] - before[1]) / entries))" \
            >>"$directory/cost.$figure"
    fi
}
