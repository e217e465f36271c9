#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# The ledger on PostgreSQL beside PostgreSQL alone, in one run and on one server (docs/scale.md):
#   ours      two lovebankd on one book (--store), each with half of the load of `lovebank bench`
#   free      a stored function called directly, no order promised      (bench/postgres/free.sql)
#   pooled    the same behind a pooler: 256 callers share 24 connections
#   ordered   the same with numbers without a gap and a hash chain, as ours  (bench/postgres/ordered.sql)
#
# usage: bench/scale.sh ROUNDS SECONDS [free] [pooled] [ordered] [ours]
#                       [beside] [books] [replica] [standby]
#   free, pooled, ordered, ours   who takes part; all four if none is named
#   beside    single entries on 256 connections, batches of 1,000, and balances; if no part is named
#   books     1, 2 and 4 books on the one PostgreSQL, single entries on 256 connections in all, for
#             ours one lovebankd a book; servers and PostgreSQL on 1, 2, 4 … processors
#   replica   ours only: two servers that write, and a third that is read
#   standby   single entries on 2 and on 256 connections, and batches of 1,000, with no standby and
#             with a synchronous one at distances of up to 5 ms
# SCALE_BATCH: connections that send batches (4).
# SCALE_MEMBERS: members of a book (20000). SCALE_RATE: writes a second under `replica` (200).
#
# Starts a PostgreSQL of its own, in one temporary directory (TMPDIR chooses the disk), on a Unix
# socket; stops what it started. Who comes first changes with each round; printed are medians of the
# rounds, as Markdown. Each load is two processes at least, for each side; what they do counts from the
# first one's begin to the last one's end, and a run in which they did not run together is made again.
# Each run has a new database, which is checked afterwards, untimed, and dropped.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."

usage() {
    sed -n '/^# usage:/,/^# SCALE_MEMBERS/s/^# \?//p' bench/scale.sh
}

runs=${1:-}
seconds=${2:-}
if [[ $runs == --help ]]; then
    usage
    exit 0
fi
[[ $runs =~ ^[1-9][0-9]*$ && $seconds =~ ^[1-9][0-9]*$ ]] || {
    usage >&2
    exit 2
}
contenders=()
parts=()
for word in "${@:3}"; do
    case $word in
    free | pooled | ordered | ours) contenders+=("$word") ;;
    beside | books | replica | standby) parts+=("$word") ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done
((${#contenders[@]} > 0)) || contenders=(free pooled ordered ours)
((${#parts[@]} > 0)) || parts=(beside)
members=${SCALE_MEMBERS:-20000}
rate=${SCALE_RATE:-200}
warm_up_seconds=1
connections=256
few_connections=2
batch_connections=${SCALE_BATCH:-4}
servers_a_book=2
book_counts=(1 2 4)
overlap_percent_min=90
tries_max=4

source bench/common.sh
source bench/compare/postgres.sh
source bench/postgres/loads.sh
source bench/postgres/postgres.sh
source bench/postgres/ours.sh
source bench/postgres/standby.sh

finish_scale() {
    stop_ours
    end_standby
    stop_postgres
    finish
}
trap finish_scale EXIT

build_tools() {
    if [[ -z ${LOVEBANK_BIN_DIR:-} ]]; then
        scripts/setup.sh compare >&2
        cmake --preset release -DLB_BENCH=ON >/dev/null
        cmake --build --preset release --target lovebankd lovebank_cli service_load -- --quiet
    fi
}

# What a mode is: kind, callers in all, records in a request; each caller has a connection, but for
# the pooler's.
declare -A modes=(
    [few]="record $few_connections 1"
    [single]="record $connections 1"
    [batch]="record $batch_connections 1000"
    [reads]="balance $connections 1"
)
declare -A titles=(
    [few]="single entries, $few_connections connections"
    [single]="single entries, $connections connections"
    [batch]="batches of 1,000, $batch_connections connections"
    [reads]="balances, $connections connections"
)

# ---- rounds ----

# measure WHO MODE BOOKS PROCESSORS [DISTANCE]: adds a run to that figure's.
measure() {
    local who=$1 mode=$2 books=$3 processors=$4 figure=$1.$2.$3.$4${5:+.$5} servers=$3 try overlap
    [[ $processors != all ]] || servers=$servers_a_book
    for ((try = 1; try <= tries_max; try++)); do
        echo "scale: $who, $mode, books: $books, processors: $processors" >&2
        pin "$processors"
        if [[ $who == ours ]]; then
            run_ours "$mode" "$books" "$servers" "$figure" >"$directory/line"
        else
            run_rival "$who" "$mode" "$books" "$figure" >"$directory/line"
        fi
        overlap=$(cut -d ' ' -f 4 "$directory/line")
        if ((overlap >= overlap_percent_min)); then
            cat "$directory/line" >>"$directory/run.$figure"
            return
        fi
        lead_ms=$((lead_ms * 2))
        echo "scale: the loads ran together for $overlap % of the time only: once more, with" \
            "$lead_ms ms to get ready" >&2
    done
    echo "scale: $tries_max times the loads did not run together: something else uses the machine" >&2
    exit 4
}

# takes_part WHO MODE: a pooler is of no use to fewer callers than it has connections.
takes_part() {
    local callers
    read -r _ callers _ <<<"${modes[$2]}"
    [[ $1 != pooled ]] || ((callers > pool_connections))
}

# rotated BY WORD...: the words, beginning with another one each time.
rotated() {
    local by=$1
    shift
    by=$((by % $#))
    echo "${@:by + 1}" "${@:1:by}"
}

round_beside() {
    local mode who shift=$1
    for mode in single batch reads; do
        for who in $(rotated "$shift" "${contenders[@]}"); do
            ! takes_part "$who" "$mode" || measure "$who" "$mode" 1 all
        done
        shift=$((shift + 1))
    done
}

processor_counts() {
    local count
    for ((count = 1; count < ${#processors_allowed[@]}; count *= 2)); do
        echo "$count"
    done
    echo "${#processors_allowed[@]}"
}

round_books() {
    local count who processors shift=$1
    for processors in $(processor_counts); do
        for count in "${book_counts[@]}"; do
            for who in $(rotated "$shift" "${contenders[@]}"); do
                measure "$who" single "$count" "$processors"
            done
            shift=$((shift + 1))
        done
    done
}

# What runs on the third server beside the writers: nothing, balances, and balances as of an entry
# that it knows.
replica_cases=(nothing plain known)

round_replica() {
    local case entry load=()
    echo "scale: replica" >&2
    pin all
    new_our_books 1 1 3
    for case in $(rotated "$1" "${replica_cases[@]}"); do
        entry=$(our_entries 1 3)
        load=("$bin/lovebank" --socket "$directory/s.2" --json)
        [[ $case != known ]] || load+=(--at-least-entry "$entry")
        load+=(bench --kind balance --connections "$connections" --in-flight 1
            --members "$members" --seconds "$seconds")
        [[ $case != nothing ]] || load=()
        python3 bench/scale_client.py replica --write "$directory/s.0" --write "$directory/s.1" \
            --read "$directory/s.2" --rate "$rate" --members "$members" --seconds "$seconds" \
            "${load[@]}" >"$directory/line"
        cat "$directory/line" >>"$directory/replica.$case"
    done
    check_ours 1 3 "$(our_entries 1 3)"
    drop_ours
}

# Round trips to the standby, in µs.
standby_trips_us=(0 1000 5000)

# measure_at TRIP|none ROUND: every load, with a standby so far away.
measure_at() {
    local mode who shift=$2
    for mode in few single batch; do
        for who in $(rotated "$shift" "${contenders[@]}"); do
            [[ $1 == none ]] || checkpoint_standby
            ! takes_part "$who" "$mode" || measure "$who" "$mode" 1 all "$1"
        done
        shift=$((shift + 1))
    done
}

# Without a standby first or last, for there is none then that would take processors.
round_standby() {
    local trip
    (($1 % 2 == 1)) || measure_at none "$1"
    start_standby
    store_settings=(--store-ha)
    for trip in $(rotated "$1" "${standby_trips_us[@]}"); do
        wait_for_standby "$trip"
        measure_at "$trip" "$1"
    done
    store_settings=()
    stop_standby
    (($1 % 2 == 0)) || measure_at none "$1"
}

# ---- tables ----

thousands() { sed ':a; s/^\([0-9]\+\)\([0-9]\{3\}\)/\1,\2/; ta' <<<"${1:-}"; }

# column FILE NUMBER: the median of it; nothing without the file.
column() { if [[ -e $directory/$1 ]]; then cut -d ' ' -f "$2" "$directory/$1" | median; fi; }

# ratio A B: with two digits; nothing without both.
ratio() {
    if [[ -n $1 && -n $2 && $2 != 0 ]]; then
        awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
    fi
}

print_beside() {
    local mode who figure part line
    echo '| load | who | a second | p50 µs | p99 µs | database bytes an entry | WAL bytes an entry' \
        '| ours / this |'
    echo '|---|---|---|---|---|---|---|---|'
    for mode in single batch reads; do
        for who in "${contenders[@]}"; do
            takes_part "$who" "$mode" || continue
            figure=$who.$mode.1.all
            line="| ${titles[$mode]} | $who"
            for part in run:1 run:2 run:3 cost:1 cost:2; do
                line+=" | $(thousands "$(column "${part%:*}.$figure" "${part#*:}")")"
            done
            [[ $who == ours ]] || line+=" | $(ratio "$(column "run.ours.$mode.1.all" 1)" \
                "$(column "run.$figure" 1)")"
            [[ $who != ours ]] || line+=" |"
            echo "$line |"
        done
    done
}

# The ratio is to whichever is faster of those that promise nothing: free and pooled.
print_best() {
    local mode who best one ours
    for mode in single batch reads; do
        best=
        for who in free pooled; do
            one=$(column "run.$who.$mode.1.all" 1)
            if [[ -n $one ]] && ((one > ${best:-0})); then
                best=$one
            fi
        done
        ours=$(column "run.ours.$mode.1.all" 1)
        if [[ -n $best && -n $ours ]]; then
            echo "- ${titles[$mode]}: ours / the best of free and pooled = $(ratio "$ours" "$best")"
        fi
    done
}

print_books() {
    local who count processors line
    line='| single entries a second | processors |'
    for count in "${book_counts[@]}"; do
        line+=" books: $count |"
    done
    echo "$line"
    echo "|---|---|$(printf -- '---|%.0s' "${book_counts[@]}")"
    for who in "${contenders[@]}"; do
        for processors in $(processor_counts); do
            line="| $who | $processors |"
            for count in "${book_counts[@]}"; do
                line+=" $(thousands "$(column "run.$who.single.$count.$processors" 1)") |"
            done
            echo "$line"
        done
    done
}

print_replica() {
    local case number line
    declare -A what=([nothing]="nothing" [plain]="balances, $connections connections"
        [known]="the same as of a known entry")
    echo "Two servers write, a third is read; µs, p50 and p99, of reads back from the write's answer:"
    echo
    echo '| on the third server | balances a second | p50 | p99 | writes a second | write p50 | p99' \
        '| balance back p50 | p99 | statement back p50 | p99 | board back p50 | p99' \
        '| of 1,000 plain reads did not see it |'
    echo '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|'
    for case in "${replica_cases[@]}"; do
        line="| ${what[$case]}"
        for ((number = 1; number <= 13; number++)); do
            [[ $number == 13 ]] || line+=" | $(thousands "$(column "replica.$case" $number)")"
            [[ $number != 13 ]] || line+=" | $(column "replica.$case" 13) |"
        done
        echo "$line"
    done
}

print_standby() {
    local mode trip who part line
    echo '| load | who | standby | a second | p50 µs | p99 µs | ours / this |'
    echo '|---|---|---|---|---|---|---|'
    for mode in few single batch; do
        for who in "${contenders[@]}"; do
            takes_part "$who" "$mode" || continue
            for trip in none "${standby_trips_us[@]}"; do
                line="| ${titles[$mode]} | $who"
                case $trip in
                none) line+=" | none" ;;
                0) line+=" | beside it" ;;
                *) line+=" | $((trip / 1000)) ms away" ;;
                esac
                for part in 1 2 3; do
                    line+=" | $(thousands "$(column "run.$who.$mode.1.all.$trip" "$part")")"
                done
                [[ $who == ours ]] || line+=" | $(ratio "$(column "run.ours.$mode.1.all.$trip" 1)" \
                    "$(column "run.$who.$mode.1.all.$trip" 1)")"
                [[ $who != ours ]] || line+=" |"
                echo "$line |"
            done
        done
    done
}

# ---- the whole ----

disk=$(df --output=fstype "$directory" | tail -n 1)
if [[ $disk == tmpfs || $disk == ramfs ]]; then
    echo "scale: $directory is in memory ($disk): set TMPDIR to a directory on a disk" >&2
    exit 2
fi
build_tools
start_postgres
age_wal
printf '%s, %s cores, kernel %s, %s, PostgreSQL %s, median of %d rounds of %d s, %d members\n\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "${#processors_allowed[@]}" \
    "$(uname -r)" "$disk" \
    "$("$postgres_bin/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')" \
    "$runs" "$seconds" "$members"
read -r flush_p50 flush_p99 < <(python3 bench/scale_client.py flush "$directory")
printf '8 KiB written and fdatasynced there: p50 %d µs, p99 %d µs\n' "$flush_p50" "$flush_p99"
for ((run = 0; run < runs; run++)); do
    for part in "${parts[@]}"; do
        "round_$part" "$run"
    done
done
for part in "${parts[@]}"; do
    echo
    "print_$part"
    if [[ $part == beside ]]; then
        echo
        print_best
    fi
done
