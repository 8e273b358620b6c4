"""The local file store, and the scanner that looks for malicious programs: clamd over its own protocol, or a pretend one that
knows a single test file."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from .errors import ScannerUnavailable

CHUNK = 64 * 1024
# The harmless test file every scanner knows (EICAR), written in two parts so that this source is not taken for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class WholeFiles(FileSystemStorage):
    """A folder in which a file is there whole or not at all, whatever is killed while it is written, and is on the disk when we say so."""

    def _save(self, name: str, content: File) -> str:
        part = self.path(super()._save(f"{name}.{uuid4().hex}.part", content))
        _flush(part)
        os.replace(part, self.path(name))
        _flush(os.path.dirname(part))
        return name


def _flush(path: str) -> None:
    """To the disk: a file's bytes, or a folder's names."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@dataclass(frozen=True)
class Verdict:
    """`found` names what was found; empty: nothing."""

    scanner: str
    found: str = ""


class Scanner(Protocol):
    def scan(self, data: bytes) -> Verdict: ...


class PretendScanner:
    """For development: finds the EICAR test file and nothing else. Never for a city that takes real files."""

    name = "pretend"

    def scan(self, data: bytes) -> Verdict:
        return Verdict(self.name, "Eicar-Test-Signature" if EICAR in data else "")


class ClamdScanner:
    """clamd's INSTREAM: length-prefixed chunks, a zero length, one line back (`stream: OK` or `stream: <name> FOUND`)."""

    name = "clamd"

    def __init__(self, host: str, port: int, timeout: float = 20.0) -> None:
        self.address, self.timeout = (host, port), timeout

    def scan(self, data: bytes) -> Verdict:
        try:
            with socket.create_connection(self.address, timeout=self.timeout) as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), CHUNK):
                    chunk = data[start : start + CHUNK]
                    line.sendall(struct.pack(">I", len(chunk)) + chunk)
                line.sendall(struct.pack(">I", 0))
                answer = self._answer(line)
        except OSError:
            raise ScannerUnavailable from None
        if answer.endswith(" FOUND"):
            return Verdict(self.name, answer.removeprefix("stream: ").removesuffix(" FOUND"))
        if answer == "stream: OK":
            return Verdict(self.name)
        raise ScannerUnavailable  # an error, a size limit, anything we do not know: never taken for clean

    def _answer(self, line: socket.socket) -> str:
        answer = b""
        while not answer.endswith(b"\0") and (part := line.recv(4096)):
            answer += part
        return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def scanner() -> Scanner:
    """The scanner by setting `FILE_SCANNER`: `pretend`, or `clamd://host:port`."""
    if settings.FILE_SCANNER == "pretend":
        return PretendScanner()
    parts = urlsplit(settings.FILE_SCANNER)
    return ClamdScanner(parts.hostname or "127.0.0.1", parts.port or 3310)
