#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# The test of loads.sh: what comes out for loads whose lines are known. No server, no database.
#
# usage: bench/postgres/check_loads.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/common.sh
postgres_dir=$directory
source bench/postgres/loads.sh
touch "$postgres_dir/log"

is() {
    if [[ $2 != "$3" ]]; then
        echo "check_loads: $1: \"$2\" instead of \"$3\"" >&2
        exit 1
    fi
}

# Load number 0 from 0 to 10 s, number 1 so many ms later, by a clock that began long ago.
line_of() {
    local begin_us=$((86400000000 + $1 * $2 * 1000))
    printf '{"done":%d,"p50_us":%d,"p99_us":%d,"begin_us":%d,"end_us":%d,"all":7}\n' \
        $((50000 + $1)) $((100 - $1)) $((200 + $1)) $begin_us $((begin_us + 10000000))
}

side_by_side 2 line_of 0
is "loads that ran together" "$(together)" "10000 100 201 100"
is "what they did" "$(sum_of "done") $(sum_of all)" "100001 14"
side_by_side 2 line_of 1000
is "loads a second apart" "$(together)" "9091 100 201 81"
side_by_side 2 line_of 20000
is "loads one after the other" "$(together)" "3333 100 201 0"
side_by_side 1 line_of 0
is "a load alone" "$(together)" "5000 100 200 100"

fails_at() { [[ $1 != "$2" ]]; }
for number in 0 1; do
    code=0
    (side_by_side 2 fails_at "$number" 2>/dev/null) || code=$?
    is "load $number fails" "$code" 4
done
