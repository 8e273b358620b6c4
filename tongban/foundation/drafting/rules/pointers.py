"""JSON pointers (RFC 6901): `/materials/0/name`, with `~0` for a tilde and `~1` for a slash."""

from __future__ import annotations

from collections.abc import Sequence

EVERY = "*"  # in a mark: every place of a list whose rows moved
END = "-"  # in an operation: after the last row


def tokens_of(pointer: str) -> tuple[str, ...]:
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(pointer)
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def pointer_of(tokens: Sequence[str]) -> str:
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def is_place(token: str) -> bool:
    """Whether a token may count rows of a list: `0`, `12`, never `01`."""
    return token.isascii() and token.isdigit() and (len(token) == 1 or not token.startswith("0"))


def overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one path is, or lies within, the other; `*` stands for any row."""
    return all(
        a == b or (a == EVERY and is_place(b)) or (b == EVERY and is_place(a)) for a, b in zip(one, other, strict=False)
    )
