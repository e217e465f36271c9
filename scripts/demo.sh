#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# A street's year in two minutes: sets up, builds, starts a server in a fresh directory, enters the
# year 2016 of examples/street-2016 through the command line, shows what it came to, stops the
# server. Nothing is left behind but the build tree. Exit status 0: 45 winners, 102 person-times.
#
# usage: scripts/demo.sh [--pages]
#   --pages   builds the pages too, and leaves the street's book open to a browser on this machine,
#             without a log-in, until Ctrl-C
set -euo pipefail
cd "$(dirname "$0")/.."

with_pages=no
case "$*" in
'') ;;
--pages) with_pages=yes ;;
*)
    echo "usage: scripts/demo.sh [--pages]" >&2
    exit 2
    ;;
esac

bin=$PWD/build/release/bin
directory=$(mktemp -d "${TMPDIR:-/tmp}/lovebank-demo.XXXXXX")
socket=$directory/lovebank.sock
story=$directory/street-2016 # a copy: rejects are written beside the files
log=$directory/lovebankd.log
server_pid=

bold='' plain=''
if [[ -t 1 ]]; then
    bold=$'\033[1m' plain=$'\033[0m'
fi
say() { printf '\n%s== %s\n   %s%s\n' "$bold" "$1" "$2" "$plain"; }

stop_server() {
    if [[ -n $server_pid ]]; then
        kill "$server_pid" 2>/dev/null || true
        wait "$server_pid" || true
        server_pid=
    fi
}

finish() {
    stop_server
    rm -rf "$directory"
}
trap finish EXIT

lovebank() { "$bin/lovebank" --socket "$socket" "$@"; }

# Files of one kind, as they came in. What is refused is part of the story: it is told, counted, and
# left in a file beside the one it came from (exit status 1). All else is an error.
refused=0
enter() {
    local kind=$1 status=0
    shift
    lovebank --json import "$kind" "$@" --yes >"$directory/out" 2>>"$directory/errors" || status=$?
    if ((status > 1)); then
        echo "demo: import $kind: exit status $status" >&2
        cat "$directory/errors" >&2
        exit 1
    fi
    local summary
    summary=$(tail -n 1 "$directory/out")
    summary=${summary#*'"refused":'}
    refused=$((refused + ${summary%%,*}))
}

# Sign-in sheets: one desk writes days without a year, one has a heading of its own.
sheet_options=(--year 2016 --map "工号=member")

# A number of story.csv.
fact() { sed -n "s/^$1,//p" "$story/story.csv"; }

cp -r examples/street-2016 "$story"

say "准备和编译" "setting up and building"
scripts/setup.sh run
cmake --preset release >/dev/null
cmake --build --preset release --target lovebankd lovebank_cli -- --quiet
page_settings=()
if [[ $with_pages == yes ]]; then
    scripts/web.sh build
    page_settings=(--http-listen 127.0.0.1:7702 --web-dir "$PWD/build/web")
fi

say "启动服务器：新的目录，Unix 套接字" "starting the server: a fresh directory, a Unix socket"
"$bin/lovebankd" serve --config "" --data-dir "$directory/data" --key-file "$directory/epoch.key" \
    --socket "$socket" --insecure-no-login "${page_settings[@]}" 2>"$log" &
server_pid=$!
# The client itself tries for a second before it gives up.
for _ in {1..30}; do
    if lovebank status >/dev/null 2>&1 || ! kill -0 "$server_pid" 2>/dev/null; then
        break
    fi
done
if ! lovebank status; then
    cat "$log" >&2
    exit 1
fi

say "登记：组织、类别、积分标准、价目、兑换点、星级、2,049 名志愿者" \
    "registry: orgs, classes, tariffs, prices, counters, stars, 2,049 members"
started=$SECONDS
for kind in orgs classes categories items counters; do
    enter "$kind" "$story/$kind.csv"
done
lovebank star-table set 100 300 600 1000 1500 --from 2016-01-01
say "志愿者名册：GBK 的表格，有拼音、空格和被表格软件改坏的身份证号" \
    "the roll of members: a spreadsheet in GBK, with pinyin, spaces and ruined ID numbers"
(cd "$story" && lovebank import members members.csv --yes) || (($? == 1))
say "改正后的行再导入一次" "the corrected rows, imported"
(cd "$story" && lovebank import members corrections/members.csv --yes)

say "一月：十张签到表，十种写法；先预览，再记账" \
    "January: ten sign-in sheets in ten hands; first a preview"
(cd "$story/sheets/2016-01" && lovebank --dry-run import sheet ./*.csv "${sheet_options[@]}") ||
    (($? == 1))

say "2016 年逐月：进货、签到表和改正的行、服务、兑换、撤销" \
    "2016 month by month: deliveries, sign-in sheets and corrections, services, redemptions, undos"
for delivery in "$story"/stock/*.csv; do
    month=$(basename "$delivery" .csv)
    enter stock "$delivery"
    enter sheet "$story/sheets/$month"/*.csv "${sheet_options[@]}"
    if [[ -d $story/corrections/$month ]]; then
        enter sheet "$story/corrections/$month"/*.csv
    fi
    if [[ -f $story/services/$month.csv ]]; then
        enter services "$story/services/$month.csv" --counter 1
    fi
    enter redemptions "$story/redemptions/$month.csv"
    if [[ -f $story/redemptions/$month-undo.csv ]]; then
        enter undos "$story/redemptions/$month-undo.csv"
    fi
    printf '%s ' "$month"
done
rejects=("$story"/sheets/2016-02/*.rejects.csv)
say "被拒绝的行留在原表旁边，写着原因，改好就能再导入" \
    "refused rows stand beside their sheets with the reason, ready to be corrected"
head -n 4 "${rejects[0]}"
printf '\n共 %d 行被拒绝（卡号抄错、重复签到、积分不够等）；用时 %d 秒\n' "$refused" $((SECONDS - started))
printf '%d rows were refused (mistyped cards, sheets signed twice, too few points ...); %d s\n' \
    "$refused" $((SECONDS - started))

year=$(fact year)
org=$(fact board_org)
board=(stars --year "$year" --org "$org" --class "$(fact class)" --at_least "$(fact points_at_least)")
say "明星榜：街道党员，$year 年积分 $(fact points_at_least) 以上" \
    "the star board: the street's party members with $(fact points_at_least) points or more in $year"
lovebank "${board[@]}"

say "困难党员全年领取米、油、盐的人次" "person-times of goods taken home by members in hardship"
report=(report --year "$year" --org "$org" --class "$(fact hardship_class)")
lovebank "${report[@]}"

winner=$(lovebank "${board[@]}" --format json | sed -n 's/^{"rank":1,"member":"\([0-9]*\)".*/\1/p')
say "榜首的余额和最近几笔" "the first on the board: balance and newest entries"
lovebank balance "$winner"
lovebank history "$winner" --limit 5

entry=$(lovebank --json history "$winner" --limit 1 | sed -n 's/^{"number":\([0-9]*\).*/\1/p')
say "逐行说明第 $entry 号账" "entry $entry, line by line"
lovebank explain "$entry"

say "检查整本账" "checking the whole ledger"
lovebank verify

winners=$(lovebank "${board[@]}" --format json | grep -c '"rank"')
person_times=$(lovebank --json "${report[@]}" |
    sed -n 's/.*"redemption_person_times":\([0-9]*\).*/\1/p')

say "结果：上榜 $winners 人，困难党员 $person_times 人次" \
    "the outcome: $winners on the board, $person_times person-times in hardship"
if [[ $winners != "$(fact winners)" || $person_times != "$(fact hardship_person_times)" ]]; then
    echo "demo: expected $(fact winners) and $(fact hardship_person_times)" >&2
    exit 1
fi

if [[ $with_pages == yes ]]; then
    say "在浏览器里打开 http://127.0.0.1:7702/charts?year=$year ，看完按 Ctrl-C" \
        "open http://127.0.0.1:7702/charts?year=$year in a browser; Ctrl-C ends it"
    trap 'exit 0' INT TERM
    wait "$server_pid"
fi
