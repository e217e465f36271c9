# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What the faults (ha_faults.py) have at hand, and what each says of itself.
"""

import threading

from compose_file import DATABASE
from ha_cluster import require, wait_until

TAKE_OVER_S = 40     # until another is the primary; the promise for clients is failover.py's
TURN_MARGIN_S = 6    # beyond the time that a server may stand still with the lock


class Stage:
    """What a fault has at hand. `struck`: the server that it kills or stops. `witness`: the one that
    must accept while it lasts, within `patience_s`; None: any. `is_mute`: none can, and none may.
    `is_promised`: that it is over in time, with nobody's help."""

    def __init__(self, cluster, fleet, load, rng, outage_max_s):
        self.cluster, self.network, self.fleet = cluster, cluster.network, fleet
        self.load, self.rng, self.outage_max_s = load, rng, outage_max_s
        self.was_silent = False
        self.begin()

    def begin(self):
        self.told, self.struck, self.witness, self.is_mute = "", None, None, False
        self.is_promised = True
        self.patience_s = self.outage_max_s

    def tell(self, *what):
        self.told = " ".join(map(str, what))

    def strike_server(self):
        """One of them is struck; the others must go on."""
        server = self.server()
        self.struck = server.name
        return server

    def is_accepted_by_another(self):
        """Within the time that a server may stand still with the lock."""
        self.witness = next(name for name in sorted(self.fleet.servers) if name != self.struck)
        self.patience_s = min(self.outage_max_s, self.fleet.turn_s + TURN_MARGIN_S)

    def heal(self):
        """The wires are whole again; something must have been lost on them."""
        require(self.network.dropped() > 0 or not self.network.rules, "no packet was dropped")
        self.network.heal()

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
