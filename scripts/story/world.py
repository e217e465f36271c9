# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The street before the year begins: its orgs, members and cards. Not what happens in the year."""

from dataclasses import dataclass
from datetime import date, timedelta

from story import words


@dataclass(frozen=True)
class Member:
    number: str
    org: str
    community: int        # from 0
    joined: str
    classes: tuple
    card: str
    name: str
    gender: str
    birth: str
    phone: str
    id_number: str
    weight: int           # how often an ordinary member turns up, against others
    zeal_percent: int     # chance to turn up at each activity at home; 0 for ordinary members
    star: bool            # is meant to reach the board

    def has(self, member_class):
        return member_class in self.classes


def card_check_digit(digits):
    """ISO/IEC 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def id_check_digit(digits):
    """GB 11643: ISO/IEC 7064 MOD 11-2."""
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(digits))
    return "0123456789X"[(12 - total) % 11]


def barcode(item):
    """EAN-13 from the range that shops number themselves, so no maker's."""
    digits = f"200000{item:06d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return digits + str(-total % 10)


def community_org(community):
    return f"{words.AREA}001{(community + 1) * 10:03d}"


def org_rows():
    """(org, parent, kind, name, from) of the district, the street, its communities and grids."""
    since = "2015-01-01"
    district, street = words.DISTRICT, words.STREET
    rows = [(district[0], "", "district", district[1], since),
            (street[0], district[0], "street", street[1], since)]
    for number, name in enumerate(words.COMMUNITIES):
        rows.append((community_org(number), street[0], "community", name + "社区", since))
    for number, name in enumerate(words.COMMUNITIES):
        for grid in range(1, 3 + number % 2):
            rows.append((str(int(community_org(number)) + grid), community_org(number), "grid",
                         f"{name}第{grid}网格", since))
        if number in words.ESTATES:
            rows.append((str(int(community_org(number)) + 9), community_org(number), "grid",
                         words.ESTATES[number], since))
    return rows


class MemberMaker:
    """Draws the members by rank: stars first, party members before residents."""

    PARTY_MEMBERS = 1032

    def __init__(self, rng, stars):
        self.rng = rng
        self.stars = stars
        self.homes = {n: [] for n in range(len(words.COMMUNITIES))}
        for org, parent, kind, _, _ in org_rows():
            if kind in ("community", "grid"):
                home = org if kind == "community" else parent
                self.homes[int(home[-3:]) // 10 - 1].append(org)
        self.numbers = []       # (community, number) by rank
        self.bases = []

    def make(self):
        residents = 970 + self.rng.randrange(60)
        total = self.PARTY_MEMBERS + residents
        places = [divmod(i, len(words.COMMUNITIES)) for i in range(total)]
        self.numbers = [(c, f"10{c + 1:02d}{n + 1:04d}") for n, c in places]
        self.rng.shuffle(self.numbers)
        self.bases = self.rng.sample(range(600_000_000, 700_000_000), total)
        members = [self.member(i, i < self.PARTY_MEMBERS) for i in range(total)]
        return sorted(members, key=lambda member: member.number)

    def member(self, index, party):
        rng = self.rng
        community, number = self.numbers[index]
        star = index < self.stars
        zeal = 0
        if star:
            zeal = rng.randrange(32, 80)
        elif index < self.stars + 24:
            zeal = rng.randrange(25, 42)    # nearly a star
        elif 0 <= index - self.PARTY_MEMBERS < 7:
            zeal = rng.randrange(45, 70)    # a resident as busy as the stars
        hardship = party and not zeal and rng.randrange(100) < 6
        birth = date(1932, 1, 1) + timedelta(days=rng.randrange(62 * 365))
        gender = rng.choice("男女")
        base = f"{self.bases[index]:09d}"
        return Member(
            number=number, org=rng.choice(self.homes[community]), community=community,
            joined=self.joined(zeal or hardship), classes=self.classes(party, hardship, birth),
            card=base + card_check_digit(base), name=self.name(gender), gender=gender,
            birth=birth.isoformat(), phone="100" + number,
            id_number=self.id_number(birth, gender),
            weight=6 if hardship else rng.choice((0, 1, 1, 1, 2, 2, 3, 5, 8)),
            zeal_percent=zeal, star=star)

    def joined(self, early):
        if early or self.rng.randrange(100) < 88:
            return (date(2015, 1, 1) + timedelta(days=self.rng.randrange(365))).isoformat()
        return (date(2016, 1, 5) + timedelta(days=self.rng.randrange(330))).isoformat()

    def classes(self, party, hardship, birth):
        if not party:
            poor = self.rng.randrange(100) < 5
            return (words.RESIDENT, words.ALLOWANCE) if poor else (words.RESIDENT,)
        kind = words.RETIRED if birth.year < 1957 else words.EMPLOYED
        return (words.PARTY, words.HARDSHIP, kind) if hardship else (words.PARTY, kind)

    def name(self, gender):
        rng = self.rng
        last = words.GIVEN_MALE if gender == "男" else words.GIVEN_FEMALE
        given = rng.choice(last)
        if rng.randrange(100) < 72:
            given = rng.choice(words.GIVEN_FIRST) + given
        return rng.choice(words.SURNAMES) + given

    def id_number(self, birth, gender):
        serial = self.rng.randrange(1, 499) * 2 + (1 if gender == "男" else 0)
        digits = f"{words.AREA}{birth:%Y%m%d}{serial:03d}"
        return digits + id_check_digit(digits)
