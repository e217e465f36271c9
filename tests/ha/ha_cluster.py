# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
All machines of the profile `ha`, and what they say of themselves. The passwords are of this run.
"""

import contextlib
import http.client
import json
import secrets
import shutil
import sys
import time
from pathlib import Path

from compose_file import DATABASE, ETCD, IMAGE_DIR, PROXY, Topology, skip
from ha_database import Database, DatabaseError
from ha_network import WORK_DIR, Machine, Network, faketime

PASSWORDS = ("SUPERUSER", "REPLICATION", "REWIND", "RESTAPI", "OWNER", "DATABASE")
POSTGRES_DIR = Path("/usr/lib/postgresql/15/bin")
CLOCK_FILE = WORK_DIR / "clock"
SUPERUSER, OWNER = "postgres", "lovebank_owner"
PATIENCE_S = 5       # a client's, with one server; then it asks the other
START_S = 120
CATCH_UP_S = 60
CLOCK_S = 20         # a clock of a file is looked at each second
POLL_S = 0.2


class Failure(AssertionError):
    pass


def require(condition, *what):
    if not condition:
        raise Failure(" ".join(map(str, what)))


def wait_until(what, condition, patience_s):
    """Polls: these programs tell nobody. Returns what the condition did."""
    end = time.monotonic() + patience_s
    while True:
        found = condition()
        if found:
            return found
        require(time.monotonic() < end, f"not within {patience_s:.0f} s: {what}")
        time.sleep(POLL_S)


class Cluster:
    """`skewed`: the database whose clock can be set apart."""

    def __init__(self):
        self.passwords = {f"LOVEBANK_{name}_PASSWORD": secrets.token_hex(12) for name in PASSWORDS}
        self.topology = Topology(self.passwords)
        if not POSTGRES_DIR.exists():
            skip("PostgreSQL 15 is missing; scripts/setup.sh ha installs it")
        self.network = Network(self.topology)
        self.machines = {}
        self.skewed = self.topology.of_kind(DATABASE)[0].name
        for kind in (ETCD, DATABASE, PROXY):
            for service in self.topology.of_kind(kind):
                self.machines[service.name] = Machine(service)
        self.prepare_clock(self.skewed)

    def prepare_clock(self, name):
        """PostgreSQL of one machine tells the time by a file. Not Patroni, which stands still under
        libfaketime; so Patroni finds another `postgres` among the programs."""
        self.set_clock(0)
        programs = WORK_DIR / "programs"
        programs.mkdir()
        for path in POSTGRES_DIR.iterdir():
            (programs / path.name).symlink_to(path)
        (programs / "postgres").unlink()
        (programs / "postgres").write_text(
            "#!/bin/sh\n"
            f"export LD_PRELOAD={faketime()} FAKETIME_TIMESTAMP_FILE={CLOCK_FILE}\n"
            "export FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_RESET=1\n"
            f"exec {POSTGRES_DIR}/postgres \"$@\"\n", encoding="utf-8")
        (programs / "postgres").chmod(0o755)
        self.machines[name].extra["PATRONI_POSTGRESQL_BIN_DIR"] = str(programs)

    @staticmethod
    def set_clock(seconds):
        CLOCK_FILE.write_text(f"{seconds:+d}\n", encoding="utf-8")

    def wait_clock(self, seconds):
        """Until the database itself tells a time that is so far from the machine's."""
        def is_apart():
            with self.connect(self.skewed, SUPERUSER) as database:
                there = database.query("SELECT extract(epoch FROM clock_timestamp())")[0][0]
            return abs(float(there) - time.time() - seconds) < CLOCK_S

        wait_until(f"the clock of {self.skewed} is {seconds:+d} s apart", is_apart, CLOCK_S)

    def start(self):
        for kind in (DATABASE, PROXY):
            require(not self.healthy(kind), f"{kind} is healthy before it is started")
        for machine in self.machines.values():
            machine.start()
        self.wait_whole(START_S)

    def names(self, kind):
        return [service.name for service in self.topology.of_kind(kind)]

    def ask(self, name, path, port=8008, patience_s=1):
        """What a machine says over HTTP: (status, JSON or None)."""
        address = self.topology.services[name].address
        with contextlib.closing(http.client.HTTPConnection(address, port, timeout=patience_s)) as to:
            try:
                to.request("GET", path)
                answer = to.getresponse()
                return answer.status, json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                return 0, None

    def patroni(self, *arguments, on=None):
        """patronictl, on that machine, or the first database's."""
        machine = self.machines[on or self.names(DATABASE)[0]]
        return machine.run_inside("patronictl", "--config-file", "/opt/lovebank-ha/patroni.yml",
                                  *arguments)

    def members(self):
        """{name: member} as one that answers sees them."""
        for name in self.names(DATABASE):
            status, answer = self.ask(name, "/cluster")
            if status == 200 and answer:
                return {member["name"]: member for member in answer["members"]}
        return {}

    def primary(self):
        """Who has the key and writes; None: nobody now."""
        for name in self.names(DATABASE):
            if self.ask(name, "/primary")[0] == 200:
                return name
        return None

    def synchronous_standby(self):
        for name in self.names(DATABASE):
            if self.ask(name, "/sync")[0] == 200:
                return name
        return None

    def etcd_leader(self):
        for name in self.names(ETCD):
            status, answer = self.ask(name, "/v2/stats/self", port=2379)
            if status == 200 and answer.get("state") == "StateLeader":
                return name
        return None

    def is_whole(self):
        """All machines run, and nothing more is lost by losing any one of them."""
        if not all(machine.is_running() for machine in self.machines.values()):
            return False
        if not all(self.ask(name, "/health", port=2379)[0] == 200 for name in self.names(ETCD)):
            return False
        members = self.members()
        roles = sorted(member["role"] for member in members.values())
        return roles == ["leader", "replica", "sync_standby"] \
            and all(member["state"] == "running" for member in members.values()) \
            and len({member.get("timeline") for member in members.values()}) == 1 \
            and self.streams() == 2

    def streams(self):
        """How many standbys follow the primary at this moment."""
        try:
            with self.connect(self.primary() or self.names(DATABASE)[0], SUPERUSER) as database:
                return int(database.query("SELECT count(*) FROM pg_stat_replication"
                                          " WHERE state = 'streaming'")[0][0])
        except DatabaseError:
            return 0

    def wait_whole(self, patience_s):
        try:
            wait_until("all machines are back", self.is_whole, patience_s)
        except Failure as failure:
            raise Failure(f"{failure}: {self.members()}, running: "
                          f"{[name for name, each in self.machines.items() if each.is_running()]}"
                          ) from None

    def wait_asynchronous(self):
        """For the canary: the primary waits for nobody any more."""
        def is_asynchronous():
            with self.connect(self.primary(), SUPERUSER) as database:
                return database.query("SHOW synchronous_standby_names") == [("",)]

        wait_until("replication is asynchronous", is_asynchronous, START_S)

    def connect(self, name, user="lovebank"):
        """The superuser has no way in by the network: only the socket on the machine."""
        password = self.passwords[{SUPERUSER: "LOVEBANK_SUPERUSER_PASSWORD",
                                   OWNER: "LOVEBANK_OWNER_PASSWORD",
                                   "lovebank": "LOVEBANK_DATABASE_PASSWORD"}[user]]
        host = self.machines[name].dir / "run" if user == SUPERUSER else \
            self.topology.services[name].address
        return Database(f"host={host} user={user} password={password} dbname=lovebank"
                        " connect_timeout=3 target_session_attrs=any")

    def healthy(self, kind):
        """Of which machines the containers' health check says that they are well."""
        found = []
        for name in self.names(kind):
            with contextlib.suppress(AssertionError):
                self.machines[name].run_inside(f"{IMAGE_DIR}/healthy.sh")
                found.append(name)
        return found

    def check_health_checks(self):
        for kind in (ETCD, DATABASE, PROXY):
            require(self.healthy(kind) == self.names(kind), f"of {kind} only these are healthy:",
                    self.healthy(kind))

    def check_closed(self):
        """Nobody reaches by the network what is for those on the machine alone."""
        for name in self.names(DATABASE):
            address = self.topology.services[name].address
            for user in (SUPERUSER, "rewind", "replicator"):
                try:
                    Database(f"host={address} user={user} password=x dbname=lovebank connect_timeout=3")
                except DatabaseError as error:
                    require("no pg_hba.conf entry" in str(error), f"{name}, {user}: {error}")
                else:
                    require(False, f"{name} lets {user} in")

    def keep_logs(self, directory):
        """The machines' words, for people; their disks are in memory and go."""
        target = Path(directory)
        target.mkdir(parents=True, exist_ok=True)
        for name in self.topology.services:
            path = WORK_DIR / name / "log"
            if path.exists():
                shutil.copy(path, target / f"{name}.log")
        print(f"logs: {target}", file=sys.stderr, flush=True)
