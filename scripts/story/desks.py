# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
How each community's desk writes its sign-in sheets: in which program, with which headings, dates
and habits. Knows nothing of the bank's rules; what each line must come to is decided in paper.py.
"""

import codecs
from dataclasses import dataclass, field
from datetime import date

from story import words

WEEKDAYS = "一二三四五六日"
FULL_WIDTH = str.maketrans("0123456789:", "０１２３４５６７８９：")
# As some input methods write them; the same characters to every reader.
TRADITIONAL = str.maketrans("张刘陈杨赵黄吴孙马罗谢韩冯萧程邓许苏卢蒋贾叶阎钟范谭邹陆万龙华军伟刚辉红丽兰"
                            "询纠纷调",
                            "張劉陳楊趙黃吳孫馬羅謝韓馮蕭程鄧許蘇盧蔣賈葉閻鐘範譚鄒陸萬龍華軍偉剛輝紅麗蘭"
                            "詢糾紛調")
PINYIN = {"广": "guǎng", "场": "chǎng", "室": "shì", "社": "shè", "区": "qū", "楼": "lóu", "家": "jiā",
          "心": "xīn", "校": "xiào", "点": "diǎn", "门": "mén", "栏": "lán", "会": "huì", "边": "biān",
          "办": "bàn", "站": "zhàn", "棚": "péng"}


def dash(day):
    return day.isoformat()


def slash(day):
    return f"{day.year}/{day.month}/{day.day}"


def dots(day):
    return f"{day.year}.{day.month}.{day.day}"


def plain(day):
    return f"{day:%Y%m%d}"


def wide(day):
    return f"{day.year}年{day.month}月{day.day}日".translate(FULL_WIDTH)


def short(day):
    return f"{day.month}月{day.day}日"


def with_weekday(day):
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def minutes_alone(minutes):
    return str(minutes)


def minutes_wide(minutes):
    return f"{minutes}分钟".translate(FULL_WIDTH)


def hours_alone(minutes):
    """1.5 where that is exact, else hours and minutes."""
    return (f"{minutes / 60:.2f}".rstrip("0").rstrip(".") if minutes % 3 == 0
            else hours_and_minutes(minutes))


def hours_and_minutes(minutes):
    hours, rest = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + (f"{rest}分" if rest or not hours else "")


def hours_with_unit(minutes):
    text = hours_alone(minutes)
    return text if text[-1] in "时分" else text + "小时"


@dataclass(frozen=True)
class Desk:
    """headings: (as written, what stands below), in order. What is "" stays blank."""
    headings: tuple
    encoding: str = "utf-8"
    mark: bytes = b""
    delimiter: str = ","
    line_end: str = "\n"
    day: object = dash
    minutes: object = minutes_alone
    habits: frozenset = field(default_factory=frozenset)

    def cells(self, row, number, member, shown):
        """The cells of a row; `shown`: what is written instead of what the row says."""
        when, activity, category, _, start, minutes = row
        said = {
            "": "", "number": str(number), "date": self.day(date.fromisoformat(when)),
            "activity": activity, "category": category, "member": row[3], "start": start,
            "minutes": self.minutes(int(minutes)), "name": member.name if member else "",
        }
        if "names" in self.habits and int(category) in words.CATEGORY_NAMES:
            said["category"] = words.CATEGORY_NAMES[int(category)]
        if "cards" in self.habits and member:
            said["member"] = member.card
        if "pinyin" in self.habits:
            said["activity"] = with_pinyin(activity)
        if "traditional" in self.habits and number % 3 == 0:
            said["category"] = said["category"].translate(TRADITIONAL)
            said["name"] = said["name"].translate(TRADITIONAL)
        if "wide" in self.habits:
            said["member"] = said["member"].translate(FULL_WIDTH)
            said["start"] = said["start"].translate(FULL_WIDTH)
        if "spaced" in self.habits and len(said["name"]) == 2:
            said["name"] = said["name"][0] + "\u3000" + said["name"][1]
        if "no-break" in self.habits:
            said["member"] = "\u00a0" + said["member"] + "\u00a0"
        said.update(shown)
        return [said[what] for _, what in self.headings]

    def encode(self, lines):
        text = "".join(line + self.line_end for line in lines)
        return self.mark + text.encode(self.encoding)

    def line(self, cells):
        return self.delimiter.join(map(self.quoted, cells))

    def quoted(self, cell):
        if any(c in cell for c in (self.delimiter, '"', "\n")):
            return '"' + cell.replace('"', '""') + '"'
        return cell


def with_pinyin(text):
    """The reading after the last character that has one, as a web page copied it."""
    for at in range(len(text) - 1, -1, -1):
        if text[at] in PINYIN:
            return text[:at + 1] + f"({PINYIN[text[at]]})" + text[at + 1:]
    return text


MACHINE = tuple((name, name) for name in ("date", "activity", "category", "member", "start",
                                          "minutes"))

# By community, as in words.COMMUNITIES.
DESKS = (
    # 锦绣: a young worker with a template.
    Desk(MACHINE),
    # 春晖: Excel in Chinese, saved as CSV; the sum below, by hand.
    Desk((("序号", "number"), ("日期", "date"), ("活动名称", "activity"), ("服务类别", "category"),
          ("志愿者编号", "member"), ("姓名", "name"), ("开始时间", "start"), ("时长（分钟）", "minutes"),
          ("签名", "")),
         encoding="gb18030", line_end="\r\n", day=slash,
         habits=frozenset(("names", "title", "total", "traditional", "spaced"))),
    # 东湖: copied from a web page that shows how characters are read.
    Desk((("日期", "date"), ("活动", "activity"), ("类别", "category"), ("编号", "member"),
          ("开始", "start"), ("分钟", "minutes")),
         mark=codecs.BOM_UTF8, line_end="\r\n", day=dots, habits=frozenset(("pinyin",))),
    # 和平: an input method left on full width.
    Desk((("服务日期", "date"), ("活动名称", "activity"), ("服务类别", "category"),
          ("志愿者编号", "member"), ("开始时间", "start"), ("服务时长", "minutes")),
         day=wide, minutes=minutes_wide, habits=frozenset(("wide", "names"))),
    # 长青: everybody knows everybody; a number only where two have one name.
    Desk((("日期", "date"), ("活动", "activity"), ("服务类别", "category"), ("姓名", "name"),
          ("志愿者编号", "member"), ("开始时间", "start"), ("时长(分钟)", "minutes")),
         encoding="gb18030", line_end="\r\n", day=slash,
         habits=frozenset(("names", "by-name", "title"))),
    # 文昌: hours with their unit, now this way, now that.
    Desk((("活动日期", "date"), ("活动名称", "activity"), ("类别", "category"), ("工号", "member"),
          ("开始时间", "start"), ("时长", "minutes")),
         mark=codecs.BOM_UTF8, day=dash, minutes=hours_with_unit, habits=frozenset(("names",))),
    # 福康: Excel's "Unicode text".
    Desk((("日期", "date"), ("活动", "activity"), ("类别", "category"), ("编号", "member"),
          ("开始", "start"), ("时长（小时）", "minutes"), ("备注", "")),
         encoding="utf-16-le", mark=codecs.BOM_UTF16_LE, delimiter="\t", line_end="\r\n", day=plain,
         minutes=hours_alone, habits=frozenset(("names",))),
    # 桥头: merged cells, rows that end early, no year.
    Desk((("日期", "date"), ("活动名称", "activity"), ("服务类别", "category"),
          ("志愿者编号", "member"), ("服务分钟", "minutes"), ("开始时间", "start"), ("签名", "")),
         line_end="\r\n", day=short, habits=frozenset(("ditto", "ragged", "total", "names"))),
    # 南苑: scans cards.
    Desk((("日期", "date"), ("活动", "activity"), ("类别编号", "category"), ("积分卡号", "member"),
          ("开始时间", "start"), ("分钟数", "minutes")),
         delimiter=";", day=slash, habits=frozenset(("cards",))),
    # 新华: printed pages, each with its headings; the one who filled it in signs below.
    Desk((("日期", "date"), ("活动名称", "activity"), ("服务类别", "category"),
          ("志愿者编号", "member"), ("开始时间", "start"), ("服务时长", "minutes")),
         encoding="gb18030", line_end="\r\n", day=with_weekday, minutes=hours_and_minutes,
         habits=frozenset(("names", "pages", "note", "no-break"))),
)
assert len(DESKS) == len(words.COMMUNITIES)
