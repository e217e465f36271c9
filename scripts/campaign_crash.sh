#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A long campaign of kill -9 under load: one seed after the other, each with many rounds, one line
# for each in a file. Started again with the same file it goes on after the last seed there.
set -euo pipefail

usage() {
    cat <<USAGE
usage: scripts/campaign_crash.sh RESULTS SEEDS [ROUNDS]

Runs tests/crash/kill_under_load.py for SEEDS more seeds (1, 2, 3 …) of ROUNDS rounds each (200)
and appends to RESULTS, a text file: "seed 7 ok …" or "seed 7 FAILED …". Ends with 1 if any failed.
Environment: LOVEBANK_BIN_DIR, where lovebankd is (build/release/bin).
USAGE
}

if [[ $# -lt 2 || $# -gt 3 || ! $2 =~ ^[0-9]+$ || ! ${3:-200} =~ ^[0-9]+$ ]]; then
    usage >&2
    exit 2
fi
results=$1
seeds=$2
rounds=${3:-200}
root=$(cd "$(dirname "$0")/.." && pwd)
export LOVEBANK_BIN_DIR=${LOVEBANK_BIN_DIR:-$root/build/release/bin}
export LOVEBANK_SOURCE_DIR=$root PYTHONDONTWRITEBYTECODE=1
if [[ ! -x $LOVEBANK_BIN_DIR/lovebankd ]]; then
    echo "no lovebankd in $LOVEBANK_BIN_DIR: build first, or set LOVEBANK_BIN_DIR" >&2
    exit 2
fi

touch "$results"
last=$(sed -n 's/^seed \([0-9]*\) .*/\1/p' "$results" | sort -n | tail -n 1)
failed=0
for ((seed = ${last:-0} + 1; seed <= ${last:-0} + seeds; seed++)); do
    if output=$(LOVEBANK_SEED=$seed LOVEBANK_ROUNDS=$rounds LOVEBANK_SECONDS=86400 \
        python3 "$root/tests/crash/kill_under_load.py" 2>&1); then
        echo "seed $seed ok $(tail -n 1 <<<"$output")" >>"$results"
    else
        failed=1
        echo "seed $seed FAILED $(tr '\n' ' ' <<<"$output")" >>"$results"
    fi
    tail -n 1 "$results"
done
exit "$failed"
