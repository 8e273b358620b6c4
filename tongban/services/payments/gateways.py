"""What every channel of payment must be able to do, and how its messages are signed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

LONGEST_WAY_S = 900  # a message older than a quarter of an hour is not believed; channels sign anew when they repeat


@dataclass(frozen=True)
class Order:
    """What a channel is asked to take. `return_url` is for the browser, `notify_url` for the channel's own machine."""

    order_no: str
    amount_fen: int
    title: str
    return_url: str
    notify_url: str


@dataclass(frozen=True)
class Outcome:
    """What a channel reports about an order."""

    order_no: str
    paid: bool
    amount_fen: int
    channel_no: str


class Channel(Protocol):
    """One way to pay. `name` is in URLs, `title` is what people read."""

    name: str
    title: str

    def address_to_pay(self, order: Order) -> str:
        """Where the browser goes to pay; raises `ChannelSilent`."""

    def outcome_of(self, message: Mapping[str, str]) -> Outcome:
        """What a callback or a returning browser says; raises `BadSignature`."""

    def asked(self, *, order_no: str, amount_fen: int) -> Outcome:
        """What became of an order, when no callback told (查单): unpaid, also where the channel never saw it. Raises `ChannelSilent`."""

    def give_back(self, *, order_no: str, channel_no: str, refund_no: str, amount_fen: int) -> str:
        """Send money back, answering the channel's number; the same `refund_no` twice pays once. Raises `ChannelSilent`."""


def signature(message: Mapping[str, str], secret: str) -> str:
    """Hexadecimal HMAC-SHA-256 over `name=value` pairs in order of name, joined by `&`; `sign` itself left out."""
    pairs = "&".join(f"{name}={message[name]}" for name in sorted(message) if name != "sign")
    return hmac.new(secret.encode(), pairs.encode(), hashlib.sha256).hexdigest()


def is_genuine(message: Mapping[str, str], secret: str, *, at: float) -> bool:
    """Whether the signature is right and the message fresh at a moment (seconds)."""
    sent = message.get("time", "")
    fresh = sent.isascii() and sent.isdigit() and abs(at - int(sent)) <= LONGEST_WAY_S
    given = message.get("sign", "")
    return fresh and given.isascii() and hmac.compare_digest(signature(message, secret), given)
