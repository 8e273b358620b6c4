"""Patterns as DuckDB reads them (RE2), said for Java. What the two do not mean alike is refused, never guessed. Pure."""

from __future__ import annotations

import re

LINES = "(?d)"  # a dot knows no end of a line but \n
SPACE = r"\t\n\f\r "  # Java's \s knows the vertical tab as well
EDGE = r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))"  # of a word of ASCII's letters
POSIX = {
    name.lower(): name for name in "Alpha Digit Alnum Upper Lower Punct Space XDigit Blank Cntrl Graph Print".split()
} | {"ascii": "ASCII"}
ESCAPE = r"\\[pP](?:\{\^?\w+\}|\w)|\\x\{[0-9A-Fa-f]+\}|\\."
PIECES = re.compile(
    rf"(?P<escape>{ESCAPE})|(?P<class>\[\^?\]?(?:{ESCAPE}|\[:\^?[a-z]+:\]|[^]\\])*\])|(?P<group>\(\?[^a-zP:<]?P?[a-z]*[:)<]?)|(?P<end>\$)",
    re.DOTALL,
)
GROUPS = re.compile(r"\(\?(?:P?<|[is]*:|[is]+\))")
NEVER = (r"\B", r"\C", r"\Q", r"\E", r"\v", r"\h", r"\R", r"\X", r"\G", r"\Z")


class NotAlike(Exception):
    """A part of a pattern that the two would read differently."""


def java(pattern: str) -> str:
    """Raises `NotAlike`."""
    return LINES + PIECES.sub(_piece, pattern)


def _piece(found: re.Match[str]) -> str:
    text = found.group()
    if found.lastgroup == "escape":
        return {r"\b": EDGE, r"\s": f"[{SPACE}]", r"\S": f"[^{SPACE}]"}.get(text) or _escape(text)
    if found.lastgroup == "class":
        return _class(text)
    if found.lastgroup == "end":
        return r"\z"
    if not GROUPS.fullmatch(text):
        raise NotAlike(text)
    return text.replace("?P<", "?<")


def _escape(text: str) -> str:
    if text in NEVER:
        raise NotAlike(text)
    script = re.fullmatch(r"\\([pP])\{(\^?)(\w{3,})\}", text)
    turned = script and (script[1] == "P") != bool(script[2])
    return rf"\{'P' if turned else 'p'}{{Is{script[3]}}}" if script else text


def _class(text: str) -> str:
    """Signs in brackets: Java would read brackets within, and `&&`, as classes joined."""
    head = re.match(r"\[\^?\]?", text)[0]  # type: ignore[index]
    inner = re.sub(rf"{ESCAPE}|\[:\^?[a-z]+:\]|&&|\[", _within, text[len(head) : -1], flags=re.DOTALL)
    return f"{head.replace(']', chr(92) + ']')}{inner}]"


def _within(found: re.Match[str]) -> str:
    text = found.group()
    if text == "[":
        return r"\["
    if text in ("&&", r"\b", r"\S"):
        raise NotAlike(text)
    if text.startswith("\\"):
        return SPACE if text == r"\s" else _escape(text)
    turned, name = text[2] == "^", text.strip("[:^]")
    if name == "word":
        return r"\W" if turned else r"\w"
    if name not in POSIX:
        raise NotAlike(text)
    return rf"\{'P' if turned else 'p'}{{{POSIX[name]}}}"
