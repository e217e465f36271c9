# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A stand-in for lovebankd, small enough to be read at once: it writes to the database by the same rules
(docs/postgresql.md) and knows nothing else. With it the topology and the faults are tried by
themselves: what is lost here was lost by the database or its settings.

A request is a line with an id; the answer "ok NUMBER", or "again". All that wait become one group:
the head's row is locked, known ids are looked up, others become entries in a chain, the head is
written even where nothing is new, and only a COMMIT without any warning is an acknowledgment.

usage: ha_writer.py SOCKET; LOVEBANKD_STORE and PGPASSWORD in the environment
"""

import hashlib
import os
import queue
import socketserver
import sys
import threading
import time

from ha_database import Database, DatabaseError

TABLES = (
    "CREATE TABLE head (book int PRIMARY KEY, number bigint NOT NULL, chain text NOT NULL,"
    " beat bigint NOT NULL)",
    "CREATE TABLE entry (number bigint PRIMARY KEY, id text NOT NULL UNIQUE, chain text NOT NULL)",
    "INSERT INTO head VALUES (1, 0, '', 0)",
    "GRANT UPDATE ON head TO lovebank")
REACH_S = 30
IDLE_S = 5           # a writer that stands still with the lock is thrown out
GROUP_MAX = 500


def next_chain(chain, entry_id):
    return hashlib.sha256(f"{chain} {entry_id}".encode()).hexdigest()


class Request:
    def __init__(self, entry_id):
        self.id = entry_id
        self.deadline = time.monotonic() + REACH_S
        self.answer = queue.SimpleQueue()


class Writer:
    def __init__(self, store):
        self.store = store
        self.database = None
        self.requests = queue.Queue()

    def connect(self):
        # lovebankd finds the primary among several hosts by itself; here libpq does.
        self.database = Database(f"{self.store}&target_session_attrs=read-write")
        self.database.query("SET synchronous_commit = on")
        self.database.query(f"SET idle_in_transaction_session_timeout = '{IDLE_S}s'")
        self.database.query("SET lock_timeout = '15s'")

    def take(self):
        group = [self.requests.get()]
        while len(group) < GROUP_MAX and not self.requests.empty():
            group.append(self.requests.get())
        return group

    def write(self, group):
        """{id: number}, all of it durable; or an exception, and nothing is known."""
        database = self.database
        database.query("BEGIN")
        number, chain = database.query("SELECT number, chain FROM head WHERE book = 1 FOR UPDATE")[0]
        number = int(number)
        ids = list(dict.fromkeys(request.id for request in group))
        known = dict(database.query("SELECT id, number FROM entry WHERE id = ANY ($1::text[])",
                                    "{%s}" % ",".join(ids)))
        numbers, chains = [], []
        new = [each for each in ids if each not in known]
        for entry_id in new:
            number += 1
            chain = next_chain(chain, entry_id)
            known[entry_id] = number
            numbers.append(str(number))
            chains.append(chain)
        if new:
            database.query("INSERT INTO entry SELECT * FROM unnest($1::bigint[], $2::text[],"
                           " $3::text[])", *("{%s}" % ",".join(each)
                                             for each in (numbers, new, chains)))
        database.query("UPDATE head SET number = $1, chain = $2, beat = beat + 1 WHERE book = 1",
                       number, chain)
        database.take_notices()
        database.query("COMMIT")
        if database.take_notices():
            raise DatabaseError("the commit came back with a warning")
        return known

    def serve(self):
        pause = threading.Event()
        while True:
            group = self.take()
            while group:
                try:
                    if not self.database:
                        self.connect()
                    known = self.write(group)
                    for request in group:
                        request.answer.put(f"ok {known[request.id]}")
                    break
                except DatabaseError as error:
                    print(f"{time.strftime('%H:%M:%S')} {error}", flush=True)
                    if self.database:
                        self.database.close()
                        self.database = None
                    pause.wait(0.2)
                for request in [each for each in group if each.deadline < time.monotonic()]:
                    request.answer.put("again")
                    group.remove(request)


def main():
    writer = Writer(os.environ["LOVEBANKD_STORE"])

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            for line in self.rfile:
                request = Request(line.decode().strip())
                writer.requests.put(request)
                self.wfile.write(f"{request.answer.get()}\n".encode())

    class Listener(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request, client_address):
            """A client that did not wait."""

    threading.Thread(target=writer.serve, daemon=True).start()
    Listener(sys.argv[1], Handler).serve_forever()


if __name__ == "__main__":
    main()
