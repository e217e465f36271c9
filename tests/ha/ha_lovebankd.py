# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
lovebankd as docker-compose.yml sets it up, and what must be true of its book in the end: on each server,
on each database, and on a cache that is made anew.
"""

import os
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from compose_file import DATABASE, SERVER  # noqa: E402
from ha_cluster import CATCH_UP_S, PATIENCE_S, START_S, require, wait_until  # noqa: E402
from ha_network import Machine  # noqa: E402

BATCH = 500          # requests sent again at once, in the end
PAGE = 1000          # entries read at once: LB_PAGE_ROWS_MAX
IDLE_SHARE = 3       # of store-reach a server may stand still with the lock: server/postgres/src/check.c

HEAD = "SELECT group_number, chain, entry_number FROM lovebank_book"
# One row, the same wherever the same was written; all of it is read.
DIGEST = (
    "SELECT (SELECT md5(string_agg(md5(number || ' ' || chain || ' ' || size || ' ' ||"
    " encode(changes, 'hex')), ''"
    " ORDER BY number)) FROM lovebank_group)")
# Whether there is a gap, or the head is not that of the last group.
SHAPE = (
    "SELECT (SELECT count(*) FROM lovebank_group) = group_number,"
    " (SELECT chain FROM lovebank_group ORDER BY number DESC LIMIT 1) = chain"
    " FROM lovebank_book")
# What the role of the servers must not be able to do, to what was written.
FORBIDDEN = (
    "DELETE FROM lovebank_group", "DELETE FROM lovebank_book",
    "UPDATE lovebank_group SET changes = changes", "UPDATE lovebank_group SET chain = chain",
    "TRUNCATE lovebank_group", "DROP TABLE lovebank_group", "CREATE TABLE other (number bigint)",
    "UPDATE lovebank_schema SET version = version")


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
                "XDG_STATE_HOME": str(self.dir / "state"),
                **{name: value for name, value in self.service.environment.items()
                   if name.startswith(wanted)}, **self.extra}

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

    def started_s(self):
        """When it began, by its own clock."""
        from lovebank_testing import STATUS, Connection
        with Connection(self.socket_path) as connection:
            return connection.ask(STATUS).number(7) / 1000


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

    def read(self):
        """Whether the server says what the first entry is."""
        from lovebank_testing import ENTRY_GET, RESPONSE, message
        reply = self.connection.call(ENTRY_GET, (1, message((1, 1))))
        return reply.kind == RESPONSE and reply.message().number(1) == 0

    def close(self):
        self.connection.socket.close()


class LovebankFleet:
    """Two lovebankd on one book."""

    name = "lovebankd"
    has_reads = has_batches = True
    MEMBERS = 250
    ORG_OPEN, TARIFF_SET, MEMBER_REGISTER = 10, 13, 20

    def __init__(self, cluster, is_safe=True):
        self.cluster = cluster
        # A server gives up what the database has lost after store-reach.
        extra = {} if is_safe else {"LOVEBANKD_STORE_HA": "no", "LOVEBANKD_STORE_REACH": "10s"}
        self.servers = {service.name: LovebankServer(service, dict(extra))
                        for service in cluster.topology.of_kind(SERVER)}
        self.migrate = dict(cluster.topology.migrate) | extra
        self.furnished = 0
        reach = next(iter(self.servers.values())).service.environment["LOVEBANKD_STORE_REACH"]
        self.turn_s = int(reach.removesuffix("s")) / IDLE_SHARE

    def set_up(self):
        first, *others = self.servers.values()
        first.run_inside(*first.program("migrate"), variables=self.migrate)
        first.run_inside(*first.program("init"))
        for server in others:  # the key is the book's
            shutil.copy(first.key_file, server.key_file)
        for server in self.servers.values():
            server.start().wait_ready()
        self.furnish(first)
        self.check_role()

    def furnish(self, server):
        from lovebank_testing import STATUS, Connection, command, message
        with Connection(server.socket_path) as connection:
            connection.do(
                command(self.ORG_OPEN, (1, 310101001000), (3, 2), (4, "街道"), on="2016-01-01"),
                command(self.TARIFF_SET, (1, 1), (2, "助老"), (3, 100), (4, 1000), (5, 1), (6, 1),
                        (8, 600), on="2016-01-01"),
                *(command(self.MEMBER_REGISTER, (1, number), (2, 310101001000),
                          (5, message((1, f"张小{number}"))), on="2016-01-01")
                  for number in range(1, self.MEMBERS + 1)))
            self.furnished = connection.ask(STATUS).number(2)

    def check_role(self):
        from ha_database import DatabaseError
        for statement in FORBIDDEN:
            with self.cluster.connect(self.cluster.primary()) as database:
                try:
                    database.query("BEGIN")
                    database.query(statement)
                except DatabaseError as error:
                    require(error.state == "42501", f"{statement}: {error}")
                    continue
                require(False, f"the role of the servers may: {statement}")

    def check(self, acked):
        """First what is there, and only then the same requests once more: for these would record
        anew, under the numbers that are free, what had been lost. Then each server verifies; and
        `lovebankd verify` on a cache that is filled anew from the log."""
        from lovebank_testing import Connection
        require(len(set(acked.values())) == len(acked), "two requests got one entry")
        for server in self.servers.values():
            with Connection(server.socket_path) as connection:
                self.wait_newest(server.name, connection, acked)
                check_count(server.name, newest_entry(connection), self.furnished, len(acked))
                check_ids(server.name, read_ids(connection, self.furnished), acked)
        self.check_databases()
        for server in self.servers.values():
            self.send_again(server, acked)
        roots = set()
        for server in self.servers.values():
            with Connection(server.socket_path) as connection:
                check_verified(server.name, connection.verify())
                check_count(server.name, newest_entry(connection), self.furnished, len(acked))
                status = connection.status_hashed()
                roots.add((status.number(2), status.bytes(4)))
        require(len(roots) == 1, "the servers differ:", roots)
        self.check_new_cache(roots.pop(), next(iter(acked.items())))

    @staticmethod
    def wait_newest(name, connection, acked):
        """A server looks now and then what the other wrote."""
        newest = max(acked.values())
        try:
            wait_until("all entries", lambda: newest_entry(connection) >= newest, CATCH_UP_S)
        except AssertionError as error:
            require(False, f"{name}: LOST: {newest} is not there, but {newest_entry(connection)}: {error}")

    def check_databases(self):
        """Each has the same, to the last byte, and no gap in it."""
        found = {}
        for name in self.cluster.names(DATABASE):
            with self.cluster.connect(self.cluster.primary()) as primary:
                newest = primary.query(HEAD)
            with self.cluster.connect(name) as database:
                def has_newest(database=database, newest=newest):
                    return database.query(HEAD) == newest

                wait_until(f"{name} has all groups", has_newest, CATCH_UP_S)
                found[name] = database.query(HEAD) + database.query(DIGEST)
                require(database.query(SHAPE) == [("t", "t")],
                        f"{name}: groups are missing:", database.query(SHAPE))
        check_same(found)
        (_, _, newest), _ = next(iter(found.values()))
        check_numbers(int(newest), [number for number, _ in self.read_tables()])

    def read_tables(self):
        """(number, packed bytes) of each entry, as they come in the groups."""
        from group_changes import entries_of, unpacked
        with self.cluster.connect(self.cluster.primary()) as database:
            rows = database.query("SELECT encode(changes, 'hex'), size FROM lovebank_group"
                                  " ORDER BY number")
        return [each for changes, size in rows
                for each in entries_of(unpacked(bytes.fromhex(changes), int(size))).items()]

    @staticmethod
    def send_again(server, acked):
        client = server.connect()
        known = list(acked.items())
        for part in (known[at:at + BATCH] for at in range(0, len(known), BATCH)):
            answers = client.record_all([entry_id for entry_id, _ in part])
            for (_, number), there in zip(part, answers, strict=True):
                require(there == number, f"{server.name}: LOST or doubled: {number} is now {there}")
        client.close()

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

    def check_kept(self, acked):
        """When a server has found a loss itself and ended: whether we find it too, in the tables."""
        from lovebank_testing import Message
        check_ids("the database", {number: Message(packed).message(5).bytes(1)
                                   for number, packed in self.read_tables()
                                   if number > self.furnished}, acked)

    def complaint(self):
        """What a server said that ended because the database had lost what it knew; or None."""
        for server in self.servers.values():
            if not server.is_running() and "storage_corrupt" in server.log():
                return f"{server.name} says storage_corrupt and ended"
        return None


def newest_entry(connection):
    from lovebank_testing import STATUS
    return connection.ask(STATUS).number(2)


def read_ids(connection, after):
    """{number: id} of the entries above that number."""
    from lovebank_testing import ENTRY_LIST, RESPONSE
    found = {}
    while True:
        reply = connection.call(ENTRY_LIST, (1, after), (4, PAGE))
        if reply.kind != RESPONSE:
            require(reply.error()[0] == "try_later", "entries:", reply.error())
            continue
        answer = reply.message()
        require(answer.number(1) == 0, "entries:", dict(answer))
        for stored in answer.messages(3):
            entry = stored.message(1)
            found[entry.number(1)] = entry.message(5).bytes(1)
        after = answer.number(4)
        if after == answer.number(5):
            return found


def check_count(name, entries, furnished, acknowledged):
    """Each client's last request was acknowledged too: so it is known to one how many there are."""
    require(entries >= furnished + acknowledged,
            f"{name}: LOST: {acknowledged} acknowledged, and {entries - furnished} are there")
    require(entries <= furnished + acknowledged,
            f"{name}: doubled: {acknowledged} acknowledged, and {entries - furnished} are there")


def check_ids(name, found, acked):
    for entry_id, number in acked.items():
        require(found.get(number) == entry_id,
                f"{name}: LOST: entry {number} was acknowledged for {entry_id.hex()} and is now",
                found[number].hex() if number in found else "missing")


def check_numbers(newest, numbers):
    """Those of the entries as they come in the groups; the head says which is the newest."""
    require(numbers == list(range(1, newest + 1)), f"the head has {newest} entries, the groups"
            f" {len(numbers)}, or they do not follow each other")


def check_same(found):
    """{database: what it holds}"""
    require(len(set(map(str, found.values()))) == 1, "the databases differ:", found)


def check_verified(name, answer):
    """VerifyResponse: done is 2, passed 5, problem 6."""
    require(answer.number(2) == 1 and answer.number(5) == 1, f"{name}: verify says:", answer.text(6))
