# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Who writes to the database: lovebankd, or the stand-in (ha_writer.py). The load and the faults treat
both alike:

  Fleet.set_up()         once, on a new cluster: tables, the book, the servers started
  Server.connect()       a client's connection: .record(id) is the entry's number, or None for "send it
                         again"; OSError, EOFError when it is gone
  Fleet.check(acked)     at the end: each acknowledged id once, one chain
"""

import os
import shutil
import socket
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from compose_file import DATABASE, SERVER  # noqa: E402
from ha_cluster import require, wait_until  # noqa: E402
from ha_network import Machine  # noqa: E402
from ha_writer import TABLES, next_chain  # noqa: E402

PATIENCE_S = 5      # a client's, with one server; then it asks the other
START_S = 60
CATCH_UP_S = 60
BATCH = 500          # requests sent again at once, in the end


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

    def __init__(self, cluster):
        self.cluster = cluster
        self.servers = {service.name: StandIn(service)
                        for service in cluster.topology.of_kind(SERVER)}

    def set_up(self):
        with self.cluster.connect(self.cluster.primary()) as database:
            for statement in TABLES:
                database.query(statement)
        for server in self.servers.values():
            server.start().wait_ready()

    def check(self, acked):
        """On every database: they are all the same."""
        heads = set()
        for name in self.cluster.names(DATABASE):
            with self.cluster.connect(name) as database:
                def head(database=database):
                    return database.query("SELECT number, chain FROM head")[0]

                wait_until(f"{name} has it all", lambda: int(head()[0]) >= max(acked.values()),
                           CATCH_UP_S)
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
            require(there == number, f"{name}: entry {there} was acknowledged as {number}")
        return len(rows), chain


class LovebankServer(Machine):
    """lovebankd with the database settings of docker-compose.yml; its files are the test's."""

    def __init__(self, service, variables=None):
        super().__init__(service, variables)
        self.socket_path = self.dir / "s.sock"
        self.key_file = self.dir / "epoch.key"

    def mounts(self):
        return [f"mount --bind {self.dir}/hosts /etc/hosts"]

    def environment(self):
        wanted = ("LOVEBANKD_STORE", "PG")
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8",
                "XDG_STATE_HOME": str(self.dir / "state"), **self.extra,
                **{name: value for name, value in self.service.environment.items()
                   if name.startswith(wanted)}}

    def program(self, *arguments):
        from lovebank_testing import SERVER as PROGRAM
        return [str(PROGRAM.resolve()), *arguments, "--config", "", "--data-dir",
                str(self.dir / "data"), "--key-file", str(self.key_file), "--socket",
                str(self.socket_path)]

    def command(self):
        return self.program() + ["--insecure-no-login"]

    def start(self):
        self.socket_path.unlink(missing_ok=True)
        return super().start()

    def wait_ready(self):
        wait_until(f"{self.name} listens", self.socket_path.exists, START_S)

    def connect(self):
        return LovebankConnection(self.socket_path)


class LovebankConnection:
    """Records one service of a member under the id."""

    RECORD = 31

    def __init__(self, path):
        from lovebank_testing import Connection
        self.connection = Connection(path, greet=False)
        self.connection.socket.settimeout(PATIENCE_S)
        self.connection.hello()

    def command(self, entry_id):
        """By the id, so that what is sent again is the same; a day has room for few of a member."""
        from lovebank_testing import command, message
        day = date(2018, 1, 1) + timedelta(days=int.from_bytes(entry_id[1:4], "big") % 2500)
        return command(self.RECORD, (1, message((1, 1 + entry_id[0] % LovebankFleet.MEMBERS))),
                       (2, 1), (3, 5), on=day.isoformat(), id=entry_id)

    def record(self, entry_id):
        return self.record_all([entry_id])[0]

    def record_all(self, ids):
        """Of each the entry's number, or None."""
        from lovebank_testing import ERROR, RESULTS, WRITE, Message
        again = {RESULTS[name] for name in ("try_later", "storage_full", "shutting_down",
                                            "store_unreachable")}
        reply = self.connection.call(WRITE, *((1, self.command(entry_id)) for entry_id in ids))
        if reply.kind == ERROR:
            require(RESULTS[reply.error()[0]] in again, "answered with", reply.error())
            return [None] * len(ids)
        answer = Message(reply.payload)
        if answer.number(1) in again:
            return [None] * len(ids)
        require(answer.number(1) == 0, "answered with", dict(answer))
        results = answer.messages(6)
        for result in results:
            require(result.number(2) > 0 or result.number(1) in again, "refused and not recorded:",
                    dict(result))
        return [result.number(2) or None for result in results]

    def close(self):
        self.connection.socket.close()


class LovebankFleet:
    """Two lovebankd on one book."""

    name = "lovebankd"
    MEMBERS = 250
    ORG_OPEN, TARIFF_SET, MEMBER_REGISTER = 10, 13, 20

    def __init__(self, cluster):
        self.cluster = cluster
        self.servers = {service.name: LovebankServer(service)
                        for service in cluster.topology.of_kind(SERVER)}

    def set_up(self):
        first, *others = self.servers.values()
        first.run_inside(*first.program("migrate"))
        first.run_inside(*first.program("init"))
        for server in others:  # the key is the book's
            shutil.copy(first.key_file, server.key_file)
        for server in self.servers.values():
            server.start().wait_ready()
        self.furnish(first)

    def furnish(self, server):
        from lovebank_testing import Connection, command, message
        with Connection(server.socket_path) as connection:
            connection.do(
                command(self.ORG_OPEN, (1, 310101001000), (3, 2), (4, "街道"), on="2016-01-01"),
                command(self.TARIFF_SET, (1, 1), (2, "助老"), (3, 100), (4, 1000), (5, 1), (6, 1),
                        (8, 600), on="2016-01-01"),
                *(command(self.MEMBER_REGISTER, (1, number), (2, 310101001000),
                          (5, message((1, f"张小{number}"))), on="2016-01-01")
                  for number in range(1, self.MEMBERS + 1)))

    def check(self, acked):
        """Through both servers: the first answers again, numbers without a gap, the same root, and
        each verifies; then `lovebankd verify` on a cache that is filled anew from the log."""
        from lovebank_testing import Connection
        roots = set()
        for server in self.servers.values():
            client = server.connect()
            known = list(acked.items())
            for part in (known[at:at + BATCH] for at in range(0, len(known), BATCH)):
                found = client.record_all([entry_id for entry_id, _ in part])
                for (_, number), there in zip(part, found, strict=True):
                    require(there == number, f"{server.name}: LOST or doubled: {number} is now {there}")
            client.close()
        require(len(set(acked.values())) == len(acked), "two requests got one entry")
        for server in self.servers.values():
            with Connection(server.socket_path) as connection:
                answer = connection.verify()
                require(answer.number(1) == 0, f"{server.name}: verify says", dict(answer))
                status = connection.status_hashed()
                roots.add((status.number(2), status.bytes(4)))
        require(len(roots) == 1, "the servers differ:", roots)
        self.check_new_cache(roots.pop(), next(iter(acked.items())))

    def check_new_cache(self, root, known):
        """What the log alone makes is what there was."""
        from lovebank_testing import Connection
        server = next(iter(self.servers.values()))
        server.kill()
        shutil.rmtree(server.dir / "data")
        server.start().wait_ready()
        client = server.connect()
        entry_id, number = known
        require(client.record(entry_id) == number, f"{server.name}: entry {number} is another")
        client.close()
        with Connection(server.socket_path) as connection:
            status = connection.status_hashed()
            found = (status.number(2), status.bytes(4))
            require(found == root, f"{server.name}: the log makes", found, "and there was", root)
        server.process.terminate()
        require(server.process.wait(START_S) == 0, f"{server.name} did not end well: {server.log()}")
        try:
            server.run_inside(*server.program("verify"))
        except AssertionError as error:
            require(False, f"{server.name}: verify of a new cache: {error}")


def make_fleet(cluster):
    """LOVEBANK_HA_SERVER=lovebankd or stand-in (the default)."""
    kinds = {fleet.name: fleet for fleet in (StandInFleet, LovebankFleet)}
    return kinds[os.environ.get("LOVEBANK_HA_SERVER", StandInFleet.name)](cluster)
