#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The canary of failover.py: the same without synchronous replication. Then a primary that is cut off
together with a server loses what it acknowledged, and the checks must find that: otherwise they are
worth nothing. Needs root; the variables are those of failover.py.
"""

import random
import sys
import threading

from failover import main, outage_max_s, say
from ha_cluster import Cluster, Failure, wait_until
from ha_faults import FAULTS
from ha_load import Load
from ha_servers import make_fleet
from ha_stage import Stage

ENDED_S = 90         # until servers have found out what became of all requests


def run(seed):
    rng = random.Random(seed)
    cluster = Cluster()
    cluster.start()
    cluster.patroni("edit-config", "--force", "--set", "synchronous_mode=false",
                    "--set", "synchronous_mode_strict=false")
    cluster.wait_asynchronous()
    fleet = make_fleet(cluster, is_safe=False)
    fleet.set_up()
    load = Load(fleet, rng).start()
    stage = Stage(cluster, fleet, load, rng, outage_max_s())
    for _ in FAULTS["primary_isolated_with_server"](stage):
        pass
    try:
        find_loss(fleet, load)
    except Failure as failure:
        if "LOST" in str(failure):
            return f"1 canary, caught: {failure}"
        raise
    raise Failure("entries were lost, and nothing was said")


def find_loss(fleet, load):
    """By the checks of failover.py, or if a server ended, by the same upon the tables."""
    load.ended.set()
    wait_until("requests are acknowledged, or a server has found the loss",
               lambda: fleet.complaint() or not any(map(threading.Thread.is_alive, load.threads)),
               ENDED_S)
    if fleet.complaint():
        say(fleet.complaint())
        fleet.check_kept(dict(load.acked))
    else:
        load.stop()
        fleet.check(load.acked)


if __name__ == "__main__":
    sys.exit(main(run))
