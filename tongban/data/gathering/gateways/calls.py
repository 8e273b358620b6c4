"""Calls to a department's interface: the address looked at is the one that is called, no redirect is followed, no answer is endless."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import sleep
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceUnreadable
from tongban.foundation.kernel.errors import Reason

from .reach import address_of

SECONDS = 30  # for one answer's next piece
LARGEST = 64 << 20  # bytes of one answer
PATIENCE = 120  # seconds that one page may be asked to wait in all
TRIES = 4
BUSY = (429, 503)
TOLD: Mapping[str, tuple[Any, str]] = {
    "timeout": (_("等不到对方应答：网络不通，或被防火墙拦住，请对方开通。"), "url"),
    "refused": (_("这个地址上没有接口应答，请核对，并请对方确认服务已启动。"), "url"),
    "certificate": (_("对方的证书不被信任，没有连接。请对方换上有效的证书。"), "url"),
    "password": (_("对方不认这个账号、口令或密钥，请核对，或请对方重新开通。"), "auth"),
    "redirect": (_("接口转到了别的地址，平台不跟过去。请直接填最后的地址。"), "url"),
    "not_found": (_("对方没有这个接口，请核对地址。"), "url"),
    "busy": (_("对方请求太多，要求过后再来。已经读到的都在，过一会儿会接着读。"), ""),
    "broken": (_("对方的接口出了错，请对方检查。已经读到的都在，过一会儿会接着读。"), ""),
    "too_big": (_("接口一次返回超过64MB，请把每页的行数改小。"), "size"),
    "not_json": (_("接口返回的不是 JSON，请核对地址。"), "url"),
}


def away(code: str) -> SourceAway:
    return SourceAway(reasons=[Reason(code, TOLD[code][0], TOLD[code][1])])


def unreadable(code: str) -> SourceUnreadable:
    return SourceUnreadable(reasons=[Reason(code, TOLD[code][0], TOLD[code][1])])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def answer_of(url: str, headers: Mapping[str, str], *, form: bytes | None = None) -> Any:
    """What the interface says, as JSON whose numbers are kept as they were written. Waits when it is asked to, up to `PATIENCE`."""
    waited = 0.0
    for attempt in range(TRIES):
        found = _called(urlsplit(url), headers, form)
        if found.status not in BUSY:
            break
        wait = _asked_to_wait(found, attempt)
        if attempt == TRIES - 1 or waited + wait > PATIENCE:
            raise away("busy")
        sleep(wait)
        waited += wait
    if found.status != 200:
        raise _refusal(found.status)
    try:
        return json.loads(found.body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise unreadable("not_json") from None


def _refusal(status: int) -> SourceAway | SourceUnreadable:
    if 300 <= status < 400:
        return away("redirect")
    if status in (401, 403, 407):
        return away("password")
    return unreadable("not_found") if status in (404, 405, 410) else away("broken")


def _asked_to_wait(found: Answer, attempt: int) -> float:
    """`Retry-After` in seconds; a date or nothing said: 1, 2, 4 …"""
    said = found.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdecimal() and len(said) < 7 else float(2**attempt)


def _called(url: SplitResult, headers: Mapping[str, str], form: bytes | None) -> Answer:
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    way = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        way.sock = _socket(address_of(host, port) or host, port, host if url.scheme == "https" else "")
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        asked = {"Accept": "application/json", "Accept-Encoding": "identity", "Host": url.netloc, **kind, **headers}
        target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
        way.request("GET" if form is None else "POST", target, form, asked)
        said = way.getresponse()
        body = said.read(LARGEST + 1)
    except ssl.SSLCertVerificationError:
        raise away("certificate") from None
    except TimeoutError:
        raise away("timeout") from None
    except (OSError, http.client.HTTPException):
        raise away("refused") from None
    finally:
        way.close()
    if len(body) > LARGEST:
        raise unreadable("too_big")
    return Answer(said.status, {name.lower(): value for name, value in said.getheaders()}, body)


def _socket(address: str, port: int, name: str) -> socket.socket:
    """To the address that was looked at; `name`: whose certificate it must show, empty: none."""
    plain = socket.create_connection((address, port), timeout=SECONDS)
    return ssl.create_default_context().wrap_socket(plain, server_hostname=name) if name else plain
