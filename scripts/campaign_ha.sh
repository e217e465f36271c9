#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A long campaign of faults against the highly available database (tests/ha/failover.py): seed after
# seed, each a new cluster with ten faults drawn by it; one line for each fault in a file. Started
# again with the same file it goes on after the last seed there. Before the first, the canary must
# find that entries are lost where nothing guards them.
set -euo pipefail

outage_s=30

usage() {
    cat <<USAGE
usage: scripts/campaign_ha.sh RESULTS SEEDS

Runs SEEDS more seeds (1, 2, 3 …) and appends to RESULTS, a text file, when a seed has ended:
"lovebankd COMMIT seed 7 fault 3 primary_isolated (db2): 18.4 s without an acknowledgment …" for each
fault, then "lovebankd COMMIT seed 7 ok 10 faults, …" or "… seed 7 FAILED …". Each kind of server has
its own seeds. Then prints what RESULTS holds, for each kind and commit: seeds that were ok, and apart
from them those that failed. Ends with 1 if a seed failed now, with 77 where the tests cannot run
(root, scripts/setup.sh ha).

An outage may last $outage_s seconds, as docs/high-availability.md promises: no other limit is taken.

Environment: LOVEBANK_HA_SERVER (lovebankd, with LOVEBANK_BIN_DIR, or stand-in), LOVEBANK_HA_FAULTS
(faults a seed, 10), LOVEBANK_HA_LOGS (a directory for the machines' logs of the last seed that failed).
USAGE
}

# What the results hold, of seeds that have ended: how often each fault, and the longest outages.
sum_results() {
    awk '
        $3 != "seed" { next }
        { what = $1 " " $2; seed = what " " $4 }
        $5 == "fault" {
            kinds[seed] = kinds[seed] " " $7
            match($0, /: [0-9.]+ s without/)
            outages[seed] = outages[seed] " " substr($0, RSTART + 2, RLENGTH - 12)
        }
        $5 == "FAILED" { whats[what]; failed[what] = failed[what] " " $4 }
        $5 == "ok" {
            whats[what]; seeds[what]++
            for (i = 1; i < NF; i++) if ($(i + 1) == "acknowledged,") acknowledged[what] += $i
            count = split(kinds[seed], kind, " "); split(outages[seed], outage, " ")
            for (i = 1; i <= count; i++) {
                faults[what]++; of_kind[what, kind[i]]++; names[kind[i]]
                if (outage[i] + 0 > longest[what, kind[i]] + 0) longest[what, kind[i]] = outage[i]
            }
        }
        END {
            for (what in whats) {
                printf "%s: %d seeds ok, %d faults, %d acknowledged\n", what, seeds[what],
                    faults[what], acknowledged[what]
                for (name in names) if ((what, name) in of_kind)
                    printf "  %-30s %4d times, at most %5.1f s without an acknowledgment\n",
                        name, of_kind[what, name], longest[what, name] | "sort"
                close("sort")
                if (what in failed) printf "%s: FAILED seeds, not in these sums:%s\n", what, failed[what]
                fflush()
            }
        }
    ' "$1"
}

refuse() {
    echo "campaign_ha: $1" >&2
    exit 2
}

if [[ $# -ne 2 || ! $2 =~ ^[0-9]+$ ]]; then
    usage >&2
    exit 2
fi
if [[ ${LOVEBANK_HA_OUTAGE_S:-$outage_s} != "$outage_s" ]]; then
    refuse "LOVEBANK_HA_OUTAGE_S is $LOVEBANK_HA_OUTAGE_S, and the promise $outage_s: unset it"
fi
results=$(realpath "$1")
seeds=$2
cd "$(dirname "$0")/.."
export LOVEBANK_SOURCE_DIR=$PWD PYTHONDONTWRITEBYTECODE=1
export LOVEBANK_HA_FAULTS=${LOVEBANK_HA_FAULTS:-10} LOVEBANK_HA_SERVER=${LOVEBANK_HA_SERVER:-lovebankd}
export LOVEBANK_HA_OUTAGE_S=$outage_s
unset LOVEBANK_SEED
if [[ -n ${LOVEBANK_HA_LOGS:-} ]]; then
    logs=$(realpath "$LOVEBANK_HA_LOGS")
fi
# What was tried: the program is not asked, so build it before.
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
if [[ $commit != unknown && -n $(git status --porcelain --untracked-files=no) ]]; then
    commit+=+changes
fi
what="$LOVEBANK_HA_SERVER $commit"
output=$(mktemp)
trap 'rm -rf "$output" "$output.logs"' EXIT

# Runs a test with these variables; its output is in $output.
try() {
    local name=$1 status=0
    shift
    env "$@" python3 "tests/ha/$name.py" >"$output" 2>&1 || status=$?
    if ((status == 77)); then
        cat "$output" >&2
        exit 77
    fi
    return "$status"
}

touch "$results"
if ! try canary LOVEBANK_HA_LOGS=; then
    cat "$output" >&2
    echo "campaign_ha: the canary was not caught: then no seed proves anything" >&2
    exit 1
fi
last=$(sed -nE "s/^$LOVEBANK_HA_SERVER [^ ]+ seed ([0-9]+) (ok|FAILED) .*/\1/p" "$results" |
    sort -n | tail -n 1)
failed=0
for ((seed = ${last:-0} + 1; seed <= ${last:-0} + seeds; seed++)); do
    status=0
    try failover LOVEBANK_SEED="$seed" LOVEBANK_HA_LOGS="${logs:+$output.logs}" || status=$?
    {
        sed -nE "s/^[0-9:]+ (fault [0-9]+ )/$what seed $seed \1/p" "$output"
        if ((status == 0)); then
            sed -nE "s/^seed $seed: /$what seed $seed ok /p" "$output"
        else
            echo "$what seed $seed FAILED $(tail -n 20 "$output" | tr '\n' ' ')"
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
