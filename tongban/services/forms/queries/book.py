"""The address book (我的地址簿) of him who fills in a form: what stands there for a field that asks for an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import addresses_of
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.services.forms.rules.posting import Post, field_at
from tongban.services.forms.rules.structure import plan_of

from .offers import taken
from .places import Places


@dataclass(frozen=True)
class Entry:
    """One address as a form may take it over; `words` is how it is written on a letter."""

    id: str
    label: str
    words: str
    name: str
    phone: str
    postcode: str
    division: str
    detail: str
    as_of: str
    is_default: bool

    @property
    def value(self) -> dict[str, str]:
        return {"division": self.division, "detail": self.detail}

    def known(self, part: str = "value") -> dict[str, Any]:
        """Part of it as `prefill` knows values: with source and day. `own`: no register says so, nobody need be told of a mistake."""
        source = _("我的地址簿（%(label)s）") % {"label": self.label}
        return {"value": getattr(self, part), "source": source, "as_of": self.as_of, "stale": False, "own": True}


def address_book(actor: Actor) -> list[Entry]:
    """The acting person's or company's own addresses, the default first. Nothing for a member of staff."""
    rows = addresses_of(actor)
    places = Places([row.division for row in rows])
    return [
        Entry(
            id=str(row.pk),
            label=row.label,
            words=places.words({"division": row.division, "detail": row.detail}),
            name=row.name,
            phone=row.phone,
            postcode=row.postcode,
            division=row.division,
            detail=row.detail,
            as_of=row.changed_at.astimezone(SHANGHAI).date().isoformat(),
            is_default=row.is_default,
        )
        for row in rows
    ]


def asks_for_addresses(form: dict[str, Any]) -> bool:
    """Outside rows: there stand others' addresses."""
    return any(item.type == "address" for item in plan_of(form).fields.values())


def picked(
    actor: Actor, form: dict[str, Any], post: Post, *, purpose: str = "", case_no: str = ""
) -> dict[str, dict[str, Any]]:
    """`{path: known}` of the address that was taken by a button, from the book (`pick:<path>:<id>`) or of the standard ones
    (`take:<path>:<code>`, a fact with purpose and case); else nothing. In a row stand others' addresses: there the book is none."""
    verb, path, wanted = [*str(post.get("_do") or "").split(":", 2), "", ""][:3]
    item = field_at(form, path)
    if verb not in ("pick", "take") or not wanted or item is None or item.type != "address":
        return {}
    if "." in path and (verb == "pick" or f"{path}.detail" not in post):  # a row that did not stand on the page
        return {}
    if verb == "take":
        return taken(actor, path, wanted, purpose=purpose, case_no=case_no)
    found = next((entry for entry in address_book(actor) if entry.id == wanted), None)
    return {path: found.known()} if found else {}
