#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Files for bench/imports.sh: bench/make_sheets.py DIR SHEETS ROWS

A registry with 10,000 members and SHEETS sign-in sheets of ROWS rows each, as a spreadsheet saves
them in GBK: a title, Chinese headings, number and name of each member, 2016/3/5, hours and minutes,
a sum. All rows are sound. The same on every machine.
"""

import random
import sys
from datetime import date, timedelta
from pathlib import Path

COMMUNITIES, MEMBERS = 20, 10_000
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高", "建国志文秀玉桂春海红丽晓永德明华军强平伟刚林波辉勇"


def csv(path, lines, encoding="utf-8"):
    path.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))


def org(community):
    return f"99010100{community + 1:02d}00"


def registry(directory, names):
    csv(directory / "orgs.csv", ["org,parent,kind,name,from", "990101000000,,district,示范区,2015-01-01"] + [
        f"{org(c)},990101000000,community,第{c + 1}社区,2015-01-01" for c in range(COMMUNITIES)])
    csv(directory / "categories.csv", [
        "category,name,points_per_hour,coefficient,rounding_minutes,expires,day_minutes_max,from",
        "1,家政,10.00,1,30,year-end+1,480,2016-01-01", "2,巡逻,6.00,1,30,year-end+1,480,2016-01-01"])
    csv(directory / "members.csv", ["志愿者编号,所属组织,加入日期,姓名"] + [
        f"{10_000_000 + n},{org(n % COMMUNITIES)},2015/3/1,{name}" for n, name in enumerate(names)],
        "gb18030")


def sheet(rng, number, rows, names):
    community = number % COMMUNITIES
    day = date(2016, 1, 4) + timedelta(days=number // COMMUNITIES)
    home = range(community, MEMBERS, COMMUNITIES)
    lines = [f"第{community + 1}社区{day.month}月志愿服务签到表,,,,,,",
             "日期,活动名称,服务类别,志愿者编号,姓名,开始时间,时长"]
    total = 0
    for n in sorted(rng.sample(home, min(rows, len(home)))):
        minutes = rng.choice((60, 90, 120, 150))
        total += minutes
        spoken = f"{minutes // 60}小时" + (f"{minutes % 60}分" if minutes % 60 else "")
        lines.append(f"{day.year}/{day.month}/{day.day},{rng.choice(('家政', '巡逻'))}·{day.day}日,"
                     f"{rng.choice(('家政', '巡逻'))},{10_000_000 + n},{names[n]},9:00,{spoken}")
    lines.append(f"合计,,,,,,{total}分钟")
    return lines


def main():
    directory, sheets, rows = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(500)
    names = [rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN) for _ in range(MEMBERS)]
    (directory / "sheets").mkdir(parents=True, exist_ok=True)
    registry(directory, names)
    for number in range(sheets + 1):    # one more, to be imported alone
        place = directory / ("one.csv" if number == sheets else f"sheets/{number:04d}.csv")
        csv(place, sheet(rng, number, rows, names), "gb18030")


if __name__ == "__main__":
    main()
