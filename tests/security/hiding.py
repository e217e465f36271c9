#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Where secrets might be found by who looks: logs, command lines, environments, core dumps, files; and
what happens when keys and tokens lie where others can read or replace them.
"""

import os
import resource
import signal
import stat
import subprocess
import time
import unittest

from security_testing import NORTH, PASSWORD, Fortress, service

from lovebank_testing import CLIENT, PATIENCE_S, STATUS

CORE_DUMPED = 0x80


def start_settings():
    """As for a program whose core would be dumped."""
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)


def is_dumped(process):
    """Aborts it; whether the kernel wrote a core."""
    os.kill(process.pid, signal.SIGABRT)
    return os.waitpid(process.pid, 0)[1] & CORE_DUMPED != 0


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Fortress("--log-level", "debug")).furnish()
        _, cls.device = cls.server.open_device("服务台", "desk", NORTH, stands_in=NORTH)

    def secrets(self):
        found = [self.server.PASSWORD, PASSWORD, self.server.token.hex(), self.device.hex()]
        key = self.server.key_file.read_bytes()
        self.assertGreater(len(key), 32)
        return [secret.encode() for secret in found] + [self.server.token, self.device]

    def test_they_are_in_no_log_no_command_line_and_no_environment(self):
        _, connection = self.server.operator("anne", ("desk", NORTH))
        self.addCleanup(connection.socket.close)
        connection.do(service(1, "2017-01-01"))
        with self.server.outpost(source="127.0.0.5") as stranger:
            stranger.log_in("nobody.here", PASSWORD)
        deadline = time.monotonic() + PATIENCE_S
        while not any(" login_failed " in line for line in self.server.log):
            self.assertLess(time.monotonic(), deadline)
            with self.server.connect() as connection:  # until the log has come through
                connection.ask(STATUS)
        seen = "".join(self.server.log).encode()
        for name in ("cmdline", "environ"):
            with open(f"/proc/{self.server.process.pid}/{name}", "rb") as file:
                seen += file.read()
        for secret in self.secrets():
            self.assertNotIn(secret, seen)

    def test_they_lie_in_no_file_but_the_keys(self):
        key_lines = [line for line in self.server.key_file.read_text().split() if len(line) > 40]
        self.assertGreater(len(key_lines), 0)
        for file in self.server.data_dir.iterdir():
            try:
                held, mode = file.read_bytes(), file.stat().st_mode
            except FileNotFoundError:
                continue  # a segment of the journal that was freed meanwhile
            for secret in self.secrets() + [line.encode() for line in key_lines]:
                self.assertNotIn(secret, held, file)
            self.assertEqual(stat.S_IMODE(mode) & 0o007, 0, file)

    def test_a_server_that_dies_leaves_no_core(self):
        with subprocess.Popen(["sleep", "60"], preexec_fn=start_settings,
                              cwd=self.server.dir) as other:
            if not is_dumped(other):
                self.skipTest("this machine writes no cores for anybody")
        with Fortress() as server:
            resource.prlimit(server.process.pid, resource.RLIMIT_CORE,
                             (resource.RLIM_INFINITY,) * 2)
            self.assertFalse(is_dumped(server.process))
            server.process.returncode = -signal.SIGABRT  # it was waited for
            server.pump.join(PATIENCE_S)
            server.process.stderr.close()
            server.process = None

    def test_a_password_is_taken_from_no_argument(self):
        for arguments in (("login", "admin", "--password", PASSWORD), ("login", "admin", PASSWORD)):
            done = subprocess.run([str(CLIENT), "--socket", str(self.server.socket), *arguments],
                                  capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                  timeout=PATIENCE_S, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertNotIn(PASSWORD, done.stdout)


class Files(unittest.TestCase):
    """The server does not start, or the client does not go on, and says why."""

    def server_with(self, change):
        server = self.enterContext(Fortress())
        self.assertEqual(server.stop(), 0)
        change(server)
        done = server.run(*server.arguments())
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_a_key_file_that_others_read_starts_nothing(self):
        for mode in (0o644, 0o604, 0o660, 0o602):
            told = self.server_with(lambda server, mode=mode: server.key_file.chmod(mode))
            self.assertIn("epoch.key", told)

    def test_a_key_of_tls_that_others_read_starts_nothing(self):
        for mode in (0o644, 0o604, 0o660):
            told = self.server_with(lambda server, mode=mode:
                                    (server.tls / "server.key").chmod(mode))
            self.assertIn("server.key", told)

    def test_a_key_file_that_is_no_plain_file_starts_nothing(self):
        def directory(server):
            server.key_file.rename(server.dir / "aside")
            server.key_file.mkdir()

        self.assertIn("epoch.key", self.server_with(directory))

    def test_the_socket_is_for_its_user_and_group_alone(self):
        with Fortress() as server:
            mode = stat.S_IMODE(server.socket.stat().st_mode)
            self.assertEqual(mode & 0o007, 0)

    def token_file(self, server, change):
        """What the command line says with a token file that was changed so."""
        path = server.dir / "token"
        path.write_text(server.token.hex() + "\n")
        path.chmod(0o600)
        path = change(path) or path
        return subprocess.run([str(CLIENT), "--socket", str(server.socket), "--token-file",
                               str(path), "org", "list"], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False, env=server.environment())

    def test_a_token_file_that_others_read_or_own_is_not_used(self):
        def link_of_another(path):
            link = path.with_name("link")
            link.symlink_to(path)
            os.chown(link, 65534, 65534, follow_symlinks=False)
            return link

        def owned_by_another(path):
            os.chown(path, 65534, 65534)

        def pipe(path):
            os.mkfifo(path.with_name("pipe"), 0o600)
            return path.with_name("pipe")

        with Fortress() as server:
            changes = [lambda path: path.chmod(0o644), lambda path: path.chmod(0o640), pipe,
                       lambda path: path.write_text("")]
            if os.geteuid() == 0:
                changes += [link_of_another, owned_by_another]
            for change in changes:
                done = self.token_file(server, change)
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertNotIn(server.token.hex(), done.stdout + done.stderr)
                for name in ("token", "link", "pipe"):
                    (server.dir / name).unlink(missing_ok=True)
            done = self.token_file(server, lambda path: None)
            self.assertNotIn("token file", done.stderr)


if __name__ == "__main__":
    unittest.main()
