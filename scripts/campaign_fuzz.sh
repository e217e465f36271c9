#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A long campaign of the fuzz targets: each for a while, or as often as wanted, one line for each
# round in a file. Started again with the same file it goes on with the next seed; what was found to
# reach new code is kept in the build tree.
set -euo pipefail

usage() {
    cat <<USAGE
usage: [FUZZ_BUILD=DIR] scripts/campaign_fuzz.sh RESULTS SECONDS|RUNSruns [TARGET...]

Builds the preset fuzz (in DIR, if it is named) and runs each target of tests/fuzz (or those named),
each round with a seed of its own. Appends to RESULTS, a text file: "csv seed 3 ok 123456 runs" or
"csv seed 3 FAILED crash-…". 600: one round of 600 seconds each. 10000000runs: rounds of five
minutes at most, until the runs of a target in RESULTS, earlier ones included, are that many. Ends
with the sums of what RESULTS holds. An input that failed lies beside RESULTS; put it into
tests/fuzz/corpus/TARGET with the fix. Ends with 1 if any failed.

The tracing of comparisons takes more than half the time of import and heading. Without it:
  cmake --preset fuzz -B DIR -DCMAKE_C_FLAGS=-fno-sanitize-coverage=trace-cmp
USAGE
}

build=${FUZZ_BUILD:-build/fuzz}
round_seconds=300
runs_wanted=0
if [[ $# -lt 2 || ! $2 =~ ^([0-9]+)(runs)?$ ]]; then
    usage >&2
    exit 2
elif [[ -n ${BASH_REMATCH[2]} ]]; then
    runs_wanted=${BASH_REMATCH[1]}
else
    round_seconds=${BASH_REMATCH[1]}
fi
results=$(realpath "$1")
shift 2
cd "$(dirname "$0")/.."
targets=("$@")
if ((${#targets[@]} == 0)); then
    for source in tests/fuzz/*.c; do
        targets+=("$(basename "$source" .c)")
    done
fi

runs_of() {
    awk -v target="$1" '$1 == target && $4 == "ok" { sum += $5 } END { print sum + 0 }' "$results"
}

# The longest input. Of a cell too long for what it is to hold only the refusal is left to try.
bytes_max_of() {
    case $1 in
    date | name | number) echo 256 ;;
    *) echo 4096 ;;
    esac
}

# run_round TARGET RUNS: appends a line; RUNS -1: as many as the time allows.
run_round() {
    local target=$1 last seed output runs what kept=$build/corpus/$1
    last=$(sed -n "s/^$target seed \([0-9]*\) .*/\1/p" "$results" | sort -n | tail -n 1)
    seed=$((${last:-0} + 1))
    mkdir -p "$kept"
    if output=$("$build/bin/fuzz_$target" -seed=$seed -max_total_time="$round_seconds" \
        -max_len="$(bytes_max_of "$target")" -runs="$2" -print_final_stats=1 \
        -artifact_prefix="$(dirname "$results")/$target-" "$kept" "tests/fuzz/corpus/$target" 2>&1); then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$output")
        echo "$target seed $seed ok $runs runs" | tee -a "$results"
        return 0
    fi
    what=$(sed -n 's/.*Test unit written to .*-\([a-z]*-[0-9a-f]*\)$/\1/p' <<<"$output")
    echo "$target seed $seed FAILED ${what:-before any input}" | tee -a "$results"
    return 1
}

run_target() {
    local target=$1 left
    if ((runs_wanted == 0)); then
        run_round "$target" -1
        return
    fi
    left=$((runs_wanted - $(runs_of "$target")))
    while ((left > 0)); do
        run_round "$target" "$left" || return 1
        left=$((runs_wanted - $(runs_of "$target")))
    done
}

if [[ ! -f $build/CMakeCache.txt ]]; then
    cmake --preset fuzz -B "$build" >/dev/null
fi
cmake --build "$build" --target "${targets[@]/#/fuzz_}" -- -j2 --quiet

touch "$results"
failed=0
for target in "${targets[@]}"; do
    run_target "$target" || failed=1
done
awk '$4 == "ok" { runs[$1] += $5; rounds[$1]++ }
     $4 == "FAILED" { runs[$1] += 0; failures[$1]++ }
     END { for (target in runs)
               printf "%s: %d runs in %d rounds, %d failed\n",
                      target, runs[target], rounds[target], failures[target] }' "$results" | sort
exit $failed
