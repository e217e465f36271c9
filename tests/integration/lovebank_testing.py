# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What the tests of the real programs share: a server in a directory of its own, and a client that
speaks the protocol byte by byte. Its protobuf is a few lines of its own, so that client and server
are not tested with one and the same codec. Nothing here sleeps: it waits for lines and for bytes.
"""

import contextlib
import hashlib
import os
import queue
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

BIN_DIR = Path(os.environ.get("LOVEBANK_BIN_DIR", "build/debug/bin"))
SOURCE_DIR = Path(os.environ.get("LOVEBANK_SOURCE_DIR", Path(__file__).resolve().parents[2]))
SERVER = BIN_DIR / "lovebankd"
CLIENT = BIN_DIR / "lovebank"
PATIENCE_S = 60
# Where books are to be kept, when the tests of one server are run over a database: tests/postgres.
STORE_URL = os.environ.get("LOVEBANK_TEST_STORE")

REQUEST, RESPONSE, ERROR = 1, 2, 3
HELLO, WRITE, STATUS, ENTRY_GET, VERIFY, IMPORT_LIST, BACKUP, ENTRY_LIST = 1, 2, 3, 4, 5, 6, 7, 8
ORG_LIST, CATALOGUE, STOCK = 10, 11, 12
MEMBER_GET, MEMBER_FIND, HISTORY = 20, 21, 22
STARS, REPORT, PUBLIC_BOARD = 30, 31, 32
LOGIN, LOGOUT, PASSWORD, WHOAMI, PRINCIPAL_LIST, PROPOSAL_LIST = 40, 41, 42, 43, 44, 45

# Acts of access, and what they are filled with.
OPERATOR_OPEN, DEVICE_OPEN, PRINCIPAL_SET, CREDENTIAL_SET, ROLE_SET = 40, 41, 42, 43, 44
ROLES = {"viewer": 1, "desk": 2, "counter": 3, "reviewer": 4, "auditor": 5, "administrator": 6,
         "district": 7}
ACTIVE, LOCKED, CLOSED = 1, 2, 3
ONE_TIME = 1


def results():
    """{name: number} of include/lovebank/result.h."""
    table = {}
    for line in (SOURCE_DIR / "include/lovebank/result.h").read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("X(") and line.count('"') > 2:
            _, number, name = line.strip()[2:].split(",")[:3]
            table[name.strip().strip('"')] = int(number)
    return table


RESULTS = results()


# Protobuf: fields as (number, value) pairs out, {number: [values]} in.

def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(*fields):
    """Values: int, bool, str, bytes (a nested message is the bytes of one); None is left out."""
    out = bytearray()
    for number, value in fields:
        if value is None:
            continue
        if isinstance(value, int):
            out += varint(number << 3) + varint(int(value))
        else:
            data = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return bytes(out)


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


class Message(dict):
    """Fields of a message by number, each a list of ints and bytes."""

    def __init__(self, data):
        super().__init__()
        at = 0
        while at < len(data):
            key, at = read_varint(data, at)
            value, at = read_varint(data, at)
            if key & 7 == 2:
                value, at = data[at:at + value], at + value
            self.setdefault(key >> 3, []).append(value)

    def number(self, field):
        return self.get(field, [0])[-1]

    def signed(self, field):
        """Of sint64."""
        value = self.number(field)
        return value >> 1 ^ -(value & 1)

    def text(self, field):
        return self.get(field, [b""])[-1].decode()

    def bytes(self, field):
        return self.get(field, [b""])[-1]

    def message(self, field):
        return Message(self.bytes(field))

    def messages(self, field):
        return [Message(value) for value in self.get(field, [])]

    def numbers(self, field):
        """Of a repeated number, packed or not."""
        found = []
        for value in self.get(field, []):
            if isinstance(value, int):
                found.append(value)
                continue
            at = 0
            while at < len(value):
                number, at = read_varint(value, at)
                found.append(number)
        return found


def today():
    """The banking day: the server counts in UTC+8, whatever the machine's zone is."""
    return datetime.now(timezone(timedelta(hours=8))).date()


def day(text):
    """The day number of 2016-05-01."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def card_of(serial):
    """The card number: ISO/IEC 7064 MOD 11,10 over nine digits."""
    rest = 10
    for digit in f"{serial:09}":
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return serial * 10 + (11 - rest) % 10


# Frames.

def frame(method, payload=b"", request_id=1, kind=REQUEST):
    return struct.pack(">IIHBBI", len(payload), request_id, method, kind, 0, 0) + payload


class Reply:
    def __init__(self, header, payload):
        _, self.request_id, self.method, self.kind, _, _ = struct.unpack(">IIHBBI", header)
        self.payload = payload

    def message(self):
        assert self.kind == RESPONSE, self.error()
        return Message(self.payload)

    def error(self):
        """(name of the result, its numbers)"""
        assert self.kind == ERROR
        number = struct.unpack(">I", self.payload[:4])[0]
        names = {value: name for name, value in RESULTS.items()}
        return names[number], struct.unpack(f">{(len(self.payload) - 4) // 8}q", self.payload[4:])


class Connection:
    def __init__(self, address, greet=True, family=socket.AF_UNIX, token=None):
        self.socket = socket.socket(family)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(address if family == socket.AF_INET else str(address))
        self.next_id = 1
        if greet:
            self.greeting = self.hello(token=token).message()
            assert self.greeting.number(1) == 0

    @classmethod
    def over_tcp(cls, port):
        return cls(("127.0.0.1", port), family=socket.AF_INET)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def submit(self, method, payload=b""):
        self.next_id += 1
        self.send(frame(method, payload, self.next_id))
        return self.next_id

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise EOFError(f"{len(data)} of {size} bytes")
            data += part
        return data

    def receive(self):
        header = self.read(16)
        return Reply(header, self.read(struct.unpack(">I", header[:4])[0]))

    def is_at_end(self):
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def call(self, method, *fields):
        request_id = self.submit(method, message(*fields))
        reply = self.receive()
        assert reply.request_id == request_id and reply.method == method
        return reply

    def ask(self, method, *fields):
        return self.call(method, *fields).message()

    def hello(self, version=1, token=None):
        return self.call(HELLO, (1, version), (2, "test 1"), (3, token))

    def log_in(self, login, password, new_password=None):
        """The answer, whatever it is."""
        return self.ask(LOGIN, (1, login), (2, password), (3, new_password))

    def write(self, *commands, dry_run=False, atomic_id=None):
        """The results, one for each command."""
        response = self.ask(WRITE, *((1, command) for command in commands), (2, dry_run),
                            (3, atomic_id is not None), (4, atomic_id))
        assert response.number(1) == 0, response
        return response.messages(6)

    def do(self, *commands):
        """The results, which must all be done."""
        found = self.write(*commands)
        assert all(result.number(1) == 0 for result in found), found
        return found

    def status_hashed(self):
        """The status once its root is that of all entries: hashing runs behind."""
        status = self.ask(STATUS)
        while status.number(3) < status.number(2):
            status = self.ask(STATUS)
        return status

    def verify(self):
        """Runs the whole check and returns its last answer. Asking again is what a client does; one
        that asks too often is told so, and asks again."""
        answer = self.ask(VERIFY, (1, True))
        while not answer.number(2):
            reply = self.call(VERIFY)
            if reply.kind == RESPONSE or reply.error()[0] != "try_later":
                answer = reply.message()
        return answer


_ids = iter(range(1, 1 << 60))


def command(act, *fields, on=None, id=None, memo=None, desk=None, under=None):
    """A packed Command: the number of its act, the act's fields; `under` is its import."""
    id = id or next(_ids).to_bytes(16, "big")
    when = () if on is None else ((2, day(on)), (3, True))
    return message((1, id), *when, (4, desk), (5, memo), (6, under), (act, message(*fields)))


class Server:
    """lovebankd over a directory of its own; a with-block starts and stops it. No log-in needed."""

    access = ("--insecure-no-login",)

    def __init__(self, *flags, start=True):
        self.dir = Path(tempfile.mkdtemp(prefix="lovebank-test-"))
        self.data_dir, self.key_file = self.dir / "data", self.dir / "epoch.key"
        self.socket = self.dir / "s.sock"
        self.flags = list(flags)
        self.process = None
        self.log = []
        self.starts = start

    def arguments(self, *flags):
        store = ["--store", STORE_URL, "--store-book", self.dir.name] if STORE_URL else []
        return [str(SERVER), "--config", "", "--data-dir", str(self.data_dir), "--key-file",
                str(self.key_file), "--socket", str(self.socket), *self.access, *store,
                *self.flags, *flags]

    def environment(self):
        return {name: value for name, value in os.environ.items()
                if not name.startswith("LOVEBANK")} | {"XDG_STATE_HOME": str(self.dir / "state")}

    def start(self):
        self.process = subprocess.Popen(self.arguments(), stderr=subprocess.PIPE, text=True,
                                        encoding="utf-8", env=self.environment())
        lines = queue.Queue()

        def pump(stream):
            for line in stream:
                self.log.append(line)
                lines.put(line)
            lines.put(None)

        self.pump = threading.Thread(target=pump, args=(self.process.stderr,), daemon=True)
        self.pump.start()
        while True:
            line = lines.get(timeout=PATIENCE_S)
            if line is None:
                raise AssertionError("the server did not start:\n" + "".join(self.log))
            if " listening " in line:
                return self

    def stop(self, number=signal.SIGTERM):
        """Sends the signal and returns the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE_S)
        self.pump.join(PATIENCE_S)
        self.process.stderr.close()
        self.process = None
        return status

    def restart(self):
        assert self.stop() == 0, "".join(self.log)
        return self.start()

    def port_of(self, kind):
        """Where it listens for tcp, tls, http or https since it last started; 0: nowhere. Tests give
        it the port 0: one that looked free before might be taken meanwhile."""
        line = next(line for line in reversed(self.log) if " listening " in line)
        return int(re.search(rf" {kind}_port=(\d+) ", line)[1])

    def run(self, *arguments):
        """Another lovebankd, to its end."""
        return subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8",
                              timeout=PATIENCE_S, env=self.environment(), check=False)

    def verify_offline(self):
        return self.run(str(SERVER), "verify", *self.arguments()[1:])

    def connect(self, **options):
        return Connection(self.socket, **options)

    def cli(self, *arguments, check=True, stdin=None):
        """The command line; its standard output, or with check=False the finished process."""
        done = subprocess.run([str(CLIENT), "--socket", str(self.socket), *map(str, arguments)],
                              capture_output=True, text=True, encoding="utf-8", input=stdin,
                              timeout=PATIENCE_S * 5, env=self.environment(), check=False)
        if not check:
            return done
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def __enter__(self):
        try:
            return self.start() if self.starts else self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                self.stop(signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)


class GuardedServer(Server):
    """One with accounts: `admin`, who has logged in by the time it has started; `token` is of that
    session. Operators and devices are made as they are wanted."""

    access = ()
    LOGIN, PASSWORD = "admin", "rice 和 flour for all"

    def __init__(self, *flags, **options):
        super().__init__(*flags, **options)
        self.code = None  # the one-time code, until it is used
        self.token = None

    def init(self, *flags):
        """`lovebankd init`, and the code that it printed."""
        done = self.run(str(SERVER), "init", *self.arguments()[1:], *flags)
        assert done.returncode == 0, done.stdout + done.stderr
        found = re.findall(r"^    ((?:[0-9A-Z]{4}-){6}[0-9A-Z]{2})$", done.stdout, re.MULTILINE)
        return found[0] if found else None

    def start(self):
        if not self.data_dir.exists():
            self.code = self.init()
        super().start()
        with self.connect() as connection:
            answer = connection.log_in(self.LOGIN, self.code or self.PASSWORD,
                                       self.code and self.PASSWORD)
            assert answer.number(1) == 0, answer
            self.code, self.token = None, answer.bytes(4)
        return self

    def connect_as_admin(self):
        return self.connect(token=self.token)

    def give_role(self, principal, role, org):
        with self.connect_as_admin() as admin:
            admin.do(command(ROLE_SET, (1, principal), (2, message((1, ROLES[role]), (2, org)))))

    def open_operator(self, login, role=None, org=0, member=None):
        """An operator with a one-time code: (number, code)."""
        code, text = one_time_code()
        with self.connect_as_admin() as admin:
            opened = admin.do(command(OPERATOR_OPEN, (1, login), (2, member),
                                      (3, credential(code))))[0]
        if role:
            self.give_role(opened.number(8), role, org)
        return opened.number(8), text

    def open_operator_with_password(self, login, password, **options):
        """The same, but with the password set: the number."""
        number, code = self.open_operator(login, **options)
        with self.connect() as connection:
            answer = connection.log_in(login, code, password)
            assert answer.number(1) == 0, answer
            connection.ask(LOGOUT)
        return number

    def open_device(self, name, role=None, org=0, stands_in=1):
        """A device in an org that there is: (number, token)."""
        token = os.urandom(32)
        with self.connect_as_admin() as admin:
            opened = admin.do(command(DEVICE_OPEN, (1, name), (2, stands_in),
                                      (4, hashlib.sha256(token).digest())))[0]
        if role:
            self.give_role(opened.number(8), role, org)
        return opened.number(8), token


def one_time_code():
    """128 bits, and how they are told to people."""
    code = os.urandom(16)
    bits = int.from_bytes(code, "big") << 2
    letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> at & 31]
                      for at in range(125, -1, -5))
    return code, "-".join(letters[at:at + 4] for at in range(0, len(letters), 4))


def credential(code, expires_ms=1 << 60):
    return message((1, ONE_TIME), (2, hashlib.sha256(code).digest()), (3, expires_ms))


def mount_disk(test, server, size):
    """A small disk in the server's directory; without the right to mount one the test is skipped."""
    disk = server.dir / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)],
                             capture_output=True, check=False)
    if mounted.returncode != 0:
        test.skipTest("mounting a small disk needs a right that is missing here")
    test.addCleanup(subprocess.run, ["umount", "--lazy", str(disk)], check=False)
    return disk
