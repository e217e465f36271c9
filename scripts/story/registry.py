# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The files that are there before the year begins, as rows: orgs, classes, prices."""

from story import words
from story.world import barcode, community_org, org_rows


def item_rows():
    for item, kind, name, unit, price, since in words.ITEMS:
        yield item, kind, name, unit, barcode(item) if kind == "goods" else "", price, since


def counter_rows():
    for counter, community, name in words.COUNTERS:
        org = words.STREET[0] if community is None else community_org(community)
        yield counter, org, name


def registry_files():
    """Yields (path, header, rows)."""
    yield "orgs.csv", "org,parent,kind,name,from", org_rows()
    yield "classes.csv", "class,name,public", words.CLASSES
    yield ("categories.csv", "category,name,points_per_hour,coefficient,rounding_minutes,expires,"
           "day_minutes_max,from", words.TARIFFS)
    yield "items.csv", "item,kind,name,unit,barcode,price,from", item_rows()
    yield "counters.csv", "counter,org,name", counter_rows()
