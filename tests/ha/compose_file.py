#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
docker-compose.yml, read: what tests/ha start is what it says, so that nobody tests one topology and
ships another. Run by itself it checks the file: by a parser of Compose where one is installed
(`docker compose` or docker-compose), and that the profile `ha` and packaging/ha agree.
"""

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

try:
    import yaml
except ImportError:
    print("SKIPPED, NOT PASSED: python3-yaml is missing; scripts/setup.sh ha installs it", flush=True)
    sys.exit(77)

SOURCE_DIR = Path(os.environ.get("LOVEBANK_SOURCE_DIR", Path(__file__).resolve().parents[2]))
COMPOSE_FILE = SOURCE_DIR / "docker-compose.yml"
HA_DIR = SOURCE_DIR / "packaging/ha"
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
# Where packaging/ha/Dockerfile puts packaging/ha.
IMAGE_DIR = "/opt/lovebank-ha"

ETCD, DATABASE, PROXY, SERVER = "etcd", "db", "haproxy", "server"


def filled_in(value, variables):
    """The value with ${NAME} and ${NAME:-default} replaced, as Compose does."""
    if isinstance(value, dict):
        return {key: filled_in(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [filled_in(each, variables) for each in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: variables.get(found[1]) or found[2] or "", value)
    return value


class Service:
    """One of the profile `ha`: what a network namespace of the tests is made of."""

    def __init__(self, name, fields):
        self.name = name
        self.kind = name.rstrip("0123456789")
        self.user = fields.get("user")
        self.command = fields.get("command", [])
        self.environment = fields["environment"] if "environment" in fields else {}
        self.address = fields["networks"]["ha"]["ipv4_address"]
        self.hosts = dict(each.split(":", 1) for each in fields["extra_hosts"])
        # Named volumes: {path in the container: name}
        self.volumes = dict(reversed(each.split(":")[:2]) for each in fields.get("volumes", []))


class Topology:
    def __init__(self, variables):
        self.file = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
        self.subnet = self.file["networks"]["ha"]["ipam"]["config"][0]["subnet"]
        self.services = {
            name: Service(name, filled_in(fields, variables))
            for name, fields in self.file["services"].items() if "ha" in fields.get("profiles", [])}
        # Of the program that makes the tables.
        self.migrate = filled_in(self.file["services"]["migrate"]["environment"], variables)

    def of_kind(self, kind):
        return [service for service in self.services.values() if service.kind == kind]


def skip(why):
    """For CTest: SKIP_RETURN_CODE 77."""
    print(f"SKIPPED, NOT PASSED: {why}", flush=True)
    sys.exit(77)


def compose_commands():
    """Those that parse a file here: Docker's plugin needs no engine for that."""
    found = []
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and subprocess.run(
                [*command, "version"], capture_output=True, check=False).returncode == 0:
            found.append(command)
    return found


class ComposeFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.topology = Topology({"LOVEBANK_DATABASE_PASSWORD": "secret"})

    def test_a_parser_of_compose_takes_both_profiles(self):
        for command in compose_commands():
            for profile in ([], ["--profile", "ha"]):
                done = subprocess.run([*command, "--file", str(COMPOSE_FILE), *profile, "config"],
                                      capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                # The older of the two prints all services, whatever the profile.
                services = yaml.safe_load(done.stdout)["services"]
                wanted = {"server"} | (set(self.topology.services) if profile else set())
                self.assertLessEqual(wanted, set(services))

    def test_the_default_profile_is_one_server_with_a_volume(self):
        default = [name for name, fields in self.topology.file["services"].items()
                   if not fields.get("profiles")]
        self.assertEqual(default, ["server"])
        volumes = self.topology.file["services"]["server"]["volumes"]
        self.assertIn("data:/var/lib/lovebank", volumes)

    def test_no_two_services_are_published_on_one_port(self):
        """The default one is started with the profile, too."""
        ports = [each.split(":")[0] for fields in self.topology.file["services"].values()
                 for each in fields.get("ports", [])]
        self.assertEqual(len(ports), 3)
        self.assertEqual(len(set(ports)), len(ports), ports)

    def test_what_others_wait_for_says_whether_it_is_well(self):
        services = self.topology.file["services"]
        for each in self.topology.services.values():
            self.assertIn("test", services[each.name]["healthcheck"], each.name)
        for name in ("migrate", *(each.name for each in self.topology.of_kind(SERVER))):
            needs = services[name]["depends_on"]
            self.assertEqual(needs["haproxy"], {"condition": "service_healthy"}, name)
            # None of the three: any of them may be away.
            self.assertEqual({needs[each.name]["condition"]
                              for each in self.topology.of_kind(DATABASE)}, {"service_started"})

    def test_databases_and_etcd_listen_in_a_closed_network_alone(self):
        networks = self.topology.file["networks"]
        self.assertIs(networks["ha"]["internal"], True)
        for each in self.topology.services.values():
            within = set(self.topology.file["services"][each.name]["networks"])
            self.assertEqual(within, {"ha", "default"} if each.kind == SERVER else {"ha"}, each.name)
        for each in self.topology.of_kind(ETCD):
            for name, port in (("PEER", 2380), ("CLIENT", 2379)):
                self.assertEqual(each.environment[f"ETCD_LISTEN_{name}_URLS"],
                                 f"http://{each.address}:{port}")
        for each in self.topology.of_kind(DATABASE):
            self.assertEqual(each.environment["PATRONI_RESTAPI_LISTEN"], f"{each.address}:8008")
            self.assertEqual(each.environment["PATRONI_POSTGRESQL_LISTEN"], f"{each.address}:5432")

    def test_the_owner_of_the_tables_is_not_who_serves(self):
        topology = Topology({"LOVEBANK_DATABASE_PASSWORD": "secret",
                             "LOVEBANK_OWNER_PASSWORD": "another"})
        self.assertIn("//lovebank_owner@", topology.migrate["LOVEBANKD_STORE"])
        self.assertEqual(topology.migrate["PGPASSWORD"], "another")
        for each in topology.of_kind(SERVER):
            self.assertIn("//lovebank@", each.environment["LOVEBANKD_STORE"])
            self.assertNotIn("another", each.environment.values())

    def test_the_profile_ha_has_what_it_takes(self):
        count = {kind: len(self.topology.of_kind(kind))
                 for kind in (ETCD, DATABASE, PROXY, SERVER)}
        self.assertEqual(count, {ETCD: 3, DATABASE: 3, PROXY: 1, SERVER: 2})
        self.assertEqual(sum(count.values()), len(self.topology.services))

    def test_addresses_are_distinct_and_known_to_all(self):
        services = self.topology.services.values()
        self.assertEqual(len({each.address for each in services}), len(services))
        known = {each.name: each.address for each in services if each.kind != SERVER}
        for each in services:
            self.assertEqual(each.hosts, known, each.name)

    def test_volumes_are_declared_and_data_is_not_shared(self):
        owners = {}
        for each in self.topology.services.values():
            for path, name in each.volumes.items():
                self.assertIn(name, self.topology.file["volumes"])
                owners.setdefault(name, []).append((each.name, path))
        for name, users in owners.items():
            if name not in ("ha-key", "ha-tls"):
                self.assertEqual(len(users), 1, name)

    def test_etcd_is_one_cluster_with_the_v2_interface(self):
        members = {}
        for each in self.topology.of_kind(ETCD):
            self.assertEqual(each.environment["ETCD_ENABLE_V2"], "true")
            members[each.environment["ETCD_NAME"]] = \
                each.environment["ETCD_INITIAL_ADVERTISE_PEER_URLS"]
            self.assertEqual(each.environment["ETCD_NAME"], each.name)
        for each in self.topology.of_kind(ETCD):
            cluster = dict(member.split("=", 1)
                           for member in each.environment["ETCD_INITIAL_CLUSTER"].split(","))
            self.assertEqual(cluster, members)

    def test_databases_know_their_etcd_and_are_known_by_their_own_names(self):
        etcd = ",".join(f"{each.name}:2379" for each in self.topology.of_kind(ETCD))
        for each in self.topology.of_kind(DATABASE):
            environment = each.environment
            self.assertEqual(environment["PATRONI_ETCD_HOSTS"], etcd)
            self.assertNotIn("PATRONI_ETCD3_HOSTS", environment)
            self.assertEqual(environment["PATRONI_NAME"], each.name)
            self.assertEqual(environment["PATRONI_RESTAPI_CONNECT_ADDRESS"], f"{each.name}:8008")
            self.assertEqual(environment["PATRONI_POSTGRESQL_CONNECT_ADDRESS"],
                             f"{each.name}:5432")
            self.assertEqual(each.user, "postgres")

    def test_servers_refuse_a_database_that_could_lose_entries(self):
        for each in self.topology.of_kind(SERVER):
            self.assertEqual(each.environment["LOVEBANKD_STORE_HA"], "yes")
            self.assertNotIn("secret", each.environment["LOVEBANKD_STORE"])
            self.assertEqual(each.environment["PGPASSWORD"], "secret")
        stores = [each.environment["LOVEBANKD_STORE"] for each in self.topology.of_kind(SERVER)]
        self.assertTrue(any("@haproxy/" in store for store in stores), stores)
        self.assertTrue(any("@db1,db2,db3/" in store for store in stores), stores)


class PackagedFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.topology = Topology({})
        cls.patroni = yaml.safe_load((HA_DIR / "patroni.yml").read_text(encoding="utf-8"))

    def test_patroni_acknowledges_only_what_a_second_machine_has(self):
        settings = self.patroni["bootstrap"]["dcs"]
        self.assertIs(settings["synchronous_mode"], True)
        self.assertIs(settings["synchronous_mode_strict"], True)
        self.assertIs(settings["check_timeline"], True)
        parameters = settings["postgresql"]["parameters"]
        self.assertEqual(parameters["synchronous_commit"], "on")
        for name in ("fsync", "full_page_writes", "synchronous_standby_names"):
            self.assertNotIn(name, parameters)
        self.assertNotIn("etcd3", self.patroni)

    def test_nobody_comes_from_elsewhere_but_those_who_must(self):
        rules = [rule.split() for rule in self.patroni["postgresql"]["pg_hba"]]
        self.assertEqual({tuple(rule[1:3]) for rule in rules if rule[0] != "local"},
                         {("replication", "replicator"), ("postgres", "rewind"),
                          ("lovebank", "lovebank,lovebank_owner")})
        self.assertEqual({rule[-1] for rule in rules}, {"scram-sha-256"})
        self.assertNotIn("listen", self.patroni["postgresql"])
        self.assertNotIn("listen", self.patroni["restapi"])
        parameters = self.patroni["bootstrap"]["dcs"]["postgresql"]["parameters"]
        self.assertEqual(parameters["log_parameter_max_length"], 0)

    def test_patroni_can_be_writable_again_in_time(self):
        settings = self.patroni["bootstrap"]["dcs"]
        self.assertLessEqual(settings["loop_wait"] + 2 * settings["retry_timeout"], settings["ttl"])
        self.assertLessEqual(settings["ttl"], 20)

    def test_paths_are_those_of_the_image(self):
        dockerfile = (HA_DIR / "Dockerfile").read_text(encoding="utf-8")
        self.assertIn(f"COPY packaging/ha/ {IMAGE_DIR}/\n", dockerfile)
        self.assertIn(f'ENTRYPOINT ["{IMAGE_DIR}/start.sh"]', dockerfile)
        script = self.patroni["bootstrap"]["post_bootstrap"]
        self.assertTrue(script.startswith(IMAGE_DIR + "/"))
        self.assertTrue(os.access(HA_DIR / Path(script).name, os.X_OK))
        self.assertTrue(os.access(HA_DIR / "start.sh", os.X_OK))
        tests = {tuple(self.topology.file["services"][each.name]["healthcheck"]["test"])
                 for each in self.topology.services.values() if each.kind != SERVER}
        self.assertEqual(tests, {("CMD", f"{IMAGE_DIR}/healthy.sh")})
        self.assertTrue(os.access(HA_DIR / "healthy.sh", os.X_OK))
        for each in self.topology.of_kind(DATABASE):
            self.assertTrue(any(self.patroni["postgresql"]["data_dir"].startswith(path + "/")
                                for path in each.volumes))
        for each in self.topology.of_kind(ETCD):
            self.assertTrue(any(each.environment["ETCD_DATA_DIR"].startswith(path + "/")
                                for path in each.volumes))

    def test_haproxy_knows_all_databases_and_haproxy_takes_its_file(self):
        path = HA_DIR / "haproxy.cfg"
        servers = re.findall(r"^    server (\S+) (\S+) check port 8008$",
                             path.read_text(encoding="utf-8"), re.MULTILINE)
        wanted = [(each.name, f"{each.name}:5432") for each in self.topology.of_kind(DATABASE)]
        self.assertEqual(servers, 2 * wanted)
        done = subprocess.run(["haproxy", "-c", "-f", str(path)], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    if not compose_commands():
        skip("no parser of Compose is installed; Debian has one: docker-compose")
    if not shutil.which("haproxy"):
        skip("haproxy is missing; scripts/setup.sh ha installs it")
    unittest.main(verbosity=2)
