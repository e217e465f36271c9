#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
kill -9 at random moments. Each round, some clients write to lovebankd (single commands, pipelined,
in batches, all or nothing) until it is killed; it is started again, all that had no answer is sent
again, with some of what had, and compared (crash_book.py). Every tenth round, more of it is sent
again and the book is verified, offline as it was left and online; in the end all.

  LOVEBANK_SEED=n     that seed; without it a random one, which is printed
  LOVEBANK_ROUNDS=n   so many rounds, a kill each (100)
  LOVEBANK_SECONDS=n  no new round after so many seconds (600)
"""

import random
import signal
import sys
import threading
import time

from crash_book import STYLES, Book, CrashServer, require, run_seeded

ANSWERS_MAX = 200  # of a round, before the kill
AGAIN_MAX = 60     # answered requests sent again in a round
CHECK_ROUNDS = 10


def kill_at_a_random_moment(book, rng, style):
    load = book.load(style, share=2 * ANSWERS_MAX)
    load.start()
    load.wait_for_answers(rng.randint(1, ANSWERS_MAX))
    # Anywhere in the next group or two, not only behind an answer.
    threading.Event().wait(rng.random() * 0.004)
    book.server.stop(signal.SIGKILL)
    load.join()
    book.take_in(load)


def run(seed, rounds, deadline):
    rng = random.Random(seed)
    done = 0
    with CrashServer() as server:
        book = Book(server, rng)
        book.set_up()
        while done < rounds and time.monotonic() < deadline:
            kill_at_a_random_moment(book, rng, STYLES[done % len(STYLES)])
            done += 1
            if done % CHECK_ROUNDS == 0:
                book.verify_copy()
                server.start()
                book.check_whole(10 * AGAIN_MAX)
            else:
                server.start()
                book.settle(AGAIN_MAX)
        book.check_before_end()
    require(book.resent > 0, "no kill met a request in flight")
    return f"{done} kills, {len(book.owners)} entries, {len(book.answered)} requests, " \
           f"{book.resent} sent again without an answer, {book.durable} of them were durable"


if __name__ == "__main__":
    sys.exit(run_seeded(run, rounds=100))
