"""Who uses what of the library: published items, drafts under way, and items that ask for the same without using it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from tongban.foundation.drafting.queries import drafts_of
from tongban.foundation.kernel.actors import Actor
from tongban.services.forms.queries import parts
from tongban.services.items.queries import in_force_items

from .drafts import KIND, VERB

MOST_DRAFTS = 200


@dataclass(frozen=True)
class Using:
    """One form that has a copy: of which version, and what it is called there."""

    name: str
    url: str
    version: int
    title: str
    is_draft: bool


@dataclass
class Uses:
    """The forms of the city, read once, asked part by part."""

    using: dict[str, list[Using]] = field(default_factory=dict)
    contents: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def of(self, key: str) -> list[Using]:
        return self.using.get(key, [])

    def alike(self, part: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
        """Published items with a group of their own that asks for what this part asks for: (name, address, groups)."""
        found = [(name, url, parts.likenesses(content, part)) for name, url, content in self.contents]
        return [(name, url, titles) for name, url, titles in found if titles]


def library_uses(actor: Actor) -> Uses:
    """Every use, in published items and in the drafts this official may see. Four queries, whatever the library holds."""
    uses = Uses()
    for name, url, content, is_draft in _forms(actor):
        for key, version, title in parts.origins(content):
            uses.using.setdefault(key, []).append(Using(name, url, version, title, is_draft))
        if not is_draft:
            uses.contents.append((name, url, content))
    return uses


def _forms(actor: Actor) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
    for version in in_force_items():
        yield version.content["task_name"], f"/items/{version.item.code}/", version.content, False
    for draft in drafts_of(actor, KIND, verb=VERB, state="open", size=MOST_DRAFTS, whole=True):
        yield draft.title, reverse("authoring-form", args=[draft.pk]), draft.content, True
