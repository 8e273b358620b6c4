"""Standard addresses follow the address register, and are read for a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from tongban.data.places.errors import ReadingRefused
from tongban.data.places.gateways import put_addresses
from tongban.data.places.models import Address
from tongban.data.places.queries import ADDRESSES, text_of
from tongban.data.places.rules import IN_CHINA, PARTS, code_of_twelve, line_of
from tongban.data.places.rules.addresses import plain
from tongban.data.registries.queries import changed_since
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotSignedIn, Reason
from tongban.foundation.kernel.lookup import find

FOLLOW = "places.follow_addresses"
BACK = timedelta(minutes=5)  # what was committed late is looked at again
AT_ONCE = 2_000
NEEDED = {"purpose": _("请写明读取的目的。"), "case_no": _("请写明为哪个办件读取。")}


def follow_addresses(*, anew: bool = False) -> int:
    """Lay out what the address register says since the last time (`anew`: all of it); how many addresses. May run twice harmlessly."""
    last = None if anew else Address.objects.aggregate(last=Max("known_at"))["last"]
    waiting: dict[str, Address] = {}
    done = 0
    for kept in changed_since(ADDRESSES, last - BACK if last else None):
        waiting[kept.key] = _laid_out(kept)
        if len(waiting) >= AT_ONCE:
            done += put_addresses(list(waiting.values()))
            waiting.clear()
    return done + put_addresses(list(waiting.values()))


def _laid_out(kept: Any) -> Address:
    said = {
        name: str(entry["value"] or "") for name, entry in kept.values.items() if not isinstance(entry["value"], dict)
    }
    parts = {
        part: plain(said.get(part, ""))[: 60 if part in ("road", "estate") else 20].removesuffix(
            "号" if part == "number" else "\0"
        )
        for part in PARTS
    }
    lon, lat = _position(kept.values.get("position", {}).get("value"))
    state = "gone" if not kept.held else "ended" if said.get("state") in ("注销", "ended") else "in_use"
    return Address(
        code=kept.key[:40], record_id=kept.record_id, division=code_of_twelve(said.get("division", "")[:12]), text=line_of(parts)[:300],
        former=plain(said.get("former", ""))[:60], state=state, lon=lon, lat=lat, known_at=kept.known_at, **parts,
    )  # fmt: skip


def _position(value: Any) -> tuple[float | None, float | None]:
    """Longitude and latitude, where both are given and lie in China."""
    try:
        lon, lat = float(value["lon"]), float(value["lat"])
    except (TypeError, KeyError, ValueError):
        return None, None
    west, south, east, north = IN_CHINA
    return (lon, lat) if west <= lon <= east and south <= lat <= north else (None, None)


@transaction.atomic
def read_address(*, actor: Actor, code: str, purpose: str, case_no: str) -> dict[str, Any]:
    """A standard address taken into a form or a case: its parts, division, text and position, with the register's day. A fact.

    Anybody who is signed in, for a purpose and a case or draft number; refused without them (`ReadingRefused`).
    """
    if not actor.signed_in:
        raise NotSignedIn
    missing = [field for field, text in (("purpose", purpose), ("case_no", case_no)) if len(text.strip()) < 2]
    if missing:
        raise ReadingRefused(reasons=[Reason(field, NEEDED[field], field) for field in missing])
    one = find(Address.objects.filter(state="in_use"), pk=code)
    data = {"code": code, "purpose": purpose.strip()[:200], "case_no": case_no.strip()[:60]}
    record("places.address_read", actor=actor, subject=f"address:{code}", data=data)
    return {
        "code": one.code, "division": one.division, "text": text_of(one), "line": one.text, "lon": one.lon, "lat": one.lat,
        "parts": {part: getattr(one, part) for part in PARTS}, "as_of": one.known_at.date().isoformat(),
    }  # fmt: skip
