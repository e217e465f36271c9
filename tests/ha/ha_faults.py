# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What goes wrong, one at a time: each fault begins, lasts, and ends; then the machines must be whole
again by themselves. A function yields once, while the fault is there; what it did is told by `told`.
"""

import contextlib
import signal
import threading
import time
from pathlib import Path

from compose_file import DATABASE, ETCD, PROXY
from ha_cluster import Failure, require, wait_until
from ha_database import DatabaseError
from ha_network import send

TAKE_OVER_S = 40     # until another is the primary; the promise for clients is OUTAGE_S
WHOLE_S = 120


class Stage:
    """What a fault has at hand."""

    def __init__(self, cluster, fleet, load, rng):
        self.cluster, self.network, self.fleet = cluster, cluster.network, fleet
        self.load, self.rng = load, rng
        self.told = ""

    def tell(self, *what):
        self.told = " ".join(map(str, what))

    def pause(self, low, high):
        threading.Event().wait(self.rng.uniform(low, high))

    def primary(self):
        return wait_until("there is a primary", self.cluster.primary, TAKE_OVER_S)

    def machine(self, name):
        return self.cluster.machines[name]

    def server(self):
        return self.fleet.servers[self.rng.choice(sorted(self.fleet.servers))]

    def wait_for_another_primary(self, old):
        """Then a little longer: what the old one does now is what matters."""
        wait_until(f"another primary than {old}",
                   lambda: any(self.cluster.ask(name, "/primary")[0] == 200
                               for name in self.cluster.names(DATABASE) if name != old),
                   TAKE_OVER_S)
        self.pause(2, 6)


def processes(machine, program):
    """Those of a machine, by the name of their program."""
    found = []
    for pid in machine.pids():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == program:
                found.append(pid)
    return found


def postgres_killed(stage):
    name = stage.primary()
    stage.tell(name)
    for pid in processes(stage.machine(name), "postgres"):
        send(pid, signal.SIGKILL)
    yield


def backend_killed(stage):
    """One process of PostgreSQL: the others start anew."""
    name = stage.primary()
    stage.tell(name)
    send(stage.rng.choice(processes(stage.machine(name), "postgres")[1:]), signal.SIGKILL)
    yield


def machine_killed(stage):
    """Power off, and on when another has taken over."""
    name = stage.primary()
    stage.tell(name)
    stage.machine(name).kill()
    yield
    stage.wait_for_another_primary(name)
    stage.machine(name).start()


def standby_killed(stage):
    """The one that acknowledgments wait for."""
    name = wait_until("a standby", stage.cluster.synchronous_standby, WHOLE_S)
    stage.tell(name)
    stage.machine(name).kill()
    yield
    stage.pause(5, 15)
    stage.machine(name).start()


def patroni_killed(stage):
    """PostgreSQL lives on and takes itself for the primary."""
    name = stage.primary()
    stage.tell(name)
    stage.machine(name).kill_first()
    yield
    stage.wait_for_another_primary(name)
    stage.machine(name).start()


def etcd_killed(stage):
    """The one that leads, or any."""
    names = stage.cluster.names(ETCD)
    name = stage.rng.choice([stage.cluster.etcd_leader() or names[0], stage.rng.choice(names)])
    stage.tell(name)
    stage.machine(name).kill()
    yield
    stage.pause(5, 20)
    stage.machine(name).start()


def etcd_and_primary_killed(stage):
    etcd, name = stage.cluster.etcd_leader() or stage.cluster.names(ETCD)[0], stage.primary()
    stage.tell(etcd, name)
    stage.machine(etcd).kill()
    stage.machine(name).kill()
    yield
    stage.wait_for_another_primary(name)
    stage.machine(name).start()
    stage.machine(etcd).start()


def server_killed(stage):
    server = stage.server()
    stage.tell(server.name)
    server.kill()
    yield
    stage.pause(0, 5)
    server.start().wait_ready()


def haproxy_killed(stage):
    name = stage.cluster.names(PROXY)[0]
    stage.tell(name)
    stage.machine(name).kill()
    yield
    stage.pause(2, 8)
    stage.machine(name).start()


def primary_isolated(stage):
    """It is alive, and nobody hears it."""
    name = stage.primary()
    stage.tell(name)
    stage.network.isolate([name])
    yield
    stage.wait_for_another_primary(name)
    stage.network.heal()


def primary_isolated_with_server(stage):
    """A server is on the wrong side and goes on writing there."""
    name = stage.primary()
    server = sorted(stage.fleet.servers)[-1]  # the one that needs no haproxy
    stage.tell(name, "with", server)
    stage.network.isolate([name, server])
    yield
    stage.wait_for_another_primary(name)
    stage.network.heal()


def standby_isolated(stage):
    name = wait_until("a standby", stage.cluster.synchronous_standby, WHOLE_S)
    stage.tell(name)
    stage.network.isolate([name])
    yield
    stage.pause(10, 25)
    stage.network.heal()


def primary_loses_standbys(stage):
    """It reaches etcd and the servers, and no other database: it must not acknowledge anything, and
    nobody may take its place. Writable again when the wires are: so they are cut for less than the
    promise."""
    name = stage.primary()
    stage.tell(name)
    for other in stage.cluster.names(DATABASE):
        if other != name:
            stage.network.drop(name, other)
            stage.network.drop(other, name)
    yield
    stage.pause(3, 10)
    stage.network.heal()


def one_way_loss(stage):
    """The primary is heard and hears nothing, or the other way round."""
    name, outwards = stage.primary(), stage.rng.random() < 0.5
    stage.tell(name, "outwards" if outwards else "inwards")
    stage.network.isolate([name], outwards=outwards, inwards=not outwards)
    yield
    stage.pause(10, 25)
    stage.network.heal()


def lossy_wire(stage):
    """A tenth of the primary's packets, both ways."""
    name = stage.primary()
    stage.tell(name)
    stage.network.isolate([name], percent=10)
    yield
    stage.pause(5, 15)
    stage.network.heal()


def slow_wire(stage):
    """Of the primary or of its standby."""
    name = stage.rng.choice([stage.primary(), stage.cluster.synchronous_standby()
                             or stage.primary()])
    stage.tell(name, "delay" if stage.network.has_netem else "narrow")
    stage.network.slow(name)
    yield
    stage.pause(8, 20)
    stage.network.heal()


def machine_frozen(stage):
    """The primary stands still, and wakes up as if nothing had been."""
    name = stage.primary()
    stage.tell(name)
    stage.machine(name).signal_all(signal.SIGSTOP)
    yield
    try:
        stage.wait_for_another_primary(name)
    finally:
        stage.machine(name).signal_all(signal.SIGCONT)


def holds_the_lock(stage):
    """Whether a session has a transaction open and does nothing, and another waits for its row."""
    try:
        with stage.cluster.connect(stage.primary(), "postgres") as database:
            idle, waiting = database.query(
                "SELECT count(*) FILTER (WHERE state = 'idle in transaction'"
                "  AND state_change < clock_timestamp() - interval '80 ms'),"
                " count(*) FILTER (WHERE wait_event_type = 'Lock')"
                " FROM pg_stat_activity WHERE usename = 'lovebank'")[0]
            return int(idle) > 0 and int(waiting) > 0
    except DatabaseError:
        return False


def server_stopped(stage):
    """A server stands still while it holds the row that all wait for."""
    server = stage.server()
    for tries in range(1, 301):
        server.signal_all(signal.SIGSTOP)
        threading.Event().wait(0.12)
        if holds_the_lock(stage):
            break
        server.signal_all(signal.SIGCONT)
        stage.pause(0.01, 0.05)
    else:
        raise Failure(f"{server.name} was never stopped while it held the lock")
    stage.tell(server.name, "with the lock, at try", tries)
    yield
    stage.pause(8, 20)
    server.signal_all(signal.SIGCONT)


def clock_moved(stage):
    """One PostgreSQL's clock, whatever its part is now. It runs on; started meanwhile it would not
    be taken for the same process by Patroni, which compares clocks."""
    seconds = stage.rng.choice([-3600, -90, 90, 3600, 86400])
    stage.tell(stage.cluster.skewed, f"{seconds:+d} s",
               "primary" if stage.cluster.primary() == stage.cluster.skewed else "standby")
    stage.cluster.set_clock(seconds)
    yield
    stage.pause(5, 15)
    stage.cluster.set_clock(0)


def switchover(stage):
    """Planned: a person asks for it."""
    name = stage.primary()
    candidate = wait_until("a standby", stage.cluster.synchronous_standby, WHOLE_S)
    stage.tell(name, "to", candidate)
    stage.cluster.patroni("switchover", "--master", name, "--candidate", candidate, "--force")
    yield


FAULTS = {each.__name__: each for each in (
    postgres_killed, backend_killed, machine_killed, standby_killed, patroni_killed, etcd_killed,
    etcd_and_primary_killed, server_killed, haproxy_killed, primary_isolated,
    primary_isolated_with_server, standby_isolated, primary_loses_standbys, one_way_loss, lossy_wire,
    slow_wire, machine_frozen, server_stopped, clock_moved, switchover)}


def strike(stage, name, outage_max_s):
    """One fault from its beginning until all is whole; a line about it."""
    wait_until("requests are acknowledged",
               lambda start=time.monotonic(): stage.load.acknowledged_since(start), WHOLE_S)
    start = time.monotonic()
    before = stage.load.count()
    for _ in FAULTS[name](stage):
        pass
    stage.cluster.wait_whole(WHOLE_S)
    wait_until("requests are acknowledged again",
               lambda now=time.monotonic(): stage.load.acknowledged_since(now), WHOLE_S)
    end = time.monotonic()
    stage.load.check()
    outage = stage.load.outage(start, end)
    by_server = ", ".join(f"{server} {stage.load.outage(start, end, server):.1f} s"
                          for server in sorted(stage.fleet.servers))
    line = f"{name} ({stage.told}): {outage:.1f} s without an acknowledgment ({by_server}), " \
           f"whole after {end - start:.1f} s, {stage.load.count() - before} acknowledged"
    require(outage <= outage_max_s, "not writable again in time:", line)
    return line
