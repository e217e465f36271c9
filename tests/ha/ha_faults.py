# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What goes wrong, one at a time: each fault begins, lasts, and ends; then the machines must be whole
again by themselves. A function yields once, when the fault is there, and is gone on with when a request
was accepted that was first sent after that moment: so none ends before the servers have come to terms
with it. Then it lasts its usual time more. What it did is told by `told`.
"""

import contextlib
import signal
import threading
import time
from pathlib import Path

from compose_file import DATABASE, ETCD, PROXY
from ha_cluster import PATIENCE_S, SUPERUSER, Failure, require, wait_until
from ha_database import DatabaseError
from ha_network import faketime, send
from ha_stage import TAKE_OVER_S

WHOLE_S = 120
READ_S = 10          # so long a server may be without an answer to one who reads
BATCH = 4000         # requests in one message: more to PostgreSQL than kernels take in advance
SENDING_TRIES = 5
SENDING_S = 6        # so long a batch takes on a narrow wire, and some more
UNSENT_BYTES = 16384
SERVER_CLOCKS_S = (-3600, -300, 300, 3600)
SILENT_S = PATIENCE_S + 1   # when nobody is answered for so long, somebody has asked again


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
    server = stage.strike_server()
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
    stage.heal()


def primary_isolated_with_server(stage):
    """A server is on the wrong side and goes on writing there."""
    name = stage.primary()
    server = sorted(stage.fleet.servers)[-1]  # the one that needs no haproxy
    stage.tell(name, "with", server)
    stage.network.isolate([name, server])
    yield
    stage.wait_for_another_primary(name)
    stage.heal()


def standby_isolated(stage):
    name = wait_until("a standby", stage.cluster.synchronous_standby, WHOLE_S)
    stage.tell(name)
    stage.network.isolate([name])
    yield
    stage.pause(10, 25)
    stage.heal()


def primary_loses_standbys(stage):
    """It reaches etcd and the servers, and no other database: it must not acknowledge anything, and
    nobody may take its place. Writable again when the wires are, which is not promised to be soon
    (docs/high-availability.md): so they are cut for less than the promise."""
    name = stage.primary()
    stage.is_mute = True
    stage.tell(name)
    cut_from_standbys(stage, name)
    begun = time.monotonic()
    yield
    stage.pause(3, 10)
    require(not stage.load.has_accepted_since(begun), f"{name} alone has accepted a request")
    stage.heal()


def cut_from_standbys(stage, name):
    others = [each for each in stage.cluster.names(DATABASE) if each != name]
    for other in others:
        stage.network.drop(name, other)
        stage.network.drop(other, name)
    return others


def received(stage, name):
    """How far a standby's log goes."""
    with stage.cluster.connect(name, SUPERUSER) as database:
        return int(database.query("SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())"
                                  " - '0/0'::pg_lsn")[0][0])


def primary_loses_standbys_for_long(stage):
    """The same until a person helps as docs/high-availability.md says, when no standby counts as
    synchronous any more: the primary is stopped, and the standby that is further takes its place."""
    name = stage.primary()
    stage.is_promised = False
    others = cut_from_standbys(stage, name)
    begun = time.monotonic()
    wait_until("no standby counts", lambda: sorted(each["role"] for each in
               stage.cluster.members().values()) == ["leader", "replica", "replica"], WHOLE_S)
    require(not stage.load.has_accepted_since(begun), f"{name} alone has accepted a request")
    stage.machine(name).process.terminate()
    stage.machine(name).process.wait(WHOLE_S)
    candidate = max(others, key=lambda other: received(stage, other))
    stage.tell(name, "to", candidate)
    stage.cluster.patroni("failover", "--candidate", candidate, "--force", on=candidate)
    yield
    stage.heal()
    stage.machine(name).start()


def one_way_loss(stage):
    """The primary is heard and hears nothing, or the other way round."""
    name, outwards = stage.primary(), stage.rng.random() < 0.5
    stage.tell(name, "outwards" if outwards else "inwards")
    stage.network.isolate([name], outwards=outwards, inwards=not outwards)
    yield
    stage.pause(10, 25)
    stage.heal()


def lossy_wire(stage):
    """A tenth of the primary's packets, both ways."""
    name = stage.primary()
    stage.tell(name)
    stage.network.isolate([name], percent=10)
    yield
    stage.pause(5, 15)
    stage.heal()


def slow_wire(stage):
    """Of the primary or of its standby."""
    name = stage.rng.choice([stage.primary(), stage.cluster.synchronous_standby()
                             or stage.primary()])
    stage.tell(name, "delay" if stage.network.has_netem else "narrow")
    stage.network.slow(name)
    yield
    stage.pause(8, 20)
    stage.heal()


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


# A transaction is open, and PostgreSQL waits for the server: for its next statement, or, between
# statements that are sent at once, for the rest of them.
THINKING = "state = 'idle in transaction' AND state_change < clock_timestamp() - interval '80 ms'"
SENDING = "state = 'active' AND wait_event = 'ClientRead'" \
          " AND xact_start < clock_timestamp() - interval '80 ms'"


def holds_the_lock(stage, how):
    """Whether a session does so, and another waits for its row."""
    try:
        with stage.cluster.connect(stage.primary(), SUPERUSER) as database:
            holding, waiting = database.query(
                f"SELECT count(*) FILTER (WHERE {how}),"
                " count(*) FILTER (WHERE wait_event_type = 'Lock')"
                " FROM pg_stat_activity WHERE usename = 'lovebank'")[0]
            return int(holding) > 0 and int(waiting) > 0
    except DatabaseError:
        return False


def sends(stage, name):
    """Whether a server has the lock and more to send than the wire takes."""
    return stage.network.unsent(name) > UNSENT_BYTES and \
        holds_the_lock(stage, f"{THINKING} OR {SENDING}")


def server_stopped(stage):
    """A server stands still while it holds the row that all wait for."""
    server = stage.strike_server()
    stage.is_accepted_by_another()
    for tries in range(1, 301):
        server.signal_all(signal.SIGSTOP)
        threading.Event().wait(0.12)
        if holds_the_lock(stage, THINKING):
            break
        server.signal_all(signal.SIGCONT)
        stage.pause(0.01, 0.05)
    else:
        raise Failure(f"{server.name} was never stopped while it held the lock")
    stage.tell(server.name, "with the lock, at try", tries)
    yield
    stage.pause(8, 20)
    server.signal_all(signal.SIGCONT)


def server_stopped_sending(stage):
    """A server stands still when a part of its group is sent, the lock being its own. A narrow wire
    makes that last long enough to be met; it is wide again when the server stands still."""
    server = stage.strike_server()
    stage.is_accepted_by_another()
    for tries in range(1, SENDING_TRIES + 1):
        stage.network.narrow(server.name)
        stage.load.add_batch(server.name, BATCH)
        with contextlib.suppress(Failure):
            wait_until("a server sends", lambda: sends(stage, server.name), TAKE_OVER_S)
        # Into its first statement, or a later one.
        stage.pause(0, SENDING_S)
        server.signal_all(signal.SIGSTOP)
        # What the kernel had taken of it arrives still; it must not be all.
        wait_until("nothing is under way", lambda: not stage.network.unsent(server.name), TAKE_OVER_S)
        stage.pause(0.5, 0.5)
        stage.network.heal()
        if holds_the_lock(stage, f"{THINKING} OR {SENDING}"):
            break
        server.signal_all(signal.SIGCONT)
    else:
        raise Failure(f"{server.name} was never stopped while it sent a group")
    stage.tell(server.name, "with the lock, at try", tries)
    yield
    stage.pause(8, 20)
    server.signal_all(signal.SIGCONT)


def lead_with_the_clock(stage):
    """The database whose clock can be moved becomes the primary: by switchovers, the third of them
    being away while it is made the synchronous standby."""
    cluster, name = stage.cluster, stage.cluster.skewed
    primary = stage.primary()
    if primary == name:
        return
    standby = wait_until("a standby", cluster.synchronous_standby, WHOLE_S)
    if standby != name:
        stage.machine(standby).kill()
        wait_until(f"{name} is the standby", lambda: cluster.synchronous_standby() == name, WHOLE_S)
        stage.machine(standby).start()
        cluster.wait_whole(WHOLE_S)
    cluster.patroni("switchover", "--master", primary, "--candidate", name, "--force")
    wait_until(f"{name} is the primary", lambda: cluster.primary() == name, WHOLE_S)
    cluster.wait_whole(WHOLE_S)


def clock_moved(stage):
    """The primary's PostgreSQL tells another time. It runs on; started meanwhile it would not
    be taken for the same process by Patroni, which compares clocks."""
    seconds = stage.rng.choice([-3600, -90, 90, 3600, 86400])
    stage.tell(stage.cluster.skewed, f"{seconds:+d} s")
    stage.cluster.set_clock(seconds)
    stage.cluster.wait_clock(seconds)
    yield
    stage.pause(5, 15)
    require(stage.primary() == stage.cluster.skewed, "another became the primary for a clock")
    stage.cluster.set_clock(0)
    stage.cluster.wait_clock(0)


def server_clock_moved(stage):
    """A lovebankd that tells another time than the other one."""
    server = stage.strike_server()
    seconds = stage.rng.choice(SERVER_CLOCKS_S)
    stage.tell(server.name, f"{seconds:+d} s")
    server.kill()
    server.extra |= {"LD_PRELOAD": str(faketime()), "FAKETIME": f"{seconds:+d}",
                     "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    server.start().wait_ready()
    stage.witness = server.name
    yield
    require(abs(server.started_s() - time.time() - seconds) < min(map(abs, SERVER_CLOCKS_S)) / 2,
            f"{server.name} tells the machine's time")
    stage.pause(5, 15)
    server.kill()
    for name in ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC"):
        del server.extra[name]
    server.start().wait_ready()


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
    primary_isolated_with_server, standby_isolated, primary_loses_standbys,
    primary_loses_standbys_for_long, one_way_loss, lossy_wire, slow_wire, machine_frozen,
    server_stopped, server_stopped_sending, clock_moved, server_clock_moved, switchover)}
PREPARATIONS = {"clock_moved": lead_with_the_clock}
OF_LOVEBANKD = {"server_stopped_sending", "server_clock_moved"}  # the stand-in has nothing to it


def faults_of(fleet):
    """The names of those that it can meet."""
    return [name for name in FAULTS if fleet.has_batches or name not in OF_LOVEBANKD]


def wait_accepted(stage, name, begun):
    """While the fault lasts, a request is accepted that was first sent since it began."""
    who = stage.witness or "any server"
    wait_until(f"{name} ({stage.told}): while it lasts, {who} accepts a request sent after its begin",
               lambda: stage.load.has_accepted_since(begun, stage.witness),
               begun + stage.patience_s - time.monotonic())


def carry_out(stage, name):
    """From the begin of a fault to its end."""
    fault = FAULTS[name](stage)
    next(fault)
    if not stage.is_mute:
        wait_accepted(stage, name, time.monotonic())
    for _ in fault:
        raise AssertionError(f"{name} yields twice")


def strike(stage, name):
    """One fault from its beginning until all is whole; a line about it."""
    stage.begin()
    PREPARATIONS.get(name, lambda _: None)(stage)
    wait_until("requests are acknowledged",
               lambda now=time.monotonic(): stage.load.has_accepted_since(now), WHOLE_S)
    start = time.monotonic()
    before = stage.load.count()
    carry_out(stage, name)
    stage.cluster.wait_whole(WHOLE_S)
    for server in sorted(stage.fleet.servers):
        wait_until(f"{server} accepts again",
                   lambda now=time.monotonic(), server=server:
                   stage.load.has_accepted_since(now, server), WHOLE_S)
    end = time.monotonic()
    stage.load.check()
    outage = stage.load.outage(start, end)
    stage.was_silent = stage.was_silent or outage > SILENT_S
    by_server = ", ".join(f"{server} {stage.load.outage(start, end, server):.1f} s"
                          for server in sorted(stage.fleet.servers))
    line = f"{name} ({stage.told}): {outage:.1f} s without an acknowledgment ({by_server}), " \
           f"whole after {end - start:.1f} s, {stage.load.count() - before} acknowledged"
    require(outage <= stage.outage_max_s or not stage.is_promised, "not writable again in time:", line)
    check_reads(stage, start, end, line)
    return line


def check_reads(stage, start, end, line):
    """Reads go on, whatever is wrong with the database."""
    for server in sorted(stage.fleet.servers if stage.fleet.has_reads else ()):
        silence = stage.load.silence(start, end, server)
        require(silence <= READ_S or server == stage.struck,
                f"{server} answered no read for {silence:.1f} s:", line)
