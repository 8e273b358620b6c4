"""What must be provable to a stranger: chains of facts, and files byte for byte."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg.rows import dict_row

FIELDS = ("id", "name", "at", "actor_kind", "actor_id", "person_id", "department_id", "stream", "position", "data")
FACTS = """
select id, name, at, actor_kind, actor_id, person_id, department_id, stream, position, data::text, previous, digest
from audit_fact order by stream, position
"""
FILES = """
select f.id::text, c.sha256, c.size from files_storedfile f join files_content c on c.sha256 = f.content_id
"""
PIECE = 64 * 1024


def _digest(fact: dict[str, Any], previous: str) -> str:
    """As the guide for auditors says: SM3 over the digest before and the fact as canonical JSON."""
    told = {"at": fact["at"].astimezone(UTC).isoformat(), "data": json.loads(fact["data"])}
    content = {name: fact[name] for name in FIELDS} | told
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.new("sm3", previous.encode() + text.encode()).hexdigest()


def chains(link: psycopg.Connection) -> Iterator[tuple[str, str]]:
    """Each stream counts from one without a gap, and each fact's digest is that of itself and the one before."""
    with link.cursor(row_factory=dict_row) as cursor:
        facts = cursor.execute(FACTS).fetchall()
    for stream, chain in itertools.groupby(facts, key=lambda fact: fact["stream"]):
        previous = ""
        for expected, fact in enumerate(chain, 1):
            if fact["position"] != expected:
                yield stream, f"entry {expected} is missing"
                break
            if fact["previous"] != previous or fact["digest"] != _digest(fact, previous):
                yield stream, f"entry {expected} ({fact['name']}) is not what was written"
                break
            previous = fact["digest"]


def _derived(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=salt, info=info).derive(secret)


def _unsealed(lying: bytes, name: str, key: bytes) -> bytes:
    """As docs/operations.md tells: 8 bytes of mark, 16 of key id, 16 of salt; pieces that are counted, the last one marked."""
    if lying[:8] != b"TBFILE1\n":
        raise InvalidTag
    cipher = AESGCM(_derived(_derived(key, None, b"file"), lying[24:40], b"stored file " + name.encode()))
    pieces = [lying[at : at + PIECE + 16] for at in range(40, len(lying), PIECE + 16)]
    nonces = [number.to_bytes(11, "big") + bytes([number == len(pieces) - 1]) for number in range(len(pieces))]
    return b"".join(cipher.decrypt(nonce, piece, None) for nonce, piece in zip(nonces, pieces, strict=True))


def files(link: psycopg.Connection, stored: Path, key: bytes) -> Iterator[tuple[str, str]]:
    """Every file that was taken in lies in the store, sealed and whole. `key`: the house's data key."""
    for file_id, sha256, size in link.execute(FILES):
        name = f"content/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        if not (stored / name).exists():
            yield file_id, "its bytes are not in the store"
            continue
        try:
            plain = _unsealed((stored / name).read_bytes(), name, key)
        except (InvalidTag, ValueError):
            yield file_id, "does not open"
            continue
        if len(plain) != size or hashlib.sha256(plain).hexdigest() != sha256:
            yield file_id, f"{len(plain)} bytes of {size} are in the store, or others"


def logs(written: Iterable[Path], personal: Iterable[str]) -> Iterator[tuple[str, str]]:
    """No line that any process wrote names a person: neither number nor phone nor name, as it is or escaped as JSON does it."""
    ways = {said: {said.encode(), json.dumps(said)[1:-1].encode()} for said in personal}
    for path in written:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if any(way in line for known in ways.values() for way in known):
                    yield f"{path.name}:{number}", "names a person"
