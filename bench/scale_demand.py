# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Who records when: the country's people by province and county, and the hours of a year.

A part of scale_simulation.py. People are those of the census of 2020, in millions and rounded;
counties, districts and county-level cities are those of about 2020. How people are spread over the
counties of a province is drawn by chance, but for two that are known to be far above the rest.
"""
import datetime
import random

# Province, people in millions, counties.
PROVINCES = (
    ("Guangdong", 126.0, 122), ("Shandong", 101.5, 136), ("Henan", 99.4, 158), ("Jiangsu", 84.7, 95),
    ("Sichuan", 83.7, 183), ("Hebei", 74.6, 167), ("Hunan", 66.4, 122), ("Zhejiang", 64.6, 90),
    ("Anhui", 61.0, 104), ("Hubei", 57.8, 103), ("Guangxi", 50.1, 111), ("Yunnan", 47.2, 129),
    ("Jiangxi", 45.2, 100), ("Liaoning", 42.6, 100), ("Fujian", 41.5, 84), ("Shaanxi", 39.5, 107),
    ("Guizhou", 38.6, 88), ("Shanxi", 34.9, 117), ("Chongqing", 32.1, 38), ("Heilongjiang", 31.9, 121),
    ("Xinjiang", 25.9, 107), ("Gansu", 25.0, 86), ("Shanghai", 24.9, 16), ("Jilin", 24.1, 60),
    ("Inner Mongolia", 24.0, 103), ("Beijing", 21.9, 16), ("Tianjin", 13.9, 16), ("Hainan", 10.1, 25),
    ("Ningxia", 7.2, 22), ("Qinghai", 5.9, 44), ("Tibet", 3.6, 74),
)
# Dongguan, a city without districts, and Pudong.
LARGE = {"Guangdong": (10.5,), "Shanghai": (5.7,)}
COUNTY_SPREAD = 0.7  # of the logarithm of a county's people

# How much is recorded in an hour, by the kind of day; the hours not named get NIGHT.
NIGHT = 0.05
WEEKDAY = {8: 1, 9: 2, 10: 2, 11: 1.5, 12: 0.5, 13: 0.5, 14: 1.5, 15: 2, 16: 2, 17: 1.5,
           18: 1, 19: 1.5, 20: 1.5, 21: 0.5}
SATURDAY = {8: 3, 9: 8, 10: 9, 11: 8, 12: 3, 13: 2, 14: 4, 15: 5, 16: 4, 17: 2,
            18: 1, 19: 1, 20: 1, 21: 0.5}
SUNDAY = {8: 2, 9: 4, 10: 4, 11: 3, 12: 1, 13: 1, 14: 2, 15: 2, 16: 2, 17: 1,
          18: 1, 19: 1, 20: 1, 21: 0.5}
YEAR = 2027  # an ordinary one: 5 March is a Friday


def day_factor(day):
    """How much a day has beside an ordinary one of its kind."""
    if (day.month, day.day) == (3, 5):  # Lei Feng's day
        return 12
    if day.month == 3 and day.day <= 12:
        return 2
    if (day.month, day.day) == (12, 5):  # the day of volunteers
        return 5
    if day.month == 12 and day.day >= 24:  # what the year still lacks is entered
        return 4
    if datetime.date(YEAR, 2, 5) <= day <= datetime.date(YEAR, 2, 20):  # around Spring Festival
        return 0.5
    return 1.3 if (day + datetime.timedelta(days=2)).month != day.month else 1


def make_hours():
    """The weight of each hour of a year."""
    hours, day = [], datetime.date(YEAR, 1, 1)
    while day.year == YEAR:
        kind = {5: SATURDAY, 6: SUNDAY}.get(day.weekday(), WEEKDAY)
        hours += [kind.get(hour, NIGHT) * day_factor(day) for hour in range(24)]
        day += datetime.timedelta(days=1)
    return hours


def make_books(seed):
    """People, in millions, of each book by province: a book for each county."""
    chance = random.Random(seed)
    provinces = {}
    for name, people, counties in PROVINCES:
        large = LARGE.get(name, ())
        drawn = [chance.lognormvariate(0, COUNTY_SPREAD) for _ in range(counties - len(large))]
        scale = (people - sum(large)) / sum(drawn)
        provinces[name] = [*large, *(one * scale for one in drawn)]
    return provinces
