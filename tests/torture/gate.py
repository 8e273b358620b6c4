"""The wire between clients and the house: a TCP proxy that can be told to cut connections in the middle of a request."""

from __future__ import annotations

import contextlib
import random
import select
import socket
import struct
import threading

BEFORE, WITHIN, AFTER, IN_THE_ANSWER = "before", "within", "after", "in the answer"
PLACES = (BEFORE, WITHIN, AFTER, IN_THE_ANSWER)
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of nothing: the other side sees the connection torn, not ended
CHUNK = 65536


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
        with contextlib.suppress(OSError):
            while self._passed_on(client, house):
                pass
        for side in (client, house):
            _tear(side)

    def _passed_on(self, client: socket.socket, house: socket.socket) -> bool:
        ready, _, _ = select.select([client, house], [], [], 60)
        for side in ready:
            if not (data := side.recv(CHUNK)):
                return False
            if side is house:
                client.sendall(data)
            elif not self._request(data, client, house):
                return False
        return bool(ready)

    def _request(self, data: bytes, client: socket.socket, house: socket.socket) -> bool:
        """Pass a request (or a piece of one) on; False when it is the one to cut."""
        if self._rng.random() >= self.cutting:
            house.sendall(data)
            return True
        self.cuts += 1
        place = self._rng.choice(PLACES)
        if place == WITHIN:
            house.sendall(data[: len(data) // 2])
        elif place in (AFTER, IN_THE_ANSWER):
            house.sendall(data)
        if place == IN_THE_ANSWER:
            house.settimeout(20)
            client.sendall(house.recv(CHUNK)[:100])
        return False


def _tear(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    side.close()
