#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A long campaign of the fuzz targets: each for a while, one line for each in a file. Started again
# with the same file it goes on with the next seed; what was found to reach new code is kept in the
# build tree.
set -euo pipefail

usage() {
    cat <<USAGE
usage: scripts/campaign_fuzz.sh RESULTS SECONDS [TARGET...]

Builds the preset fuzz, runs each target of tests/fuzz (or those named) for SECONDS with a seed of
its own, and appends to RESULTS, a text file: "csv seed 3 ok 123456 runs" or "csv seed 3 FAILED
crash-…". An input that failed lies beside RESULTS; put it into tests/fuzz/corpus/TARGET with the
fix. Ends with 1 if any failed.
USAGE
}

if [[ $# -lt 2 || ! $2 =~ ^[0-9]+$ ]]; then
    usage >&2
    exit 2
fi
results=$(realpath "$1")
seconds=$2
shift 2
cd "$(dirname "$0")/.."
targets=("$@")
if ((${#targets[@]} == 0)); then
    for source in tests/fuzz/*.c; do
        targets+=("$(basename "$source" .c)")
    done
fi

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" -- -j2 --quiet

touch "$results"
failed=0
for target in "${targets[@]}"; do
    last=$(sed -n "s/^$target seed \([0-9]*\) .*/\1/p" "$results" | sort -n | tail -n 1)
    seed=$((${last:-0} + 1))
    kept=build/fuzz/corpus/$target
    mkdir -p "$kept"
    if output=$(build/fuzz/bin/fuzz_"$target" -seed=$seed -max_total_time="$seconds" \
        -artifact_prefix="$(dirname "$results")/$target-" -print_final_stats=1 \
        "$kept" "tests/fuzz/corpus/$target" 2>&1); then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$output")
        echo "$target seed $seed ok $runs runs" >>"$results"
    else
        what=$(sed -n 's/.*Test unit written to .*-\([a-z]*-[0-9a-f]*\)$/\1/p' <<<"$output")
        echo "$target seed $seed FAILED ${what:-before any input}" >>"$results"
        failed=1
    fi
    tail -n 1 "$results"
done
exit $failed
