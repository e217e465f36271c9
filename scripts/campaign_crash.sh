#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A long campaign of one kind of crash: one seed after the other, one line for each in a file.
# Started again with the same file it goes on after the kind's last seed there.
set -euo pipefail

usage() {
    cat <<USAGE
usage: scripts/campaign_crash.sh KIND RESULTS SEEDS

Runs SEEDS more seeds (1, 2, 3 …) of a KIND and appends to RESULTS, a text file: "kill seed 7 ok 100
kills, …" or "kill seed 7 FAILED …". Then prints what RESULTS holds of this kind. Ends with 1 if a
seed failed now.

  kill    kill -9 at random moments (tests/crash/kill_under_load.py), 100 kills a seed
  points  kill -9 at each named step (tests/crash/kill_at_points.py), 10 rounds a seed
  power   directories that lost power leaves (tests/crash/crash_power.c), 150 images a seed
  fault   each write, sync, size and name fails once (tests/crash/crash_fault.c), all in a seed
  flip    turned bits (tests/crash/crash_flip.c), each 64th byte of a small book a seed
  sim     the simulation of clients, network, server and crashes (tests/sim), 2,000 commands a seed

Environment: LOVEBANK_BUILD_DIR, the build tree (build/release).
USAGE
}

# Runs one seed of the kind. A test's last line is "seed N: COUNT WHAT, …".
run_seed() {
    case $kind in
    kill)
        LOVEBANK_ROUNDS=100 python3 tests/crash/kill_under_load.py
        ;;
    points)
        LOVEBANK_BIN_DIR=$build/variants/points LOVEBANK_VERIFIER=$build/bin/lovebankd \
            LOVEBANK_ROUNDS=10 python3 tests/crash/kill_at_points.py
        ;;
    power)
        LOVEBANK_IMAGES=150 "$build/tests/bin/crash_power"
        ;;
    fault | flip)
        "$build/tests/bin/crash_$kind"
        ;;
    sim)
        "$build/tests/bin/sim_test_sim"
        ;;
    esac
}

# What the results hold of a kind: "kill: 10000 kills, 50 seeds, 0 of them FAILED".
sum_results() {
    awk -v kind="$1" '
        $1 == kind { seeds++ }
        $1 == kind && $4 == "ok" { count += $5; what = $6; sub(/,$/, "", what) }
        $1 == kind && $4 == "FAILED" { failed++ }
        END { printf "%s: %d %s, %d seeds, %d of them FAILED\n", kind, count, what, seeds, failed }
    ' "$2"
}

if [[ $# -ne 3 || ! $1 =~ ^(kill|points|power|fault|flip|sim)$ || ! $3 =~ ^[0-9]+$ ]]; then
    usage >&2
    exit 2
fi
kind=$1
results=$(realpath "$2")
seeds=$3
cd "$(dirname "$0")/.."
build=$(realpath "${LOVEBANK_BUILD_DIR:-build/release}")
export LOVEBANK_BIN_DIR=$build/bin LOVEBANK_SOURCE_DIR=$PWD LOVEBANK_SECONDS=86400
export PYTHONDONTWRITEBYTECODE=1
if [[ ! -x $LOVEBANK_BIN_DIR/lovebankd ]]; then
    echo "no lovebankd in $LOVEBANK_BIN_DIR: build first, or set LOVEBANK_BUILD_DIR" >&2
    exit 2
fi

touch "$results"
last=$(sed -n "s/^$kind seed \([0-9]*\) .*/\1/p" "$results" | sort -n | tail -n 1)
failed=0
for ((seed = ${last:-0} + 1; seed <= ${last:-0} + seeds; seed++)); do
    if output=$(LOVEBANK_SEED=$seed run_seed 2>&1); then
        line=$(tail -n 1 <<<"$output")
        echo "$kind seed $seed ok ${line#*: }" >>"$results"
    else
        failed=1
        echo "$kind seed $seed FAILED $(tr '\n' ' ' <<<"$output")" >>"$results"
    fi
    tail -n 1 "$results"
done
sum_results "$kind" "$results"
exit "$failed"
