#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The profile `ha` of docker-compose.yml in network namespaces, under load, while one thing after the
other goes wrong (ha_faults.py). In the end every acknowledged request must be there exactly once, in
one chain, on every database; and no fault may stop writing for longer than promised.

Needs root; makes everything inside namespaces of its own, and leaves nothing, even when it is killed.

  LOVEBANK_SEED=n              that seed; without it a random one, which is printed
  LOVEBANK_HA_FAULTS=a,b,…     these faults; without it five of the most important (SLICE)
  LOVEBANK_HA_FAULTS=n         so many, drawn by the seed from all
  LOVEBANK_HA_SERVER=lovebankd the real servers; without it the stand-in (ha_writer.py)
  LOVEBANK_HA_OUTAGE_S=n       the promise in seconds (30)
  LOVEBANK_HA_LOGS=dir         where the logs of all machines go; without it nowhere
"""

import os
import random
import sys
import time

import ha_network
from ha_cluster import Cluster, Failure, require
from ha_faults import faults_of, strike
from ha_load import Load
from ha_servers import make_fleet
from ha_stage import Stage

SLICE = ("postgres_killed", "primary_isolated_with_server", "server_stopped", "machine_killed",
         "etcd_killed")
OUTAGE_S = 30


def chosen_faults(rng, fleet):
    wanted = os.environ.get("LOVEBANK_HA_FAULTS", ",".join(SLICE))
    known = faults_of(fleet)
    if wanted.isdigit():
        return [rng.choice(known) for _ in range(int(wanted))]
    names = wanted.split(",")
    unknown = set(names) - set(known)
    require(not unknown, f"no faults of {fleet.name}: {', '.join(sorted(unknown))}; there are",
            ", ".join(known))
    return names


def outage_max_s():
    return float(os.environ.get("LOVEBANK_HA_OUTAGE_S", OUTAGE_S))


def say(*what):
    print(time.strftime("%H:%M:%S"), *what, flush=True)


def run(seed):
    rng = random.Random(seed)
    cluster = Cluster()
    try:
        fleet = make_fleet(cluster)
        faults = chosen_faults(rng, fleet)
        start = time.monotonic()
        cluster.start()
        cluster.check_health_checks()
        cluster.check_closed()
        fleet.set_up()
        say(f"{fleet.name}: up after {time.monotonic() - start:.1f} s;",
            "slow wires are delays" if cluster.network.has_netem else
            "slow wires are narrow (this kernel has no netem)")
        load = Load(fleet, rng).start()
        stage = Stage(cluster, fleet, load, rng, outage_max_s())
        for number, name in enumerate(faults, 1):
            say(f"fault {number}", strike(stage, name))
        load.stop()
        load.check_repeated(stage.was_silent)
        fleet.check(load.acked)
    finally:
        if os.environ.get("LOVEBANK_HA_LOGS"):
            cluster.keep_logs(os.environ["LOVEBANK_HA_LOGS"])
    return f"{len(faults)} faults, {len(load.acked)} acknowledged, 0 lost, 0 doubled, " \
           f"{load.resent} sent again without an answer, {load.replayed} with one"


def main(run):
    """Of a test that returns a line, by a seed. Also canary.py's."""
    ha_network.enter()
    seed = int(os.environ.get("LOVEBANK_SEED") or int.from_bytes(os.urandom(4), "big"))
    say(f"seed {seed}")
    try:
        line = run(seed)
    except Failure as failure:
        print(f"seed {seed}: FAILED: {failure}", flush=True)
        return 1
    print(f"seed {seed}: {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(run))
