#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Draws the curves of docs/performance.md from what bench/growth.sh measured: bench/plot.py DIR OUT

DIR/growth.csv, DIR/latency-*.csv and DIR/bare-*.csv become SVG files in the directory OUT. Needs nothing but Python.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 80, 20, 56, 48
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")     # told apart by all eyes


def ticks_even(most):
    """From 0 to at least `most`, in steps of 1, 2 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(most / 5))
    step = next(power * s for s in (1, 2, 5, 10) if power * s * 6 >= most)
    return [step * i for i in range(math.ceil(most / step - 1e-9) + 1)]


def ticks_powers(least, most):
    """Powers of ten around what there is."""
    first = math.floor(math.log10(least))
    last = max(math.ceil(math.log10(most)), first + 1)
    return [10.0 ** power for power in range(first, last + 1)]


def number(value):
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"


class Chart:
    """One picture: places values, then collects its parts."""

    def __init__(self, series, is_log):
        points = [point for line in series.values() for point in line]
        ys = [y for _, y in points]
        self.is_log = is_log
        self.xs = ticks_even(max(x for x, _ in points) or 1)
        self.ys = ticks_powers(min(ys), max(ys)) if is_log else ticks_even(max(ys) or 1)
        self.parts = []

    def x(self, value):
        return LEFT + (WIDTH - LEFT - RIGHT) * value / self.xs[-1]

    def y(self, value):
        if self.is_log:
            low, high, value = (math.log10(v) for v in (self.ys[0], self.ys[-1], value))
            share = (value - low) / (high - low)
        else:
            share = value / self.ys[-1]
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def line(self, x1, y1, x2, y2):
        self.parts.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#ccc"/>')

    def text(self, x, y, text, anchor="middle", more=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>')

    def grid(self):
        for value in self.xs:
            self.line(self.x(value), TOP, self.x(value), HEIGHT - BOTTOM)
            self.text(self.x(value), HEIGHT - BOTTOM + 16, number(value))
        for value in self.ys:
            self.line(LEFT, self.y(value), WIDTH - RIGHT, self.y(value))
            self.text(LEFT - 6, self.y(value) + 4, number(value), "end")

    def curve(self, line, colour):
        path = "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in line)
        self.parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')


def draw(path, title, x_label, y_label, series, is_log=False):
    """series: name -> [(x, y)]; with is_log, values of 0 are left out, for they have no place."""
    if is_log:
        series = {name: [(x, y) for x, y in line if y > 0] for name, line in series.items()}
    series = {name: line for name, line in series.items() if line}
    if not series:
        return
    chart = Chart(series, is_log)
    chart.grid()
    chart.text(LEFT, 20, title, "start", ' font-weight="bold"')
    chart.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_label)
    chart.text(0, 0, y_label, "middle", f' transform="translate(14 {HEIGHT / 2:.0f}) rotate(-90)"')
    place = LEFT
    for (name, line), colour in zip(series.items(), COLOURS):
        chart.curve(line, colour)
        chart.text(place, 42, f"— {name}", "start", f' fill="{colour}"')
        place += 24 + 7 * len(name)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        f' font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(chart.parts) + "\n</svg>\n", encoding="utf-8")
    print(path)


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [{key: int(value) for key, value in row.items()} for row in csv.DictReader(file)]


def draw_growth(steps, out):
    """One curve for each number of members, over the entries in the book."""
    def curves(value):
        series = defaultdict(list)
        for row in steps:
            series[f"{row['members']:,} members"].append((row["entries"] / 1e6, value(row)))
        return series

    entries = "million entries in the book"
    draw(out / "growth-throughput.svg", "Throughput, batches of 1,000", entries, "entries a second",
         curves(lambda row: row["per_second"]))
    draw(out / "growth-disk.svg", "Bytes on disk for each entry", entries, "bytes",
         curves(lambda row: row["disk_bytes"] / row["entries"]))
    draw(out / "growth-written.svg", "Bytes written to the device for each entry of a step", entries, "bytes",
         curves(lambda row: row["written_bytes"] / row["recorded"]))
    draw(out / "growth-start.svg", "Start-up after a kill -9", entries, "ms",
         curves(lambda row: row["start_ms"]))


def draw_latency(path, out):
    def curve(windows, column):
        return [(row["from_ms"] / 1e3, row[column] / 1e3) for row in windows]

    windows = rows(path)
    series = {"p50": curve(windows, "p50_us"), "p99": curve(windows, "p99_us"),
              "longest": curve(windows, "max_us")}
    bare = path.with_name(path.name.replace("latency", "bare", 1))
    if bare.exists():
        series["longest of a bare write and sync, before"] = curve(rows(bare), "max_us")
    _, members, load = path.stem.split("-")
    what = {"single": "64 connections, one entry a request", "batch": "4 connections, batches of 1,000"}[load]
    draw(out / f"latency-{members}-{load}.svg", f"Latency over time: {what}, {int(members):,} members",
         "s", "ms", series, is_log=True)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: bench/plot.py DIR OUT")
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    draw_growth(rows(source / "growth.csv"), out)
    for path in sorted(source.glob("latency-*-*.csv")):
        draw_latency(path, out)


if __name__ == "__main__":
    main()
