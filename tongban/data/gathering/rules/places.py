"""What must be said of a source of each kind so that it can be reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LONGEST, LONGEST_FILE = 500, 10_000
PROOFS = ("password", "key")  # of a secret: what proves who one is
ADDRESS = ("host", "port", "url", "token_url", "host_key")  # where it is said


@dataclass(frozen=True)
class Field:
    """One thing to say; a secret one is kept encrypted and never shown again."""

    name: str
    required: bool = True
    secret: bool = False
    choices: Sequence[str] = ()
    lines: bool = False  # several lines of it: a file's whole contents


# Of an interface: what was chosen → what must then be said as well.
THEN: Mapping[tuple[str, str], Sequence[str]] = {
    ("paging", "page"): ("page_name",),
    ("paging", "offset"): ("page_name",),
    ("paging", "cursor"): ("page_name", "next"),
    ("paging", "next"): ("next",),
    ("auth", "oauth"): ("token_url",),
}
SECRET = re.compile(
    r"key|token|secret|passw|pwd|sign", re.I
)  # in the name of a parameter: what follows would be read by all
MARK = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")  # how OpenSSH tells a key of a server
HOST, PORT = Field("host"), Field("port", required=False)
ACCOUNT = (Field("user", required=False, secret=True), Field("password", required=False, secret=True))
FIELDS: Mapping[str, Sequence[Field]] = {
    "postgresql": (HOST, PORT, Field("dbname"), *ACCOUNT),
    "mysql": (HOST, PORT, Field("database"), *ACCOUNT),
    "sqlite": (Field("path"),),
    "files": (Field("folder", required=False),),
    "sftp": (
        HOST,
        PORT,
        Field("folder", required=False),
        Field("host_key", required=False),
        Field("user", secret=True),
        Field("password", required=False, secret=True),
        Field("key", required=False, secret=True, lines=True),
    ),
    "s3": (
        Field("url"),
        Field("bucket"),
        Field("folder", required=False),
        Field("region", required=False),
        *ACCOUNT,
    ),
    "api": (
        Field("url"),
        Field("list", required=False),
        Field("paging", required=False, choices=("", "page", "offset", "cursor", "next")),
        Field("page_name", required=False),
        Field("next", required=False),
        Field("size_name", required=False),
        Field("size", required=False),
        Field("auth", required=False, choices=("", "key", "basic", "bearer", "oauth")),
        Field("header", required=False),
        Field("token_url", required=False),
        *ACCOUNT,
    ),
}


def place_faults(
    kind: str, place: Mapping[str, Any], secret: Mapping[str, Any], *, inside: bool = False
) -> list[tuple[str, str]]:
    """Everything wrong with how a source is reached, as (code, field). `inside`: a socket of this machine will do for a host."""
    fields = FIELDS.get(kind)
    if fields is None:
        return [("kind", "kind")]
    open_ones = {one.name for one in fields if not one.secret}
    secrets = {one.name for one in fields if one.secret}
    told = {name: str(value or "").strip() for name, value in {**place, **secret}.items()}
    faults = [("missing", one.name) for one in fields if one.required and not told.get(one.name)]
    faults += [("secret" if name in secrets else "unknown", name) for name in place if name not in open_ones]
    faults += [("unknown", name) for name in secret if name not in secrets]
    longest = {one.name: LONGEST_FILE if one.lines else LONGEST for one in fields}
    faults += [("long", name) for name, value in told.items() if len(value) > longest.get(name, LONGEST)]
    faults += [("port", "port")] if told.get("port") and not _is_port(told["port"]) else []
    faults += [("host", "host")] if told.get("host") and not inside and not _is_host(told["host"]) else []
    faults += [("choice", one.name) for one in fields if one.choices and told.get(one.name, "") not in one.choices]
    return [*faults, *OWN_FAULTS[kind](told)] if kind in OWN_FAULTS else faults


def kept_secret(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a secret that was changed in part: an empty field keeps what there was, a new password also ends an old key."""
    typed = {name: value for name, value in said.items() if value}
    ends = set(PROOFS) if set(PROOFS) & set(typed) else set()
    return {**{name: value for name, value in before.items() if name not in ends}, **typed}


def said_anew(before: Mapping[str, str], said: Mapping[str, str]) -> bool:
    """Whether nothing that proves who one is would be carried over."""
    return not any(before.get(name) for name in PROOFS) or any(said.get(name) for name in PROOFS)


def is_elsewhere(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a source would be asked at another address, or be believed to be another server."""
    return any(str(before.get(name, "")) != str(now.get(name, "")) for name in ADDRESS)


def _interface_faults(told: Mapping[str, str]) -> list[tuple[str, str]]:
    wanted = [name for (field, choice), names in THEN.items() if told.get(field) == choice for name in names]
    faults = [("missing", name) for name in wanted if not told.get(name)]
    faults += [("missing", "size")] if told.get("size_name") and not told.get("size") else []
    faults += [("url", name) for name in ("url", "token_url") if told.get(name) and not _is_url(told[name])]
    faults += [("number", "size")] if told.get("size") and not _is_number(told["size"]) else []
    faults += (
        [("header", "header")] if told.get("header") and not re.fullmatch(r"[A-Za-z0-9-]+", told["header"]) else []
    )
    return faults


def _sftp_faults(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """A key of the server that is said must look like one; without, the first test tells it."""
    return (
        [("host_key", "host_key")] if any(not MARK.fullmatch(one) for one in told.get("host_key", "").split()) else []
    )


def _bucket_faults(told: Mapping[str, str]) -> list[tuple[str, str]]:
    url = told.get("url", "")
    return [("server", "url")] if url and (not _is_url(url) or urlsplit(url).path.strip("/") or "?" in url) else []


OWN_FAULTS = {"api": _interface_faults, "sftp": _sftp_faults, "s3": _bucket_faults}


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and 0 < int(text[:7]) <= 100_000


def _is_url(text: str) -> bool:
    """A whole address in which nothing secret stands."""
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text and "@" not in parts.netloc
    hidden = any(SECRET.search(name) for name, _value in parse_qsl(parts.query))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and not hidden and not parts.fragment


def _is_port(text: str) -> bool:
    return text.isdecimal() and text.isascii() and 0 < int(text[:6]) < 65536


def _is_host(text: str) -> bool:
    """One name or address: no folder of a socket, no list of several."""
    return not set(text) & set("/\\@, \t\n'\"%")
