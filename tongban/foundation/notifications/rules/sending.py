"""How a message is worded, and by which ways it goes out besides the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tongban.foundation.kernel.masks import mask_email, mask_phone

SITE, SMS, EMAIL = "site", "sms", "email"
WAYS_OUT = (SMS, EMAIL)
MOST_ATTEMPTS = 28  # with the waits of `tasks`, about a day: a later SMS would only confuse

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SENTENCES = ("title", "body", "sms", "email")


def words_asked_for(content: Mapping[str, Any]) -> set[str]:
    """Every `{word}` that the sentences of a template need filled."""
    return {word for part in _SENTENCES for word in _PLACEHOLDER.findall(content.get(part) or "")}


def fill(sentence: str, words: Mapping[str, Any]) -> str:
    """The sentence with each `{word}` filled; one that is not given is left out, so that nobody reads braces."""
    return _PLACEHOLDER.sub(lambda found: str(words.get(found[1], "") or ""), sentence or "").strip()


def faults_of(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with a template's content: codes `title_missing`, `body_missing`, `unknown_way`, `sms_too_long`."""
    ways = content.get("ways") or []
    faults = {
        "title_missing": not content.get("title"),
        "body_missing": not content.get("body"),
        "unknown_way": bool(set(ways) - set(WAYS_OUT)),
        "sms_too_long": len(content.get("sms") or "") > 200,  # three parts of a long SMS
    }
    return [code for code, wrong in faults.items() if wrong]


def ways_out(content: Mapping[str, Any], unwanted: Iterable[str]) -> list[str]:
    """By which ways, besides the site, a message goes out: what its template offers, less what the person declined.

    A template that `must` go out (a legal notice) is sent whatever the person prefers.
    """
    declined = set() if content.get("must") else set(unwanted)
    return [way for way in content.get("ways") or [] if way not in declined]


def masked_address(way: str, address: str) -> str:
    """As an operator may see it."""
    return mask_phone(address) if way == SMS else mask_email(address)
