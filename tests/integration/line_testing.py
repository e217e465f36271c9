# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A line to the server that can be cut at any message."""

import socket
import struct
import threading

from lovebank_testing import WRITE


class Line:
    """A socket before the server's: in pieces it is no server at all. `on_answer`, once, gets a
    write's answer that the client then never sees."""

    def __init__(self, server):
        self.server, self.path = server, server.dir / "line.sock"
        self.listener = self.on_answer = None

    def mend(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(16)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def cut(self):
        if self.listener is not None:
            self.path.unlink()
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(str(self.server.socket))
                while self.carry_message(client, server) and self.carry_message(server, client):
                    pass
            except OSError:
                pass

    def carry_message(self, source, target):
        """One message: the programs here wait for each answer, or send few enough at once."""
        header = self.read(source, 16)
        if len(header) < 16:
            return False
        size, _, method = struct.unpack(">IIH", header[:10])
        body = self.read(source, size)
        answered, self.on_answer = (self.on_answer, None) if (
            method == WRITE and header[10] == 2) else (None, self.on_answer)
        if answered:
            answered()
            return False
        target.sendall(header + body)
        return True

    @staticmethod
    def read(source, size):
        data = b""
        while len(data) < size:
            part = source.recv(size - len(data))
            if not part:
                break
            data += part
        return data
