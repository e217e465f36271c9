# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A few calls of libpq, by ctypes: tests need the standard library alone. A connection belongs to one
thread; others run while it waits.
"""

import ctypes

_pq = ctypes.CDLL("libpq.so.5")
_NOTICE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
for _name, _result in (("PQconnectdb", ctypes.c_void_p), ("PQerrorMessage", ctypes.c_char_p),
                       ("PQexecParams", ctypes.c_void_p), ("PQgetvalue", ctypes.c_char_p),
                       ("PQresultErrorField", ctypes.c_char_p),
                       ("PQsetNoticeProcessor", ctypes.c_void_p)):
    getattr(_pq, _name).restype = _result

CONNECTION_OK, COMMAND_OK, TUPLES_OK = 0, 1, 2
SQLSTATE = ord("C")


class DatabaseError(Exception):
    def __init__(self, message, state=None):
        super().__init__(message.strip())
        self.state = state


class Database:
    """`notices` are those since the last call that took them."""

    def __init__(self, conninfo):
        self.notices = []
        self.connection = ctypes.c_void_p(_pq.PQconnectdb(conninfo.encode()))
        if _pq.PQstatus(self.connection) != CONNECTION_OK:
            message = self.message()
            self.close()
            raise DatabaseError(message)
        self.processor = _NOTICE(lambda _, text: self.notices.append(text.decode("utf-8", "replace")))
        _pq.PQsetNoticeProcessor(self.connection, self.processor, None)

    def message(self):
        return (_pq.PQerrorMessage(self.connection) or b"").decode("utf-8", "replace")

    def query(self, sql, *values):
        """The rows, as tuples of texts."""
        texts = (ctypes.c_char_p * len(values))(*(str(value).encode() for value in values))
        result = ctypes.c_void_p(_pq.PQexecParams(self.connection, sql.encode(), len(values), None,
                                                  texts, None, None, 0))
        try:
            if _pq.PQresultStatus(result) not in (COMMAND_OK, TUPLES_OK):
                state = _pq.PQresultErrorField(result, SQLSTATE)
                raise DatabaseError(self.message(), state and state.decode())
            return [tuple(_pq.PQgetvalue(result, row, column).decode()
                          for column in range(_pq.PQnfields(result)))
                    for row in range(_pq.PQntuples(result))]
        finally:
            _pq.PQclear(result)

    def take_notices(self):
        found, self.notices = self.notices, []
        return found

    def close(self):
        if self.connection:
            _pq.PQfinish(self.connection)
            self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
