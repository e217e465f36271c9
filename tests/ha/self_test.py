#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The tests of tests/ha themselves: given what must not be, each of their checks fails. And what sums
their results: scripts/campaign_ha.sh and scripts/test.sh, with programs in the place of theirs that
only print. Needs neither root nor a cluster.
"""

import os
import random
import subprocess
import tempfile
import time
import types
import unittest
from pathlib import Path

import ha_faults
import ha_lovebankd
import ha_stage
from compose_file import SOURCE_DIR
from ha_cluster import Failure
from ha_load import Acknowledgment, Load

FIRST, SECOND = b"1" * 16, b"2" * 16


def verified(**fields):
    """VerifyResponse, by the numbers of its fields."""
    from lovebank_testing import Message, message
    numbers = {"running": 1, "done": 2, "passed": 5, "problem": 6}
    return Message(message(*((numbers[name], value) for name, value in fields.items())))


class Checks(unittest.TestCase):
    """What is looked at in the end."""

    def test_verify_must_have_passed(self):
        ha_lovebankd.check_verified("server1", verified(done=True, passed=True))
        with self.assertRaisesRegex(Failure, "entry 7"):
            ha_lovebankd.check_verified("server1", verified(done=True, problem="entry 7"))
        with self.assertRaises(Failure):
            ha_lovebankd.check_verified("server1", verified(running=True, passed=True))

    def test_a_lost_tail_is_seen_before_it_could_be_sent_again(self):
        acked = {FIRST: 11, SECOND: 12}
        ha_lovebankd.check_count("server1", 12, 10, 2)
        ha_lovebankd.check_ids("server1", {11: FIRST, 12: SECOND}, acked)
        with self.assertRaisesRegex(Failure, "LOST"):
            ha_lovebankd.check_count("server1", 11, 10, 2)
        with self.assertRaisesRegex(Failure, "LOST"):
            ha_lovebankd.check_ids("server1", {11: FIRST}, acked)

    def test_entries_must_follow_each_other_up_to_the_head(self):
        ha_lovebankd.check_numbers(3, [1, 2, 3])
        for numbers in ([1, 2], [1, 2, 3, 4], [1, 3], [1, 2, 2], [2, 1, 3], [1, 2, 2, 3]):
            with self.assertRaises(Failure):
                ha_lovebankd.check_numbers(3, numbers)

    def test_what_is_there_twice_or_under_another_number_is_seen(self):
        with self.assertRaisesRegex(Failure, "doubled"):
            ha_lovebankd.check_count("server1", 13, 10, 2)
        with self.assertRaisesRegex(Failure, "LOST"):
            ha_lovebankd.check_ids("server1", {11: SECOND, 12: FIRST}, {FIRST: 11, SECOND: 12})

    def test_databases_that_differ_are_seen(self):
        ha_lovebankd.check_same({"db1": [("7", "1")], "db2": [("7", "1")]})
        with self.assertRaisesRegex(Failure, "differ"):
            ha_lovebankd.check_same({"db1": [("7", "1")], "db2": [("7", "2")]})


class Quiet:
    """A server without a connection to have."""

    name = "server1"

    def connect(self):
        raise KeyError("server1")


class Loads(unittest.TestCase):
    def fleet(self, **servers):
        return types.SimpleNamespace(servers=servers, has_reads=False, has_batches=True)

    def test_a_client_that_ends_for_any_reason_is_a_failure(self):
        load = Load(self.fleet(server1=Quiet()), random.Random(1))
        load.start()
        with self.assertRaises(KeyError):
            load.stop()

    def test_only_what_was_sent_since_the_begin_counts(self):
        load = Load(self.fleet(server1=None), random.Random(1))
        load.acks = [Acknowledgment(5, 1, "server1"), Acknowledgment(6, 3, "server2")]
        self.assertFalse(load.has_accepted_since(4))
        self.assertTrue(load.has_accepted_since(2))
        self.assertFalse(load.has_accepted_since(2, "server1"))

    def test_an_outage_lasts_to_the_end_if_nothing_comes(self):
        load = Load(self.fleet(server1=None), random.Random(1))
        load.acks = [Acknowledgment(5, 1, "server1"), Acknowledgment(6, 3, "server2")]
        self.assertEqual(load.outage(0, 20), 14)
        self.assertEqual(load.outage(0, 20, "server1"), 15)

    def test_requests_must_have_been_repeated(self):
        load = Load(self.fleet(server1=None), random.Random(1))
        load.replayed = 1
        load.check_repeated(was_silent=False)
        with self.assertRaises(Failure):
            load.check_repeated(was_silent=True)
        load.resent, load.replayed, load.acked = 1, 0, dict.fromkeys(range(1000))
        with self.assertRaises(Failure):
            load.check_repeated(was_silent=True)


class Faults(unittest.TestCase):
    def stage(self, accepts=lambda begun, name: False, dropped=0, has_reads=False):
        self.healed = []
        network = types.SimpleNamespace(dropped=lambda: dropped, rules=["a rule"],
                                        heal=lambda: self.healed.append(True))
        load = types.SimpleNamespace(has_accepted_since=lambda begun, name=None: accepts(begun, name),
                                     silence=lambda start, end, name: 12.0)
        fleet = types.SimpleNamespace(servers={"server1": None, "server2": None}, turn_s=0,
                                      has_reads=has_reads)
        return ha_stage.Stage(types.SimpleNamespace(network=network), fleet, load,
                              random.Random(1), outage_max_s=0.1)

    def carry_out(self, stage, fault):
        ha_faults.FAULTS["of_the_test"] = fault
        self.addCleanup(ha_faults.FAULTS.pop, "of_the_test", None)
        ha_faults.carry_out(stage, "of_the_test")

    def test_a_fault_that_ends_by_itself_excuses_nobody(self):
        ended = []

        def fault(_):
            yield
            ended.append(True)

        with self.assertRaisesRegex(Failure, "while it lasts, any server accepts"):
            self.carry_out(self.stage(), fault)
        self.assertEqual(ended, [])

    def test_the_other_server_must_accept_when_one_is_stopped(self):
        def fault(stage):
            stage.strike_server()
            stage.is_accepted_by_another()
            yield

        for wrong in ("server1", "server2"):
            stage = self.stage()
            stage.server = lambda wrong=wrong: types.SimpleNamespace(name=wrong)
            stage.load.has_accepted_since = lambda begun, name, wrong=wrong: name == wrong
            with self.assertRaisesRegex(Failure, "accepts a request sent after its begin"):
                self.carry_out(stage, fault)
            stage.load.has_accepted_since = lambda begun, name, wrong=wrong: name != wrong
            self.carry_out(stage, fault)

    def test_a_fault_that_did_nothing_is_a_failure(self):
        stage = self.stage(accepts=lambda begun, name: begun <= time.monotonic(), dropped=0)
        with self.assertRaisesRegex(Failure, "no packet"):
            stage.heal()
        self.assertEqual(self.healed, [])
        self.stage(dropped=3).heal()
        self.assertEqual(self.healed, [True])

    def test_reads_must_go_on_but_where_the_server_is_struck(self):
        stage = self.stage(has_reads=True)
        stage.fleet.servers.pop("server2")
        with self.assertRaisesRegex(Failure, "server1 answered no read for 12.0 s"):
            ha_faults.check_reads(stage, 0, 20, "line")
        stage.struck = "server1"
        ha_faults.check_reads(stage, 0, 20, "line")


# Prints in the place of tests/ha/failover.py what it would; the canary is well.
FAILOVER = """#!/bin/sh
echo "$1 $LOVEBANK_HA_SERVER $LOVEBANK_HA_OUTAGE_S ${LOVEBANK_SEED:-}" >>"$CALLS"
[ "$1" = tests/ha/failover.py ] || exit 0
echo "09:00:00 seed $LOVEBANK_SEED"
echo "09:00:01 fault 1 etcd_killed (etcd1): $LOVEBANK_SEED.5 s without an acknowledgment (server1 1 s)"
if [ "$LOVEBANK_SEED" = 2 ]; then
    echo "seed 2: FAILED: LOST"
    exit 1
fi
echo "seed $LOVEBANK_SEED: 1 faults, 100 acknowledged, 0 lost, 0 doubled"
"""

# ctest with a test that was skipped, in its own words.
CTEST = """#!/bin/sh
cat <<TEXT
1/3 Test #1: ha_compose_file ..................   Passed    0.10 sec
2/3 Test #2: ha_failover ......................***Skipped   0.10 sec
3/3 Test #3: ha_self_test .....................   Passed    0.10 sec

100% tests passed, 0 tests failed out of 3

Total Test time (real) =   0.30 sec

The following tests did not run:
\t  2 - ha_failover (Skipped)
TEXT
"""


class Sums(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = Path(directory.name)

    def program(self, name, text):
        path = self.dir / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def run_script(self, *arguments, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LOVEBANK_")}
        return subprocess.run(arguments, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL,
                              env=kept | {"PATH": f"{self.dir}:{kept['PATH']}",
                                          "CALLS": str(self.dir / "calls"), **variables})

    def campaign(self, seeds, **variables):
        self.program("python3", FAILOVER)
        return self.run_script(SOURCE_DIR / "scripts/campaign_ha.sh", str(self.dir / "results"),
                               seeds, **variables)

    def test_a_campaign_runs_the_canary_and_then_the_real_servers(self):
        done = self.campaign("1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.dir / "calls").read_text(encoding="utf-8").splitlines(),
                         ["tests/ha/canary.py lovebankd 30 ", "tests/ha/failover.py lovebankd 30 1"])

    def test_a_campaign_takes_no_other_promise(self):
        done = self.campaign("1", LOVEBANK_HA_OUTAGE_S="300")
        self.assertEqual(done.returncode, 2)
        self.assertIn("300", done.stderr)
        self.assertFalse((self.dir / "calls").exists())

    def test_a_campaign_names_what_it_tried_and_sums_no_failed_seeds(self):
        self.assertEqual(self.campaign("3").returncode, 1)
        self.campaign("1", LOVEBANK_HA_SERVER="stand-in")
        lines = (self.dir / "results").read_text(encoding="utf-8").splitlines()
        self.assertTrue(all(line.startswith(("lovebankd ", "stand-in ")) for line in lines), lines)
        self.assertEqual([line.split()[4] for line in lines if line.startswith("lovebankd")
                          and line.split()[2:4] == ["seed", "2"]], ["fault", "FAILED"])
        sums = self.campaign("0").stdout
        self.assertRegex(sums, r"lovebankd \S+: 2 seeds ok, 2 faults, 200 acknowledged")
        self.assertRegex(sums, r"etcd_killed +2 times, at most +3\.5 s")
        self.assertRegex(sums, r"lovebankd \S+: FAILED seeds, not in these sums: 2\n")
        self.assertRegex(sums, r"stand-in \S+: 1 seeds ok, 1 faults, 100 acknowledged")

    def test_what_was_skipped_is_not_counted_as_passed(self):
        self.program("ctest", CTEST)
        self.program("cmake", "#!/bin/sh\n")
        self.program("dpkg-query", "#!/bin/sh\necho installed\n")
        done = self.run_script(SOURCE_DIR / "scripts/test.sh", "--stage", "ha")
        self.assertEqual(done.stdout.splitlines()[-1], "2 passed, 0 failed, 1 skipped")
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
