#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Carries out a Dockerfile where no container engine runs: its steps, one after the other, in a Debian
that debootstrap makes. It proves that they work; what it leaves is a directory, not an image.

It takes debian:12 and debian:bookworm, their slim forms too, as debootstrap's smallest; FROM (several,
AS, from an earlier stage), RUN, COPY (--from, --chown, .dockerignore), ENV, ARG, WORKDIR, USER; and
keeps ENTRYPOINT and CMD for --check. It refuses what it does not know. Packages come from where this
machine's own do. Needs root, debootstrap, network; ends with 77 without them.

usage: scripts/chroot_build.py [--dir DIR] [--check COMMAND] DOCKERFILE
"""

import argparse
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BASES = {"debian:12", "debian:12-slim", "debian:bookworm", "debian:bookworm-slim"}
SUITE = "bookworm"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SKIPPED = 77
KEPT = {"ENTRYPOINT", "CMD", "VOLUME", "EXPOSE", "STOPSIGNAL", "LABEL", "HEALTHCHECK", "SHELL"}
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
AUTHORITIES_INSIDE = "/run/authorities.crt"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def skip(why):
    print(f"SKIPPED, NOT PASSED: {why}", flush=True)
    sys.exit(SKIPPED)


def fail(why):
    print(f"chroot_build: {why}", file=sys.stderr)
    sys.exit(1)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def instructions(path):
    """(name, rest of the line), with continued lines joined and comments left out."""
    line = ""
    for part in path.read_text(encoding="utf-8").splitlines():
        if part.lstrip().startswith("#") or not line and not part.strip():
            continue
        line += part
        if line.endswith("\\"):
            line = line[:-1]
            continue
        name, _, rest = line.strip().partition(" ")
        yield name.upper(), rest.strip()
        line = ""


def words_of(rest):
    """Those of an instruction that takes both forms."""
    return json.loads(rest) if rest.startswith("[") else shlex.split(rest)


def machine_sources():
    """Where this machine has its Debian from: lines of a sources.list."""
    lines = []
    text = output("apt-get", "indextargets", "--format", "$(CODENAME) $(SITE) $(COMPONENT)",
                  "Created-By: Packages")
    for line in text.splitlines():
        codename, site, component = line.split()[:3]
        entry = f"deb [signed-by={KEYRING}] {site} {codename} {component}"
        if codename.split("-")[0] == SUITE and component == "main" and entry not in lines:
            lines.append(entry)
    if not any(f" {SUITE} " in line for line in lines):
        skip(f"this machine's packages are not of Debian {SUITE}, or apt-get update is missing")
    return lines


def make_base(directory):
    sources = machine_sources()
    mirror = next(line.split()[2] for line in sources if f" {SUITE} " in line)
    done = subprocess.run(["debootstrap", "--variant=minbase", f"--keyring={KEYRING}", SUITE,
                           str(directory), mirror], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"debootstrap: {done.stdout[-2000:]}{done.stderr}")
    (directory / "etc/apt/sources.list").write_text("\n".join(sources) + "\n", encoding="utf-8")
    # What says how apt reaches them: proxies and the like.
    for path in sorted(Path("/etc/apt/apt.conf.d").iterdir()):
        if re.search(r"Proxy|Acquire::(http|https|Check)", path.read_text(encoding="utf-8")):
            shutil.copy(path, directory / "etc/apt/apt.conf.d" / path.name)
    # Services that a package brings are not started while it is installed, as in an image.
    policy = directory / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    policy.chmod(0o755)


class Stage:
    def __init__(self, root, base):
        self.root = root
        self.environment = dict(base.environment) if isinstance(base, Stage) else {"PATH": PATH}
        self.workdir = base.workdir if isinstance(base, Stage) else "/"
        self.user = base.user if isinstance(base, Stage) else "root"
        self.kept = dict(base.kept) if isinstance(base, Stage) else {}
        source = base.root if isinstance(base, Stage) else base
        subprocess.run(["cp", "--archive", "--reflink=auto", str(source), str(root)], check=True)

    def filled_in(self, text):
        return re.sub(r"\$\{?(\w+)\}?",
                      lambda found: self.environment.get(found[1], found[0]), text)

    def inside(self, path):
        """Of a path in the stage, a relative one from WORKDIR."""
        return self.root / os.path.join(self.workdir, path).lstrip("/")

    def run(self, command, quiet=False):
        """In namespaces of its own, so that what it mounts and starts goes with it."""
        root = shlex.quote(str(self.root))
        mounts = [f"mount --bind {root} {root}", f"mount -t proc proc {root}/proc",
                  f"mount -t tmpfs tmpfs {root}/dev", f"mkdir {root}/dev/shm {root}/dev/pts",
                  f"mount -t tmpfs tmpfs {root}/dev/shm"]
        for device in ("null", "zero", "full", "random", "urandom", "tty"):
            mounts.append(f"touch {root}/dev/{device}; "
                          f"mount --bind /dev/{device} {root}/dev/{device}")
        mounts += [f"ln -s /proc/self/fd {root}/dev/fd", f"touch {root}/etc/resolv.conf",
                   f"mount --bind /etc/resolv.conf {root}/etc/resolv.conf"]
        if AUTHORITIES.exists():
            mounts += [f"touch {root}{AUTHORITIES_INSIDE}",
                       f"mount --bind {AUTHORITIES} {root}{AUTHORITIES_INSIDE}"]
        script = "\n".join(["set -e", *mounts, 'exec chroot "$@"'])
        home = output("chroot", str(self.root), "getent", "passwd", self.user).split(":")[5]
        done = subprocess.run(
            ["unshare", "--mount", "--pid", "--uts", "--fork", "--kill-child", "sh", "-c", script,
             "sh", f"--userspec={self.user}:", str(self.root), "/bin/sh", "-c",
             f"cd {shlex.quote(self.workdir)} && {command}"],
            env={"HOME": home, **machine_registry(), **self.environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL if quiet else None, check=False)
        (self.root / AUTHORITIES_INSIDE.lstrip("/")).unlink(missing_ok=True)
        if done.returncode != 0:
            fail(f"ended with {done.returncode}: {command}")

    def owner(self, text):
        user, _, group = text.partition(":")
        entry = output("chroot", str(self.root), "getent", "passwd", user).split(":")
        gid = output("chroot", str(self.root), "getent", "group", group).split(":")[2] \
            if group else entry[3]
        return int(entry[2]), int(gid)


def machine_registry():
    """npm is sent where this machine's goes; the package lists stay the Dockerfile's matter."""
    if not shutil.which("npm"):
        return {}
    found = {"npm_config_registry": output("npm", "config", "get", "registry").strip()}
    if AUTHORITIES.exists():
        found |= {"npm_config_cafile": AUTHORITIES_INSIDE, "NODE_EXTRA_CA_CERTS": AUTHORITIES_INSIDE}
    return found


class Context:
    """The tree that is built from, without what .dockerignore names."""

    def __init__(self, root, dockerfile):
        self.root = root
        own = dockerfile.with_name(dockerfile.name + ".dockerignore")
        ignore = own if own.exists() else root / ".dockerignore"
        lines = ignore.read_text(encoding="utf-8").splitlines() if ignore.exists() else []
        self.patterns = [line.strip().strip("/") for line in lines
                         if line.strip() and not line.startswith("#")]
        if any(pattern.startswith("!") for pattern in self.patterns):
            fail(f"{ignore}: exceptions are not known here")

    def ignored(self, path):
        relative = path.relative_to(self.root)
        steps = ["/".join(relative.parts[:count]) for count in range(1, len(relative.parts) + 1)]
        return any(fnmatch.fnmatch(step, pattern) for step in steps for pattern in self.patterns)

    def names_to_ignore(self, directory, names):
        return [name for name in names if self.ignored(Path(directory) / name)]


def matches(origin, pattern):
    pattern = pattern.strip("/")
    return [origin] if pattern in ("", ".") else sorted(origin.glob(pattern))


def copy(stage, rest, stages, context):
    words = shlex.split(rest) if not rest.startswith("[") else json.loads(rest)
    options = dict(word[2:].split("=", 1) for word in words if word.startswith("--"))
    if set(options) - {"from", "chown"}:
        fail(f"COPY: options that are not known: {rest}")
    *sources, target = [word for word in words if not word.startswith("--")]
    target = stage.filled_in(target)
    origin = stages[options["from"]].root if "from" in options else context.root
    ignore = None if "from" in options else context.names_to_ignore
    found = [path for source in sources for path in matches(origin, stage.filled_in(source))]
    if not found:
        fail(f"COPY: there is none of {sources}")
    into = stage.inside(target)
    for path in found:
        if path.is_dir():
            shutil.copytree(path, into, symlinks=True, ignore=ignore, dirs_exist_ok=True)
        elif target.endswith("/") or target == "." or len(found) > 1:
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, into / path.name, follow_symlinks=False)
        else:
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, into, follow_symlinks=False)
    own(stage, into, options.get("chown", "root:root") if ignore else options.get("chown"))


def own(stage, path, text):
    """What comes from the tree belongs to root, whoever has it here."""
    if text is None:
        return
    uid, gid = stage.owner(text)
    for each in [path, *path.rglob("*")] if path.is_dir() else [path]:
        os.chown(each, uid, gid, follow_symlinks=False)


def set_environment(stage, rest):
    if "=" not in rest.split(None, 1)[0]:
        name, value = rest.split(None, 1)
        stage.environment[name] = value
        return
    for word in shlex.split(rest):
        name, value = word.split("=", 1)
        stage.environment[name] = stage.filled_in(value)


def begin_stage(rest, stages, directory):
    found = re.fullmatch(r"(\S+)(?:\s+[Aa][Ss]\s+(\S+))?", rest)
    image, name = found[1], found[2] or str(len(stages))
    base = stages.get(image)
    if base is None:
        if image not in BASES:
            fail(f"FROM {image}: not known here, only {', '.join(sorted(BASES))}")
        base = directory / "base"
        if not base.exists():
            make_base(base)
    stages[name] = Stage(directory / f"stage-{name}", base)
    return stages[name]


def step(stage, name, rest, stages, context):
    if name == "RUN":
        stage.run(shlex.join(json.loads(rest)) if rest.startswith("[") else rest)
    elif name == "COPY":
        copy(stage, rest, stages, context)
    elif name == "ENV":
        set_environment(stage, rest)
    elif name == "ARG":
        variable, _, value = rest.partition("=")
        stage.environment.setdefault(variable, value)
    elif name == "WORKDIR":
        stage.workdir = os.path.join(stage.workdir, stage.filled_in(rest))
        (stage.root / stage.workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif name == "USER":
        stage.user = stage.filled_in(rest)
    elif name in KEPT:
        stage.kept[name] = rest
    else:
        fail(f"{name}: not known here")


def build(dockerfile, context, directory):
    stages, stage = {}, None
    for name, rest in instructions(dockerfile):
        print(f"== {name} {rest}"[:160], flush=True)
        if name == "FROM":
            stage = begin_stage(rest, stages, directory)
        else:
            step(stage, name, rest, stages, context)
    return stage


def check(stage, command):
    """The entry point must be a program that its user can run, and the command succeed."""
    entry = words_of(stage.kept["ENTRYPOINT"])[0]
    stage.run(f"command -v {shlex.quote(entry)} >/dev/null")
    for volume in words_of(stage.kept.get("VOLUME", "[]")):
        stage.run(f"test -d {shlex.quote(volume)}")
    if command:
        print(f"== check, as {stage.user}: {command}", flush=True)
        stage.run(command)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--dir", type=Path, help="where it works, and leaves the stages")
    parser.add_argument("--check", metavar="COMMAND", help="run in the last stage, as its user")
    parser.add_argument("dockerfile", type=Path)
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        skip("chroot needs root")
    if not shutil.which("debootstrap"):
        skip("debootstrap is missing: apt-get install debootstrap")
    dockerfile = arguments.dockerfile.resolve()
    context = Context(Path(__file__).resolve().parents[1], dockerfile)
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="lovebank-chroot-") as temporary:
        directory = (arguments.dir or Path(temporary)).resolve()
        directory.mkdir(parents=True, exist_ok=True)
        stage = build(dockerfile, context, directory)
        check(stage, arguments.check)
    print(f"all steps of {arguments.dockerfile} were carried out", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
