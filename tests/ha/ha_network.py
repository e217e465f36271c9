# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Machines on one machine: a network namespace for each service of the profile `ha`, joined by a bridge
whose wires can be cut, in one direction too, slowed and made to lose packets.

All of it is inside namespaces of the test's own (network, mounts, processes, memory), made before
anything else, and files on a disk in memory there. So the kernel takes everything away with the
test's first process, however that ends; nothing on the machine is changed meanwhile.
"""

import ipaddress
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from compose_file import HA_DIR, IMAGE_DIR, skip

# Where the tests' files are, inside the namespaces: an empty directory of every Debian.
WORK_DIR = Path("/srv")
INSIDE = "LOVEBANK_HA_INSIDE"
PROGRAMS = ("etcd", "haproxy", "ip", "nft", "patroni", "patronictl", "psql", "setpriv", "ss", "tc",
            "unshare")


def faketime():
    """The library that tells programs another time, wherever this architecture has it."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        skip("missing: libfaketime; scripts/setup.sh ha installs it")
    return found[0]


def run(*command, stdin=None):
    done = subprocess.run(list(map(str, command)), input=stdin, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr or done.stdout}"
    return done.stdout


def enter():
    """Goes on inside new namespaces, in a process whose end ends all others there."""
    if os.environ.get(INSIDE):
        mount_inside()
        return
    if os.geteuid() != 0:
        skip("network namespaces need root")
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        skip(f"missing: {', '.join(missing)}; scripts/setup.sh ha installs them")
    # bash is process 1 there and collects those whose parents are gone, as a machine's init does.
    command = ["unshare", "--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child",
               "--propagation", "private", "--mount-proc", "bash", "-c", '"$@" & wait $!', "bash",
               sys.executable, *sys.argv]
    probe = subprocess.run([*command[:command.index("bash")], "true"], capture_output=True,
                           text=True, check=False)
    if probe.returncode != 0:
        skip(f"no namespaces here: {probe.stderr.strip()}")
    sys.stdout.flush()
    os.execvpe(command[0], command, os.environ | {INSIDE: "1"})


def mount_inside():
    """Disks in memory over what the machine has there; for these processes only."""
    for path in ("/run", "/srv", "/dev/shm"):
        run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", path)
    Path("/dev/shm").chmod(0o1777)
    Path("/run/netns").mkdir()


class Network:
    """The bridge, the wires, and what is wrong with them."""

    def __init__(self, topology):
        self.topology = topology
        subnet = ipaddress.ip_network(topology.subnet)
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "wires", "type", "bridge")
        # The test itself: it sees everybody, whatever is cut.
        run("ip", "address", "add", f"{subnet[1]}/{subnet.prefixlen}", "dev", "wires")
        run("ip", "link", "set", "wires", "up")
        for service in topology.services.values():
            name = service.name
            run("ip", "netns", "add", name)
            run("ip", "link", "add", wire(name), "type", "veth", "peer", "name", "eth0", "netns",
                name)
            run("ip", "link", "set", wire(name), "master", "wires", "up")
            run("ip", "-n", name, "address", "add", f"{service.address}/{subnet.prefixlen}", "dev",
                "eth0")
            run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", name, "link", "set", "eth0", "up")
        self.rules = []
        self.slowed = []
        self.has_netem = self.probe_netem()
        run("nft", "-f", "-", stdin="table bridge ha { chain cut { "
            "type filter hook forward priority 0; policy accept; }; }\n")

    @staticmethod
    def probe_netem():
        """Whether this kernel can delay packets; if not, slow wires are narrow ones."""
        found = subprocess.run(["tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"],
                               capture_output=True, check=False).returncode == 0
        if found:
            run("tc", "qdisc", "del", "dev", "lo", "root")
        return found

    def drop(self, sender, receiver, percent=100):
        """Packets from one to the other, so many of them."""
        chance = "" if percent >= 100 else f"numgen random mod 100 < {percent} "
        self.rules.append(f"iifname {wire(sender)} oifname {wire(receiver)} {chance}counter drop")
        self.apply()

    def isolate(self, names, outwards=True, inwards=True, percent=100):
        """Some from all others."""
        for inside in names:
            for outside in set(self.topology.services) - set(names):
                if outwards:
                    self.drop(inside, outside, percent)
                if inwards:
                    self.drop(outside, inside, percent)

    def dropped(self):
        """How many packets the rules that there are have taken."""
        rules = json.loads(run("nft", "--json", "list", "chain", "bridge", "ha", "cut"))["nftables"]
        return sum(part["counter"]["packets"] for each in rules if "rule" in each
                   for part in each["rule"]["expr"] if "counter" in part)

    def slow(self, name):
        """Both directions of one wire."""
        self.shape(name, ("netem", "delay", "150ms", "50ms") if self.has_netem else
                   ("tbf", "rate", "600kbit", "burst", "4kb", "latency", "3s"))

    def narrow(self, name):
        """So little on its way that a program which sends much has to wait."""
        self.shape(name, ("tbf", "rate", "2mbit", "burst", "8kb", "latency", "100ms"))

    def shape(self, name, shape):
        for where, device in (((), wire(name)), (("-n", name), "eth0")):
            run("tc", *where, "qdisc", "replace", "dev", device, "root", *shape)
            self.slowed.append((where, device))

    @staticmethod
    def unsent(name):
        """Bytes that a machine's kernel has taken from its programs and that have not arrived."""
        lines = run("ip", "netns", "exec", name, "ss", "--no-header", "--tcp", "--numeric").splitlines()
        return sum(int(line.split()[2]) for line in lines)

    def apply(self):
        run("nft", "-f", "-", stdin="flush chain bridge ha cut\n" + "".join(
            f"add rule bridge ha cut {rule}\n" for rule in self.rules))

    def heal(self):
        self.rules = []
        self.apply()
        for where, device in self.slowed:
            run("tc", *where, "qdisc", "del", "dev", device, "root")
        self.slowed = []


def wire(name):
    return f"v-{name}"


class Machine:
    """A namespace and what runs in it: one service, started as its container would start it."""

    def __init__(self, service, variables=None):
        self.service = service
        self.name = service.name
        self.dir = WORK_DIR / service.name
        self.log_path = self.dir / "log"
        self.extra = variables or {}
        self.process = None
        self.dir.mkdir()
        self.dir.chmod(0o755)
        for volume in ("run", *map(volume_dir, service.volumes)):
            (self.dir / volume).mkdir()
            if service.user:
                shutil.chown(self.dir / volume, service.user, service.user)
        (self.dir / "hosts").write_text("127.0.0.1 localhost\n" + "".join(
            f"{address} {name}\n" for name, address in service.hosts.items()), encoding="utf-8")

    def mounts(self):
        """A shell's lines: what a container has in these places."""
        lines = [f"mount --bind {self.dir}/hosts /etc/hosts", "mount -t tmpfs tmpfs /opt",
                 f"mkdir {IMAGE_DIR}", f"mount --bind {HA_DIR} {IMAGE_DIR}",
                 "mkdir -p /run/postgresql", f"mount --bind {self.dir}/run /run/postgresql"]
        for path in self.service.volumes:
            lines.append(f"mount --bind {self.dir}/{volume_dir(path)} {path}")
        return lines

    def command(self):
        return [f"{IMAGE_DIR}/start.sh", *self.service.command]

    def environment(self):
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.service.environment,
                **self.extra}

    def start(self):
        user = self.service.user or "root"
        script = "\n".join(["set -e", *self.mounts(),
                            f"exec setpriv --reuid={user} --regid={user} --init-groups -- \"$@\""])
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", self.name, "sh", "-c", script, "sh", *self.command()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment(),
                cwd="/", start_new_session=True)
        return self

    def run_inside(self, *command, variables=None):
        """Another program on this machine, to its end; its output."""
        script = "\n".join(["set -e", *self.mounts(), 'exec "$@"'])
        done = subprocess.run(["ip", "netns", "exec", self.name, "sh", "-c", script, "sh", *command],
                              capture_output=True, text=True, check=False,
                              env=self.environment() | (variables or {}))
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def pids(self):
        return list(map(int, run("ip", "netns", "pids", self.name).split()))

    def signal_all(self, number):
        """Every process of this machine, until no new one appears."""
        done = set()
        while True:
            pids = [pid for pid in self.pids() if pid not in done]
            if not pids:
                return
            for pid in pids:
                send(pid, number)
                done.add(pid)

    def kill(self):
        """The machine loses its power; its disk stays."""
        self.signal_all(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def kill_first(self):
        """kill -9 of the service's own process; what it started lives on."""
        self.process.kill()
        self.process.wait()

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def volume_dir(path):
    return path.strip("/").replace("/", "-")


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
