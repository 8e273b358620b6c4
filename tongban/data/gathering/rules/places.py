"""What must be said of a source of each kind so that it can be reached. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 500


@dataclass(frozen=True)
class Field:
    """One thing to say; a secret one is kept encrypted and never shown again."""

    name: str
    required: bool = True
    secret: bool = False


HOST, PORT = Field("host"), Field("port", required=False)
ACCOUNT = (Field("user", required=False, secret=True), Field("password", required=False, secret=True))
FIELDS: Mapping[str, Sequence[Field]] = {
    "postgresql": (HOST, PORT, Field("dbname"), *ACCOUNT),
    "mysql": (HOST, PORT, Field("database"), *ACCOUNT),
    "sqlite": (Field("path"),),
    "files": (Field("folder", required=False),),
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
    faults += [("long", name) for name, value in told.items() if len(value) > LONGEST]
    faults += [("port", "port")] if told.get("port") and not _is_port(told["port"]) else []
    faults += [("host", "host")] if told.get("host") and not inside and not _is_host(told["host"]) else []
    return faults


def _is_port(text: str) -> bool:
    return text.isdecimal() and text.isascii() and 0 < int(text[:6]) < 65536


def _is_host(text: str) -> bool:
    """One name or address: no folder of a socket, no list of several."""
    return not set(text) & set("/\\@, \t\n'\"%")
