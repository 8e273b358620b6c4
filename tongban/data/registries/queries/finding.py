"""Finding records: by the whole key or name; where nobody is told by it, by the beginning of a key or a part of a name as well."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from tongban.data.registries.models import Record, Register
from tongban.data.registries.rules import element_of, folded, pairs_of
from tongban.foundation.audit.actions import record as write_down
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.kernel.statements import planned_anew

from .records import content_of, index_of, mask_said, register_of

KEY_START, MOST = 4, 50  # characters of a key that are enough to look by; records on a page


class Parts:
    """By what parts a register's records are found, as its rules in force say: none when its key is a person's or masked; of names
    when what one searches by is not masked."""

    def __init__(self, register: Register, content: dict[str, Any] | None = None) -> None:
        self.register = register
        said = content_of(register) if content is None else content
        self.key, self.name = (
            element_of(said, name) for name in (said.get("key", {}).get("name", ""), said.get("search", ""))
        )
        self.has = not register.personal and self._is_plain(self.key)

    def _is_plain(self, element: dict[str, Any] | None) -> bool:
        return element is not None and not mask_said(self.register.code, element)

    def of(self, name: str) -> list[int] | None:
        """Fingerprints of a name's pairs of characters; none: this register's records are found whole alone."""
        if not self.has:
            return None
        return [self._mark(pair) for pair in pairs_of(name)] if self._is_plain(self.name) else []

    def _mark(self, pair: str) -> int:
        return (
            int(blind_index(f"{self.register.code}:{pair}")[:8], 16) >> 1
        )  # what two pairs share by chance, `holds` parts

    def holds(self, kept: Record, words: str) -> bool:
        """Whether the words are in its name as they stand, or begin its key: pairs alone may stand in another order."""
        name = kept.values.get((self.name or {}).get("name", ""), {}).get("value", "")
        return folded(words) in folded(str(name)) or kept.key_index.startswith(words.upper())


@transaction.atomic
def found(*, actor: Actor, register: str, words: str, cursor: str = "") -> Page:
    """Records by their whole key, else by their name, for a page that masks them. Encrypted columns are found by fingerprints; persons by
    whole ones alone. Each search is a fact, without its words."""
    one, words = register_of(actor, register), words.strip()
    if not words:
        return Page([])
    rows, parts = Record.objects.filter(register=one.code), Parts(one)
    page = Page(list(rows.filter(key_index=index_of(one, words.upper()))[:1]))
    if not page.rows:
        named = rows.filter(_named(parts, words))
        with planned_anew():
            page = page_of(named, order=["-id"], cursor=cursor, size=MOST)
        page = Page([each for each in page if not parts.has or parts.holds(each, words)], page.next, page.previous)
    data = {"what": one.code, "in_part": parts.has, "rows": len(page)}
    write_down("registries.searched", actor=actor, subject=f"register:{one.code}", data=data)
    return page


def _named(parts: Parts, words: str) -> Q:
    marks = parts.of(words)
    if marks is None:
        return Q(name_index__in={blind_index(words), blind_index(words.upper())})
    by_name = Q(parts__contains=marks) if marks else Q(pk__in=[])
    by_key = Q(key_index__startswith=words.upper()) if len(words) >= KEY_START else Q(pk__in=[])
    return Q(parts__isnull=False) & (by_name | by_key)
