#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The structure checks find what they are there to find, and nothing else."""
import unittest

import check_sources
import check_symbols

HEADER = "/* SPDX-License-Identifier: Apache-2.0 */\n"


def source_messages(name, code):
    return list(check_sources.check_file(name, HEADER + code))


class Sources(unittest.TestCase):
    def test_a_direct_clock_call_is_refused_outside_its_port(self):
        code = "int64_t now = time(NULL);\n"
        self.assertEqual(1, len(source_messages("server/bank/src/a.c", code)))
        self.assertEqual([], source_messages("server/base/src/clock.c", code))

    def test_comments_strings_and_longer_names_are_not_calls(self):
        code = '/* time(NULL) */ // rand()\nputs("time(NULL)"); entry_time(x); port->time(port);\n'
        self.assertEqual([], source_messages("server/bank/src/a.c", code))

    def test_the_line_number_is_that_of_the_call(self):
        messages = source_messages("server/bank/src/a.c", "/* a\n b */\nrand();\n")
        self.assertTrue(messages[0].startswith("server/bank/src/a.c:4:"), messages)

    def test_typedefs_and_unfinished_work_are_refused(self):
        self.assertEqual(1, len(source_messages("include/lovebank/a.h", "typedef struct a a;\n")))
        self.assertEqual(0, len(source_messages("include/lovebank/a.h", "typedef enum a a_fn(int);\n")))
        self.assertEqual(1, len(source_messages("tests/a.c", "/* " + "TO" + "DO: later */\n")))

    def test_a_file_without_licence_header_is_refused(self):
        self.assertEqual(1, len(list(check_sources.check_file("server/a.c", "int a;\n"))))

    def test_a_file_that_is_too_long_is_refused(self):
        self.assertEqual(1, len(source_messages("server/a.c", "\n" * check_sources.LINES_MAX)))


class Symbols(unittest.TestCase):
    RULES = "# a comment\nledger,bank  (m|c)alloc|free  memory is the caller's\n"

    def test_a_forbidden_call_is_found_by_its_plain_name(self):
        symbols = check_symbols.undefined_symbols(
            "a[x.o]:\nledger_post T 0 1f\nmalloc U\nmemcpy U\n__snprintf_chk U\nledger_post U\n")
        self.assertEqual({"malloc", "memcpy", "snprintf"}, symbols)
        messages = list(check_symbols.forbidden_calls("ledger", symbols, self.RULES))
        self.assertEqual(["ledger: calls malloc: memory is the caller's"], messages)
        self.assertEqual([], list(check_symbols.forbidden_calls("base", symbols, self.RULES)))

    def test_mutable_globals_are_found_and_constants_are_not(self):
        names = check_symbols.mutable_globals(
            "counter.0|00|   b  | OBJECT|0004|     |.bss\n"
            "table    |00|   d  | OBJECT|0008|     |.data.rel.ro.local\n"
            "limit    |00|   R  | OBJECT|0004|     |.rodata\n"
            "state    |00|   D  | OBJECT|0004|     |.data\n")
        self.assertEqual({"counter", "state"}, names)
        messages = list(check_symbols.forbidden_globals("bank", names, "bank state set once\n"))
        self.assertEqual(["bank: counter is a mutable global: pass it as an argument"], messages)

    def test_a_rule_without_a_reason_is_refused(self):
        with self.assertRaises(ValueError):
            list(check_symbols.forbidden_calls("ledger", set(), "ledger malloc\n"))


if __name__ == "__main__":
    unittest.main()
