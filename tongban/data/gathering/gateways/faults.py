"""What a source answers when it does not give its rows, in our words: its own may hold the password or somebody's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from typing import Any

import duckdb
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceUnreadable
from tongban.foundation.kernel.durable import is_full
from tongban.foundation.kernel.errors import Reason

AWAY = (duckdb.IOException, duckdb.ConnectionException, duckdb.PermissionException, duckdb.HTTPException)
# What servers say when one cannot come in → (field, sentence). The first that fits is told.
SAID: tuple[tuple[str, re.Pattern[str], str, Any], ...] = (
    ("locked", re.compile(r"lock wait timeout|lock timeout|database is locked|database table is locked", re.I),
     "", _("对方正锁着这张表，等不到。已经读到的都在，过一会儿会接着读。")),
    ("password", re.compile(r"password authentication failed|access denied for user|role .* does not exist|not permitted|no passw", re.I),
     "password", _("对方不认这个账号或口令，请核对，或请对方重新开通。")),
    ("not_admitted", re.compile(r"pg_hba|not allowed to connect|is blocked", re.I),
     "host", _("对方的数据库不允许本平台的地址访问，请对方开通。")),
    ("database", re.compile(r"database .* does not exist|unknown database", re.I),
     "dbname", _("对方没有这个库，请核对库名。")),
    ("host", re.compile(r"translate host name|unknown .*host|name or service|resolve", re.I),
     "host", _("找不到这台主机，请核对主机名或地址。")),
    ("refused", re.compile(r"refused|can.t connect|no such file or directory", re.I),
     "port", _("这台主机的这个端口上没有数据库应答，请核对端口，并请对方确认服务已启动。")),
    ("timeout", re.compile(r"timeout|timed out|no route|unreachable", re.I),
     "host", _("等不到对方应答：网络不通，或被防火墙拦住，请对方开通。")),
    ("not_a_database", re.compile(r"not a database|file is encrypted|unable to open database", re.I),
     "path", _("这个文件不是 SQLite 数据库，或者设了密码。")),
    ("gone", re.compile(r"terminat|closed the connection|gone away|lost connection|reset by peer|shutting down", re.I),
     "", _("读到一半对方断开了。已经读到的都在，会从断开的地方接着读。")),
    ("rights", re.compile(r"permission denied|denied to user", re.I),
     "user", _("这个账号没有读这张表的权限，请对方授权。")),
)  # fmt: skip
PASSING = ("locked", "gone", "rights")  # whatever kind of error they come as
MISSING = re.compile(r"unknown column|no such column|no such table|table .* doesn't exist", re.I)
MALFORMED = "Invalid Input Error: Malformed JSON"  # DuckDB counts one more than there are (tried)
ENTRY = re.compile(r"in record/value (\d+)")
LINE = re.compile(r"(?:CSV Error on |at |on )?line:?\s*(\d+)", re.I)


@contextmanager
def told() -> Iterator[None]:
    """What DuckDB says of a source in our words, with what fits of `SAID`."""
    try:
        yield
    except duckdb.Error as fault:
        if is_full(fault):  # it is our own disk that a part is written to
            raise OSError(ENOSPC, "") from None
        text, kind = str(fault), type(fault)
        reasons = _reasons(text)
        passing = any(reason.code in PASSING for reason in reasons)
        # SQLite's come as plain errors.
        if passing or (not MISSING.search(text) and (isinstance(fault, AWAY) or (kind is duckdb.Error and reasons))):
            raise SourceAway(reasons=reasons, said=kind.__name__) from None
        raise SourceUnreadable(reasons=_where(text), said=kind.__name__) from None


def _reasons(text: str) -> list[Reason]:
    found = next(((code, field, said) for code, way, field, said in SAID if way.search(text)), None)
    return [Reason(found[0], found[2], found[1])] if found else []


def _where(text: str) -> list[Reason]:
    said = text.split("\n\nLINE ")[0]  # what follows stands in our own statement
    beyond = 1 if said.startswith(MALFORMED) else 0
    entry, line = ENTRY.search(said), LINE.search(said)
    if entry:
        return [Reason("line", _("第%(number)s条读不出来。") % {"number": int(entry[1]) - beyond}, "")]
    return [Reason("line", _("第%(line)s行读不出来。") % {"line": int(line[1]) - beyond}, "")] if line else []
