"""The wire between clients and the house: a TCP proxy that can be told to cut connections in the middle of a request."""

from __future__ import annotations

import contextlib
import random
import re
import select
import socket
import struct
import threading

BEFORE, WITHIN, AFTER, IN_THE_ANSWER = "before", "within", "after", "in the answer"
PLACES = (BEFORE, WITHIN, AFTER, IN_THE_ANSWER)
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of nothing: the other side sees the connection torn, not ended
CHUNK = 65536
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Cut(Exception):
    """This connection is torn here."""


class Gate:
    """Listens on a free port and passes everything on. `cutting` is the share of requests whose connection is cut."""

    def __init__(self, port: int, rng: random.Random) -> None:
        self.house, self.cutting, self.cuts = ("127.0.0.1", port), 0.0, 0
        self._rng, self._open = rng, True
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._open = False
        self._door.close()

    def _listen(self) -> None:
        while self._open:
            with contextlib.suppress(OSError):
                client, _address = self._door.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """One connection, to its end or its cut."""
        try:
            house = socket.create_connection(self.house, 5)
        except OSError:
            _tear(client)
            return
        end = socket.socket.close
        try:
            while self._passed_on(client, house):
                pass
        except (OSError, Cut):
            end = _tear
        for side in (client, house):
            end(side)

    def _passed_on(self, client: socket.socket, house: socket.socket) -> bool:
        ready, _, _ = select.select([client, house], [], [], 60)
        for side in ready:
            if not (data := side.recv(CHUNK)):
                return False
            if side is house:
                client.sendall(data)
            else:
                self._request(_whole(data, client), client, house)
        return bool(ready)

    def _request(self, data: bytes, client: socket.socket, house: socket.socket) -> None:
        """Pass a request on, unless it is one to cut."""
        if self._rng.random() >= self.cutting:
            house.sendall(data)
            return
        self.cuts += 1
        place = self._rng.choice(PLACES)
        if place == WITHIN:
            house.sendall(data[: len(data) // 2])
        elif place in (AFTER, IN_THE_ANSWER):
            house.sendall(data)
        if place == IN_THE_ANSWER:
            house.settimeout(20)
            client.sendall(house.recv(CHUNK)[:100])
        raise Cut


def _whole(data: bytes, client: socket.socket) -> bytes:
    """A request from its first piece to the end of its body: headers and body come in pieces."""
    while b"\r\n\r\n" not in data:
        data += _more(client)
    head, _, body = data.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        piece = _more(client)
        data, missing = data + piece, missing - len(piece)
    return data


def _more(client: socket.socket) -> bytes:
    if not (piece := client.recv(CHUNK)):
        raise Cut
    return piece


def _tear(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    side.close()
