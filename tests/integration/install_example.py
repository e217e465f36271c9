#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What is installed is enough: examples/c/balance.c over the shared and the static library."""

import os
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

from lovebank_testing import BIN_DIR, SOURCE_DIR, Server

BUILD_DIR = BIN_DIR.resolve().parent
EXAMPLE = SOURCE_DIR / "examples/c/balance.c"


def run(*arguments, **options):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True,
                          encoding="utf-8", timeout=120, check=False, **options)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def cache():
    """{name: value} of the build's CMakeCache.txt."""
    lines = (BUILD_DIR / "CMakeCache.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if ":" in line and "=" in line)
    return {name.split(":")[0]: value for name, value in pairs}


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="lovebank-test-")
        cls.addClassCleanup(cls.directory.cleanup)
        cls.prefix = Path(cls.directory.name) / "prefix"
        run("cmake", "--install", BUILD_DIR, "--prefix", cls.prefix)
        cls.lib = next(cls.prefix.glob("**/pkgconfig/lovebank.pc")).parents[1]
        cls.server = cls.enterClassContext(Server())
        cls.server.cli("org", "open", 310101001001, "春晖社区", "--kind", "community")
        cls.server.cli("category", "set", 1, "家政", "12.50")
        cls.server.cli("member", "add", "张小明", 310101001001, "--member", 42)
        cls.server.cli("record", 42, 1, 180)

    def build(self, name, library, *options):
        """The example, by the build's own compiler: a sanitizer's library needs its program."""
        known = cache()
        program = Path(self.directory.name) / name
        search = {**os.environ, "PKG_CONFIG_PATH": str(self.lib / "pkgconfig")}
        flags = run("pkg-config", *options, "--cflags", "--libs", "lovebank", env=search)
        words = [library if word == "-llovebank" else word for word in shlex.split(flags)]
        own = shlex.split(known.get(f"CMAKE_C_FLAGS_{known['CMAKE_BUILD_TYPE'].upper()}", ""))
        run(known["CMAKE_C_COMPILER"], *own, "-Wall", "-Wextra", "-Werror", EXAMPLE, "-o", program,
            *words)
        return program

    def check(self, program):
        environment = {**os.environ, "LD_LIBRARY_PATH": str(self.lib)}
        address = f"unix:{self.server.socket}"
        self.assertEqual(run(program, address, 42, env=environment),
                         "00000042: 37.50 points, 180 minutes\n")
        done = subprocess.run([program, address, "43"], capture_output=True, text=True,
                              timeout=60, env=environment, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, "balance: member_unknown\n"))

    def test_the_example_over_the_shared_library(self):
        self.check(self.build("shared", "-llovebank"))

    def test_the_example_over_the_static_library(self):
        self.check(self.build("static", self.lib / "liblovebank.a", "--static"))

    def test_the_libraries_show_their_api_only(self):
        for options, file in ((["-D"], "liblovebank.so"), (["-g"], "liblovebank.a")):
            lines = run("nm", *options, "--defined-only", self.lib / file).splitlines()
            names = [line.split()[2] for line in lines if len(line.split()) == 3]
            ours = ("lb_result_", "lb_frame_", "lb_client_", "lb_session_", "lovebank__v1__")
            self.assertIn("lovebank__v1__member_get_response__descriptor", names)
            self.assertEqual([name for name in names if not name.startswith(ours)], [])


if __name__ == "__main__":
    unittest.main()
