#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""lovebankd from start to end: settings, starting, stopping, starting again, what stops it."""

import signal
import stat
import unittest

from lovebank_testing import REPORT, SERVER, SOURCE_DIR, STATUS, WRITE, Server, command, message

ORG_OPEN = 10


class ServerLife(unittest.TestCase):
    def test_stops_with_status_0_on_sigterm_and_sigint_and_removes_its_socket(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                self.assertEqual(stat.S_IMODE(server.socket.stat().st_mode), 0o660)
                self.assertEqual(server.stop(number), 0)
                self.assertFalse(server.socket.exists())
                self.assertIn(" stopped ", server.log[-1])

    def test_signals_that_come_while_it_closes_change_nothing(self):
        with Server() as server:
            for _ in range(10):
                while server.process.poll() is None:
                    server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.stop(), 0)
                server.start()

    def test_finishes_what_is_in_flight_when_it_stops(self):
        with Server() as server, server.connect() as connection:
            count = 40
            for number in range(1, count + 1):
                connection.submit(WRITE, message((1, command(ORG_OPEN, (1, number), (3, 2),
                                                             (4, f"org {number}")))))
            first = connection.receive()
            self.assertEqual(first.message().number(1), 0)
            server.process.send_signal(signal.SIGTERM)
            answered = 1
            reply = connection.receive()
            while reply.method == WRITE:
                self.assertEqual(reply.message().messages(6)[0].number(1), 0)
                answered += 1
                reply = connection.receive()
            self.assertEqual(reply.error()[0], "shutting_down")
            self.assertTrue(connection.is_at_end())
            self.assertEqual(server.process.wait(60), 0)
            server.pump.join()
            server.process.stderr.close()
            server.start()
            with server.connect() as again:
                self.assertGreaterEqual(again.ask(STATUS).number(2), answered)

    def test_keeps_its_state_over_a_restart_and_a_kill(self):
        with Server() as server:
            with server.connect() as connection:
                connection.do(command(ORG_OPEN, (1, 7), (3, 2), (4, "街道")))
                before = connection.status_hashed()
            server.restart()
            server.stop(signal.SIGKILL)
            server.start()
            with server.connect() as connection:
                after = connection.ask(STATUS)
                self.assertEqual(after.number(2), 1)
                self.assertEqual(after.bytes(4), before.bytes(4))
                again = connection.write(command(ORG_OPEN, (1, 7), (3, 2), (4, "街道")))[0]
                self.assertNotEqual(again.number(1), 0)

    def test_a_second_server_on_the_directory_is_refused(self):
        with Server() as server:
            other = server.dir / "other.sock"
            arguments = [str(other) if word == str(server.socket) else word
                         for word in server.arguments()]
            second = server.run(*arguments)
            self.assertEqual(second.returncode, 4)
            self.assertIn(str(server.data_dir), second.stderr)
            self.assertIn("正被另一个服务器使用", second.stderr)
            self.assertIn("in use by another server", second.stderr)
            with server.connect() as connection:
                self.assertEqual(connection.ask(STATUS).number(2), 0)

    def test_a_second_server_on_the_socket_is_refused(self):
        with Server() as server:
            arguments = [word.replace(str(server.data_dir), str(server.dir / "other"))
                         for word in server.arguments()]
            second = server.run(*arguments)
            self.assertEqual(second.returncode, 4)
            self.assertIn(str(server.socket), second.stderr)
            with server.connect() as connection:
                self.assertEqual(connection.ask(STATUS).number(2), 0)

    def test_a_book_without_its_key_is_refused_and_no_new_key_is_made(self):
        with Server() as server:
            server.stop()
            server.key_file.rename(server.dir / "elsewhere")
            done = server.run(*server.arguments())
            self.assertEqual(done.returncode, 4)
            self.assertIn(str(server.key_file), done.stderr)
            self.assertFalse(server.key_file.exists())
            (server.dir / "elsewhere").rename(server.key_file)
            server.key_file.chmod(0o644)
            self.assertEqual(server.run(*server.arguments()).returncode, 4)

    def test_a_directory_that_has_lost_its_book_gets_no_new_one(self):
        with Server() as server:
            self.assertEqual(server.stop(), 0)
            data = server.data_dir / "data.mdb"
            data.write_bytes(b"")
            result = server.run(*server.arguments())
            self.assertEqual(result.returncode, 4)
            self.assertIn("its data.mdb is missing or empty", result.stderr)
            self.assertEqual(data.stat().st_size, 0)
            data.unlink()
            server.key_file.unlink()
            result = server.run(*server.arguments())
            self.assertEqual(result.returncode, 4)
            self.assertIn(f"there was a book in {server.data_dir}", result.stderr)
            self.assertIn("请从备份恢复", result.stderr)
            self.assertFalse(data.exists())
            self.assertFalse(server.key_file.exists())

    def test_init_makes_the_book_and_create_no_does_not(self):
        with Server(start=False) as server:
            done = server.run(*server.arguments("--create=no"))
            self.assertEqual(done.returncode, 4)
            self.assertFalse(server.data_dir.exists())
            self.assertFalse(server.key_file.exists())
            for expected in ("made the book", "there already"):
                done = server.run(str(SERVER), "init", *server.arguments()[1:])
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(expected, done.stdout)
            server.flags = ["--create=no"]
            server.start()
            self.assertEqual(server.stop(), 0)

    def test_wrong_settings_are_usage_errors_that_name_setting_and_value(self):
        with Server(start=False) as server:
            for flags, words in ((["--bogus", "1"], ["--bogus"]),
                                 (["--connections-max", "0"], ["connections-max", "0"]),
                                 (["--zone-east", "noon"], ["zone-east", "noon"]),
                                 (["--log-level", "loud"], ["log-level", "loud"]),
                                 (["--insecure-loopback", "7700"], ["insecure-loopback", "7700"]),
                                 (["stray"], ["stray"])):
                done = server.run(*server.arguments(*flags))
                self.assertEqual(done.returncode, 2, flags)
                for word in words:
                    self.assertIn(word, done.stderr)
            self.assertFalse(server.data_dir.exists())

    def test_tcp_is_for_loopback_only(self):
        with Server(start=False) as server:
            done = server.run(*server.arguments("--insecure-loopback", "0.0.0.0:0"))
            self.assertEqual(done.returncode, 2)
            for words in ("设置 insecure-loopback 的值“0.0.0.0:0”不对",
                          'the setting insecure-loopback is "0.0.0.0:0"'):
                self.assertIn(words, done.stderr)
            self.assertNotIn(str(server.socket), done.stderr)

    def test_config_prints_what_a_file_can_hold(self):
        with Server("--zone-east", "-3600", start=False) as server:
            shown = server.run(str(SERVER), "config", *server.arguments()[1:])
            self.assertEqual(shown.returncode, 0)
            path = server.dir / "lovebankd.conf"
            path.write_text(shown.stdout, encoding="utf-8")
            again = server.run(str(SERVER), "config", "--config", str(path))
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertEqual(again.stdout.splitlines()[1:], shown.stdout.splitlines()[1:])
            self.assertIn("zone-east = -3600", again.stdout)

    def test_the_settings_file_we_ship_holds_the_defaults(self):
        with Server(start=False) as server:
            shipped = SOURCE_DIR / "packaging/lovebankd.conf"
            ours = server.run(str(SERVER), "config", "--config", str(shipped))
            self.assertEqual(ours.returncode, 0, ours.stderr)
            defaults = server.run(str(SERVER), "config", "--config", "")
            self.assertEqual(ours.stdout.splitlines()[1:], defaults.stdout.splitlines()[1:])

    def test_offline_verify_passes_on_a_sound_book_and_sees_a_running_server(self):
        with Server() as server:
            with server.connect() as connection:
                connection.do(command(ORG_OPEN, (1, 7), (3, 2), (4, "street")))
                root = connection.status_hashed().bytes(4).hex()
            self.assertEqual(server.verify_offline().returncode, 4)
            server.stop()
            done = server.verify_offline()
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("entries 1\n", done.stdout)
            self.assertIn(root, done.stdout)
            self.assertIn("people checked", done.stdout)
            self.assertIn("head covers 1 of 1 entries\n", done.stdout)

    def test_offline_verify_of_a_directory_without_a_book_is_a_fault(self):
        with Server(start=False) as server:
            done = server.verify_offline()
            self.assertEqual(done.returncode, 4)
            self.assertIn(str(server.data_dir), done.stderr)
            self.assertFalse(server.data_dir.exists())

    def test_the_log_holds_no_personal_data(self):
        with Server("--log-level", "debug") as server:
            with server.connect() as connection:
                connection.do(command(ORG_OPEN, (1, 7), (3, 2), (4, "street")),
                              command(20, (2, 7), (5, message((1, "欧阳修"), (7, "10012345678")))))
                self.assertEqual(connection.call(REPORT, (1, 2016), (2, 7)).kind, 2)
            server.stop()
            text = "".join(server.log)
            self.assertNotIn("欧阳修", text)
            self.assertNotIn("10012345678", text)


if __name__ == "__main__":
    unittest.main()
