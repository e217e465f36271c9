# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The roll of members as the street keeps it in a spreadsheet: names of orgs in several spellings,
readings after rare characters, and ID numbers that the spreadsheet took for amounts.
"""

from datetime import date

from story import words
from story.desks import Desk, slash
from story.paper import Paper
from story.world import id_check_digit, org_rows

HEADINGS = (("志愿者编号", "member"), ("所属组织", "org"), ("加入日期", "joined"), ("类别", "classes"),
            ("积分卡号", "card"), ("姓名", "name"), ("性别", "gender"), ("出生日期", "birth"),
            ("联系电话", "phone"), ("身份证号", "id_number"))
PLAIN = tuple((name, name) for _, name in HEADINGS)
# What is wrong -> (how often, what the row is refused for).
SPOILT = {"scientific": (5, "field_invalid"), "rounded": (3, "field_invalid"),
          "check_digit": (2, "field_invalid"), "masked_name": (2, "field_invalid"),
          "masked_card": (1, "field_invalid"), "no_such_day": (1, "date_invalid")}
READINGS = {"萍": "píng", "娟": "juān", "娥": "é", "琳": "lín", "彬": "bīn", "斌": "bīn", "婷": "tíng",
            "洁": "jié", "蓉": "róng", "菊": "jú", "霞": "xiá", "涛": "tāo", "峰": "fēng", "辉": "huī"}


def member_papers(rng, members):
    """{file: Paper} of the roll and of what had to be corrected in it."""
    orgs = {org: name for org, _, _, name, _ in org_rows()}
    wrong = spoil(rng, members)
    roll = Paper(Desk(HEADINGS, encoding="gb18030", line_end="\r\n"))
    fixed = Paper(Desk(PLAIN))
    roll.heading()
    fixed.heading()
    for index, member in enumerate(members):
        said = entry(member)
        kind = wrong.get(member.number)
        said.update(dirt(rng, index, member, orgs))
        outcome = ""
        if kind:
            said.update(harm(kind, member))
            outcome = SPOILT[kind][1]
            fixed.record(fixed.desk.line(entry(member).values()), member)
        roll.record(roll.desk.line(said[name] for _, name in HEADINGS), member, outcome)
    return {"members.csv": roll, "corrections/members.csv": fixed}


def entry(member):
    return {"member": member.number, "org": member.org, "joined": member.joined,
            "classes": ";".join(map(str, member.classes)), "card": member.card,
            "name": member.name, "gender": member.gender, "birth": member.birth,
            "phone": member.phone, "id_number": member.id_number}


def spoil(rng, members):
    """{member number: what is wrong with the row}"""
    kinds = [kind for kind, (count, _) in SPOILT.items() for _ in range(count)]
    # One number in eleven is sound by chance even with zeros at its end.
    found_out = [m for m in members if id_check_digit(m.id_number[:15] + "00") != "0"]
    return {member.number: kind for member, kind in zip(rng.sample(found_out, len(kinds)), kinds)}


def dirt(rng, index, member, orgs):
    """What does no harm."""
    name, org = member.name, orgs[member.org]
    said = {"joined": slash(date.fromisoformat(member.joined)),
            "birth": slash(date.fromisoformat(member.birth))}
    if name[-1] in READINGS and rng.randrange(100) < 12:
        name += f"({READINGS[name[-1]]})"
    elif len(name) == 2:
        name = name[0] + "  " + name[1]
    if index % 50 == 7:
        said["card"] = "'" + member.card
    if index % 40 == 3:
        said["id_number"] = member.id_number.lower() + "\u00a0"
    if index % 30 == 11:
        said["phone"] = member.phone[:3] + "-" + member.phone[3:7] + "-" + member.phone[7:]
    spelling = index % 9
    if spelling < 3 and member.community not in words.ESTATES:
        org = (org, org.replace("社区", "社區"), org.replace("社区", "社区(shè qū)"))[spelling]
        said["org"] = org
    said["name"] = name
    return said


def harm(kind, member):
    number = member.id_number
    return {
        "scientific": {"id_number": f"{float(number[:17]) * 10:.2E}"},
        "rounded": {"id_number": number[:15] + "000"},
        "check_digit": {"id_number": number[:-1] + ("0" if number[-1] != "0" else "1")},
        "masked_name": {"name": member.name[0] + "*" + member.name[-1]},
        "masked_card": {"card": member.card[:2] + "****" + member.card[6:]},
        "no_such_day": {"joined": "2015/2/30"},
    }[kind]
