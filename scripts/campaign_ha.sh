#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A long campaign of faults against the highly available database (tests/ha/failover.py): seed after
# seed, each a new cluster with ten faults drawn by it; one line for each fault in a file. Started
# again with the same file it goes on after the last seed there.
set -euo pipefail

usage() {
    cat <<USAGE
usage: scripts/campaign_ha.sh RESULTS SEEDS

Runs SEEDS more seeds (1, 2, 3 …) and appends to RESULTS, a text file, when a seed has ended:
"seed 7 fault 3 primary_isolated (db2): 18.4 s without an acknowledgment …" for each fault, then
"seed 7 ok 10 faults, …" or "seed 7 FAILED …". Then prints what RESULTS holds. Ends with 1 if a seed
failed now, with 77 where the tests cannot run (root, scripts/setup.sh ha).

Environment: LOVEBANK_HA_SERVER (stand-in, or lovebankd with LOVEBANK_BIN_DIR), LOVEBANK_HA_FAULTS
(faults a seed, 10), LOVEBANK_HA_LOGS (a directory for the machines' logs of the last seed that failed).
USAGE
}

# What the results hold, of seeds that have ended: how often each fault, and the longest outages.
sum_results() {
    awk '
        $3 == "fault" { kinds[$1 " " $2] = kinds[$1 " " $2] " " $5
                        match($0, /: [0-9.]+ s without/)
                        outages[$1 " " $2] = outages[$1 " " $2] " " substr($0, RSTART + 2, RLENGTH - 12) }
        $3 == "ok" || $3 == "FAILED" {
            seeds++; failed += $3 == "FAILED"
            for (i = 1; i <= NF; i++) if ($(i + 1) == "acknowledged,") acknowledged += $i
            count = split(kinds[$1 " " $2], kind, " "); split(outages[$1 " " $2], outage, " ")
            for (i = 1; i <= count; i++) {
                faults++; of_kind[kind[i]]++
                if (outage[i] + 0 > longest[kind[i]] + 0) longest[kind[i]] = outage[i]
            }
        }
        END {
            for (each in of_kind)
                printf "  %-30s %4d times, at most %5.1f s without an acknowledgment\n",
                    each, of_kind[each], longest[each] | "sort"
            close("sort")
            printf "%d faults, %d seeds, %d of them FAILED, %d acknowledged\n",
                faults, seeds, failed, acknowledged
        }
    ' "$1"
}

if [[ $# -ne 2 || ! $2 =~ ^[0-9]+$ ]]; then
    usage >&2
    exit 2
fi
results=$(realpath "$1")
seeds=$2
cd "$(dirname "$0")/.."
export LOVEBANK_SOURCE_DIR=$PWD PYTHONDONTWRITEBYTECODE=1
export LOVEBANK_HA_FAULTS=${LOVEBANK_HA_FAULTS:-10}
if [[ -n ${LOVEBANK_HA_LOGS:-} ]]; then
    logs=$(realpath "$LOVEBANK_HA_LOGS")
fi
output=$(mktemp)
trap 'rm -rf "$output" "$output.logs"' EXIT

touch "$results"
last=$(sed -nE 's/^seed ([0-9]+) (ok|FAILED) .*/\1/p' "$results" | sort -n | tail -n 1)
failed=0
for ((seed = ${last:-0} + 1; seed <= ${last:-0} + seeds; seed++)); do
    status=0
    LOVEBANK_SEED=$seed LOVEBANK_HA_LOGS=${logs:+$output.logs} \
        python3 tests/ha/failover.py >"$output" 2>&1 || status=$?
    if ((status == 77)); then
        cat "$output" >&2
        exit 77
    fi
    {
        sed -nE "s/^[0-9:]+ (fault [0-9]+ )/seed $seed \1/p" "$output"
        if ((status == 0)); then
            sed -nE "s/^seed $seed: /seed $seed ok /p" "$output"
        else
            echo "seed $seed FAILED $(tail -n 20 "$output" | tr '\n' ' ')"
        fi
    } >>"$results"
    if ((status != 0)); then
        failed=1
        if [[ -d $output.logs ]]; then
            mkdir -p "$logs/seed-$seed" && cp "$output.logs"/* "$logs/seed-$seed"
        fi
    fi
    rm -rf "$output.logs"
    tail -n 1 "$results"
done
sum_results "$results"
exit "$failed"
