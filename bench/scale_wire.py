#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A wire of some length between two programs on this machine: what goes in at one end comes out at
the other so much later, as much at a time as there is. For bench/scale.sh, where a kernel may know
no delays of its own.

usage: scale_wire.py LISTEN CONNECT DELAY_US
  LISTEN    a Unix socket to make; who connects to it is connected to
  CONNECT   this one, which is there
  DELAY_US  of each direction, so that an answer takes twice that

Lives until it is ended by a signal.
"""
import os
import queue
import socket
import sys
import threading
import time

CHUNK_BYTES = 1 << 18
CHUNKS_UNDER_WAY = 1024


def carry(source, target, delay_s):
    """One direction, until it ends; the end takes as long as the rest."""
    under_way = queue.Queue(CHUNKS_UNDER_WAY)

    def deliver():
        while True:
            due, data = under_way.get()
            rest_s = due - time.monotonic()
            if rest_s > 0:
                time.sleep(rest_s)
            try:
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)
            except OSError:
                return  # it is gone, and who sent will see that

    threading.Thread(target=deliver, daemon=True).start()
    data = b"first"
    while data:
        try:
            data = source.recv(CHUNK_BYTES)
        except OSError:
            data = b""
        under_way.put((time.monotonic() + delay_s, data))


def main():
    if len(sys.argv) != 4:
        print("usage: scale_wire.py LISTEN CONNECT DELAY_US", file=sys.stderr)
        return 2
    listen, connect, delay_s = sys.argv[1], sys.argv[2], int(sys.argv[3]) / 1e6

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(listen)
        os.chmod(listen, 0o777)  # PostgreSQL may be another user's
        server.listen()
        while True:
            near = server.accept()[0]
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(connect)
            except OSError:  # not there now: who asked comes again
                near.close()
                continue
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=carry, args=(source, target, delay_s), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
