"""One player's connection: every request that changes something is in the ledger before it leaves and after it was answered."""

from __future__ import annotations

import contextlib
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from .ledger import ACKNOWLEDGED, REFUSED, UNKNOWN, Ledger, Request
from .town import Person

CSRF = "c" * 32
PATIENCE = 30  # seconds for an answer; then it is unknown
ATTEMPTS = 40  # of one key, as a department's system would go on asking


@dataclass(frozen=True)
class Answer:
    status: int  # 0: none came
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        return json.loads(self.body)


NOTHING = Answer(0)


class Client:
    """Speaks for one person. `ask` reads and is not written down; `do` is."""

    def __init__(self, person: Person, port: int, ledger: Ledger, rng: random.Random, over: threading.Event) -> None:
        self.person, self.rng, self.over = person, rng, over
        self._port, self._ledger = port, ledger
        self._line: HTTPConnection | None = None
        self._marks = 0

    def mark(self) -> str:
        """Words nobody else writes."""
        self._marks += 1
        return f"{self.person.name} {self._marks:05}"

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # -- reading

    def ask(self, path: str) -> Answer:
        return self._send("GET", path)

    def cases(self, **filters: Any) -> list[dict[str, Any]]:
        answer = self.ask(f"/api/v1/cases?{urlencode({'size': 50, **filters})}")
        return list(answer.json()["items"]) if answer.status == 200 else []

    def ids(self, path: str, pattern: str) -> list[str]:
        """What a page links to."""
        return sorted(set(re.findall(pattern, self.ask(path).text)))

    # -- doing

    def put(self, path: str, body: Any) -> bool:
        """Something that may be said any number of times, until it is heard; whether it was."""
        content, kind = _content(body, form=False)
        for _ in range(5):
            answer = self._send("PUT", path, content, {"Content-Type": kind, "X-CSRFToken": CSRF})
            if answer.status and answer.status < 500:
                return answer.status == 200
        return False

    def do(self, act: str, path: str, body: Any = None, *, verb: str = "POST", form: bool = False,
           raw: tuple[bytes, str] | None = None, **what: Any) -> Request:  # fmt: skip
        """One act: written down, sent, written down. With a `key` it is sent again while its outcome is unknown; mostly."""
        content, kind = raw or _content(body, form)
        headers = {"Content-Type": kind, "X-CSRFToken": CSRF}
        if what.get("key"):
            headers["Idempotency-Key"] = what["key"]
        insists = bool(what.get("key")) and self.chance(0.8)
        for attempt in range(ATTEMPTS):
            request = self._ledger.sent(who=self.person.name, by=self.person.account_id, act=act, **what)
            answer = self._send(verb, path, content, headers)
            self._ledger.answered(request, *_outcome(answer, form))
            if request.outcome != UNKNOWN or not insists or self.over.is_set():
                break
            time.sleep(min(2.0, 0.1 * 2**attempt) * self.rng.random())
        return request

    def _send(self, verb: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        try:
            if self._line is None:
                self._line = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            cookies = {"Cookie": f"sessionid={self.person.session}; csrftoken={CSRF}"}
            self._line.request(verb, path, content, {**cookies, **(headers or {})})
            got = self._line.getresponse()
            return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        except (OSError, HTTPException):
            self._hang_up()
            self.over.wait(0.2 + self.rng.random() / 2)  # people do not press a dead button twenty times a second
            return NOTHING

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            if self._line is not None:
                self._line.close()
        self._line = None


def _content(body: Any, form: bool) -> tuple[bytes, str]:
    if form:
        return urlencode(body or {}, doseq=True).encode(), "application/x-www-form-urlencoded"
    return json.dumps(body, ensure_ascii=False).encode(), "application/json"


def _outcome(answer: Answer, form: bool) -> tuple[str, int, dict[str, Any]]:
    """A form that is shown again (200) was refused; one that was taken leads elsewhere."""
    status = answer.status
    if 300 <= status < 400:
        return ACKNOWLEDGED, status, {"location": answer.headers.get("location", "")}
    if 200 <= status < 300:
        return (REFUSED, status, {}) if form else (ACKNOWLEDGED, status, _told(answer))
    return (REFUSED, status, {"code": _code(answer)}) if 400 <= status < 500 else (UNKNOWN, status, {})


def _told(answer: Answer) -> dict[str, Any]:
    """The few things of an answer that the checker compares."""
    if "json" not in answer.headers.get("content-type", ""):
        return {}
    told = answer.json()
    wanted = ("id", "project_no", "state", "result", "certificate_no", "replayed")
    return {name: told[name] for name in wanted if name in told} | (
        {"licence": told["decision"]["certificate_identifier"]} if told.get("decision") else {}
    )


def _code(answer: Answer) -> str:
    with contextlib.suppress(ValueError, AttributeError):
        return str(answer.json().get("code", ""))
    return ""
