# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Reads the files of a story as desks hand them in, for independent_check.py. It shares no code with
the bank: what a spelling means was written down twice, so that where both agree it was understood.

Only what these desks do is known here; anything else is an error of this script, not of a row.
"""

import csv
import re
import unicodedata
from datetime import date

HEADINGS = {
    "date": "date 日期 服务日期 活动日期", "activity": "activity 活动 活动名称",
    "category": "category 服务类别 类别 类别编号", "start": "start 开始 开始时间",
    "member": "member 编号 志愿者编号 工号 积分卡号", "name": "name 姓名",
    "minutes": "minutes 分钟 分钟数 服务分钟 时长(分钟)", "hours": "时长(小时)",
    "duration": "时长 服务时长",
}
ROLL_HEADINGS = {
    "member": "member 志愿者编号", "org": "org 所属组织", "joined": "joined 加入日期",
    "classes": "classes 类别", "card": "card 积分卡号", "name": "name 姓名", "gender": "gender 性别",
    "birth": "birth 出生日期", "phone": "phone 联系电话", "id_number": "id_number 身份证号",
}
UNUSED = {"序号", "签名", "备注"}
TOTALS = {"合计", "总计", "小计"}
DITTO = {"同上", "〃"}
HAN = "\u3400-\u9fff"
READING = re.compile(f"(?<=[{HAN}])\\(([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü ]+)\\)")
SIMPLER = str.maketrans("張劉陳楊趙黃吳孫馬羅謝韓馮蕭程鄧許蘇盧蔣賈葉閻鐘範譚鄒陸萬龍華軍偉剛輝紅麗蘭詢糾紛調區",
                        "张刘陈杨赵黄吴孙马罗谢韩冯萧程邓许苏卢蒋贾叶阎钟范谭邹陆万龙华军伟刚辉红丽兰询纠纷调区")


class Unreadable(Exception):
    """A row that cannot be understood; its text is the bank's name for why."""


def refuse(result="field_invalid"):
    raise Unreadable(result)


def decode(data):
    if data.startswith(b"\xff\xfe"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def clean(text):
    """What was meant: ordinary forms of characters, no readings, no stray spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = READING.sub("", text)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(f"(?<=[{HAN}]) (?=[{HAN}])", "", text)


def fold(text):
    return clean(text).replace(" ", "").translate(SIMPLER).replace("社群", "社区")


def cells_of(line, delimiter):
    if '"' in line and not re.fullmatch(r'("([^"]|"")*"|[^"])*', line):
        refuse("text_invalid")
    if re.search(f'[^"{delimiter}]"[^"]', line):
        refuse("text_invalid")
    return next(csv.reader([line], delimiter=delimiter))


def columns_of(cells, headings):
    """{column: place} if this is a row of headings, else None."""
    columns = {}
    for place, cell in enumerate(cells):
        heading = clean(cell)
        names = [name for name, words in headings.items() if heading in words.split()]
        if names:
            columns[names[0]] = place
        elif heading and heading not in UNUSED:
            return None
    return columns if len(columns) > 2 else None


def rows(path, headings):
    """Yields (line, {column: cleaned text}), or (line, Unreadable) for lines that are no rows."""
    text = decode(path.read_bytes())
    lines = text.split("\r\n" if "\r\n" in text else "\n")
    delimiter = max("\t;,", key=lines[0].count)
    columns, above = None, {}
    for number, line in enumerate(lines, start=1):
        try:
            cells = cells_of(line, delimiter)
        except Unreadable as problem:
            yield number, problem
            continue
        told = [cell for cell in map(clean, cells) if cell]
        found = columns_of(cells, headings)
        if found:
            columns = found
        elif columns is None or len(told) < 2 or told[0] in TOTALS:
            pass    # a title, a blank, a note, a total
        else:
            row = {name: clean(cells[place]) if place < len(cells) else ""
                   for name, place in columns.items()}
            row.update({name: above[name] for name, cell in row.items() if cell in DITTO})
            above = row
            yield number, row


def day(text, year):
    """An ISO date."""
    numbers = re.findall(r"\d+", text)
    if re.fullmatch(r"\d{8}", text):
        numbers = [text[:4], text[4:6], text[6:]]
    elif re.fullmatch(r"\d+月\d+日", text):
        numbers.insert(0, year)
    if len(numbers) != 3 or len(numbers[0]) != 4:
        refuse()
    try:
        return date(*map(int, numbers)).isoformat()
    except ValueError:
        refuse("date_invalid")


def minutes(row):
    unit = next((name for name in ("minutes", "hours", "duration") if name in row), None)
    text = row.get(unit, "")
    if not text:
        refuse("field_missing")
    if re.fullmatch(r"[\d.]+", text):
        if unit == "duration":
            refuse()
        text += "小时" if unit == "hours" else "分"
    found = re.fullmatch(r"(?:([\d.]+)小时)?(?:(\d+)分钟?)?", text)
    whole, _, part = (found[1] or "0").partition(".")
    hundredths = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    assert hundredths * 60 % 100 == 0
    return hundredths * 60 // 100 + int(found[2] or 0)


def clock(text):
    if not text:
        return ""
    hours, rest = text.split(":")
    return f"{int(hours):02}:{rest}"


def id_is_sound(number):
    """GB 11643: ISO/IEC 7064 MOD 11-2."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    total = sum((10 if d == "X" else int(d)) * pow(2, 17 - i, 11) for i, d in enumerate(number))
    return total % 11 == 1


def roll_row(row, year, orgs):
    """A row of the roll as the registry has it; orgs: {folded name: number}."""
    row = dict(row)
    row["org"] = orgs.get(fold(row["org"]), row["org"])
    for column in ("joined", "birth"):
        row[column] = day(row[column], year)
    row["card"] = row["card"].lstrip("'")
    if not row["card"].isdigit():
        refuse()
    if "*" in row["name"]:
        refuse()
    row["id_number"] = row["id_number"].upper()
    if not id_is_sound(row["id_number"]):
        refuse()
    return row


def sheet_row(row, year, book):
    """A row of a sign-in sheet as (member, category, date, start, minutes, activity); book answers
    what the registry knows."""
    when = day(row["date"], year)
    number, name = row.get("member", ""), row.get("name", "")
    if number and not number.isdigit():
        refuse()
    if len(number) == 10:
        number = book.member_of_card(number)
    if not number:
        number = book.member_of_name(fold(name))
    elif name and not book.is_name_of(fold(name), number):
        refuse()
    category = book.category_of(fold(row["category"]))
    return (number, category, when, clock(row["start"]), minutes(row), row["activity"])
