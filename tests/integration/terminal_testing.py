# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A program on a terminal of its own: keys in, what it writes out. Waits for text, never for time."""

import fcntl
import os
import pty
import re
import select
import subprocess
import termios
import time

from lovebank_testing import PATIENCE_S

ESCAPES = re.compile(rb"\x1b(\[[0-9;?]*[A-Za-z]|[=>]|\([B0]|\][^\x07]*\x07)")
TAB, UP, CTRL_C, CTRL_D, CTRL_U = "\t", "\x1b[A", "\x03", "\x04", "\x15"


class Terminal:
    """A with-block starts the program and ends it. `shown` is all it has written, without escapes."""

    def __init__(self, arguments, environment, rows=24, columns=80):
        self.arguments, self.environment = [str(word) for word in arguments], environment
        self.size = (rows, columns)
        self.raw = b""
        self.mark = 0

    def __enter__(self):
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, self.size)
        environment = {"TERM": "xterm", **self.environment}
        self.process = subprocess.Popen(self.arguments, stdin=slave, stdout=slave, stderr=slave,
                                        env=environment, start_new_session=True,
                                        preexec_fn=self.take_terminal)
        os.close(slave)
        return self

    @staticmethod
    def take_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_S)
        os.close(self.master)

    @property
    def shown(self):
        return ESCAPES.sub(b"", self.raw).decode("utf-8", "replace").replace("\r", "")

    def read(self):
        """More of what it writes; False at its end."""
        if not select.select([self.master], [], [], PATIENCE_S)[0]:
            raise AssertionError(f"nothing more is written:\n{self.shown}")
        try:
            more = os.read(self.master, 65536)
        except OSError:  # the terminal's other side is closed
            more = b""
        self.raw += more
        return more != b""

    def wait(self, text):
        """Until the text stands behind what was waited for before; returns what stands between."""
        end = time.monotonic() + PATIENCE_S
        while (at := self.shown.find(text, self.mark)) < 0:
            if not self.read() or time.monotonic() > end:
                raise AssertionError(f"no {text!r} in\n{self.shown[self.mark:]}")
        between, self.mark = self.shown[self.mark:at], at + len(text)
        return between

    def keys(self, *keys):
        os.write(self.master, "".join(keys).encode())

    def end(self):
        """Waits for the program's end and returns its status."""
        while self.read():
            pass
        return self.process.wait(PATIENCE_S)
