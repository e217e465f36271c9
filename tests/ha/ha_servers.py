# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Who writes to the database: lovebankd (ha_lovebankd.py), or the stand-in (ha_writer.py). The load and
the faults treat both alike:

  Fleet.set_up()         once, on a new cluster: tables, the book, the servers started
  Server.connect()       a client's connection: .record(id) is the entry's number, or None for "send it
                         again"; OSError, EOFError when it is gone. lovebankd's have .record_all(ids)
                         and .read() too: `has_reads` and `has_batches` of the fleet
  Fleet.check(acked)     at the end, with nothing under way: each acknowledged id once, one chain
  Fleet.turn_s           how long a server that stands still may have the book's lock
"""

import os
import socket
import sys
from pathlib import Path

from compose_file import DATABASE, SERVER
from ha_cluster import CATCH_UP_S, OWNER, PATIENCE_S, START_S, require, wait_until
from ha_lovebankd import LovebankFleet
from ha_network import Machine
from ha_writer import IDLE_S, TABLES, next_chain


class StandInConnection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r")

    def record(self, entry_id):
        self.socket.sendall(f"{entry_id.hex()}\n".encode())
        words = self.lines.readline().split()
        if not words:
            raise EOFError("the server is gone")
        return int(words[1]) if words[0] == "ok" else None

    def close(self):
        self.lines.close()
        self.socket.close()


class StandIn(Machine):
    def command(self):
        return [sys.executable, "-B", str(Path(__file__).with_name("ha_writer.py")),
                str(self.dir / "s.sock")]

    def mounts(self):
        return [f"mount --bind {self.dir}/hosts /etc/hosts"]

    def start(self):
        (self.dir / "s.sock").unlink(missing_ok=True)
        return super().start()

    def wait_ready(self):
        wait_until(f"{self.name} listens", (self.dir / "s.sock").exists, START_S)

    def connect(self):
        return StandInConnection(self.dir / "s.sock")


class StandInFleet:
    """Two stand-ins, and what they wrote as the databases have it."""

    name = "stand-in"
    has_reads = has_batches = False
    turn_s = IDLE_S

    def __init__(self, cluster, is_safe=True):
        """It looks at no setting of the database: `is_safe` is nothing to it."""
        self.cluster = cluster
        self.servers = {service.name: StandIn(service)
                        for service in cluster.topology.of_kind(SERVER)}

    def set_up(self):
        with self.cluster.connect(self.cluster.primary(), OWNER) as database:
            for statement in TABLES:
                database.query(statement)
        for server in self.servers.values():
            server.start().wait_ready()

    @staticmethod
    def complaint():
        """They look at nothing but the newest entry, and so never find a loss."""

    def check(self, acked):
        """On every database: they are all the same."""
        heads = set()
        for name in self.cluster.names(DATABASE):
            with self.cluster.connect(name) as database:
                def head(database=database):
                    return database.query("SELECT number, chain FROM head")[0]

                wait_until(f"{name} has it all; if not, entries are LOST",
                           lambda: int(head()[0]) >= max(acked.values()), CATCH_UP_S)
                rows = database.query("SELECT number, id, chain FROM entry ORDER BY entry.number")
                heads.add(self.check_rows(name, rows, acked))
        require(len(heads) == 1, "the databases differ:", heads)

    @staticmethod
    def check_rows(name, rows, acked):
        chain, found = "", {}
        for expected, (number, entry_id, row_chain) in enumerate(rows, 1):
            require(int(number) == expected, f"{name}: entry {number} stands at {expected}")
            chain = next_chain(chain, entry_id)
            require(chain == row_chain, f"{name}: the chain breaks at {number}")
            require(entry_id not in found, f"{name}: {entry_id} is there twice")
            found[entry_id] = expected
        for entry_id, number in acked.items():
            there = found.get(entry_id.hex())
            require(there is not None, f"{name}: LOST: acknowledged entry {number} is missing")
            require(there == number, f"{name}: LOST: entry {there} was acknowledged as {number}")
        require(len(rows) == len(acked), f"{name}: {len(acked)} acknowledged, {len(rows)} there")
        return len(rows), chain


def make_fleet(cluster, is_safe=True):
    """LOVEBANK_HA_SERVER=lovebankd or stand-in (the default). `is_safe`: what they write to is a
    database that loses nothing."""
    kinds = {fleet.name: fleet for fleet in (StandInFleet, LovebankFleet)}
    return kinds[os.environ.get("LOVEBANK_HA_SERVER", StandInFleet.name)](cluster, is_safe)
