"""The scanner that looks for malicious programs: clamd over its own protocol, or a pretend one that knows a single test file."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from tongban.foundation.files.errors import ScannerUnavailable

CHUNK = 64 * 1024
# The harmless test file every scanner knows (EICAR), written in two parts so that this source is not taken for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


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
