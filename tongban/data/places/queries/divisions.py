"""The tree of divisions: today, or on another day."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongban.data.places.models import DivisionSpan, Takeover
from tongban.data.places.rules import ancestors_of, code_of_twelve
from tongban.data.places.rules.addresses import plain
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

SEE, MANAGE = "places.see", "places.manage"
LEVEL_NAMES = {1: _("省"), 2: _("市"), 3: _("县（区）"), 4: _("乡镇（街道）"), 5: _("村（社区）")}
_ENDINGS = re.compile("(?:社区居委会|社区居民委员会|居委会|居民委员会)$")
_VILLAGE = re.compile("(?:村委会|村民委员会)$")


def _on(day: date | None) -> QuerySet[DivisionSpan]:
    if day is None:
        return DivisionSpan.objects.filter(valid_to=None)
    return DivisionSpan.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def division(*, actor: Actor, code: str, on: date | None = None) -> DivisionSpan:
    """A division as it is called today, else as it was called last; `on`: as on a day."""
    permit(actor, SEE)
    rows = DivisionSpan.objects.filter(code=code) if on is None else _on(on).filter(code=code)
    one = rows.order_by("-valid_from", "-id").first()
    if one is None:
        raise NotFound
    return one


def lines_of(*, actor: Actor, code: str) -> list[DivisionSpan]:
    """Everything a code has been called, the newest first."""
    permit(actor, SEE)
    return list(DivisionSpan.objects.filter(code=code).order_by("-valid_from", "-id"))


def above(code: str, on: date | None = None, *, itself: bool = False) -> list[DivisionSpan]:
    """What a division lies in, the province first; with `itself`, down to the division."""
    codes = [*ancestors_of(code), code] if itself else ancestors_of(code)
    return list(_on(on).filter(code__in=codes).order_by("code"))


def home() -> str:
    """The code of the division whose house this is."""
    return code_of_twelve(settings.CITY_DIVISION)


def children_page(*, actor: Actor, code: str, on: date | None = None, cursor: str = "", size: int = 50) -> Page:
    """What lies right below a division; below the empty code, the provinces."""
    permit(actor, SEE)
    return page_of(_on(on).filter(parent=code), order=["code", "id"], cursor=cursor, size=size)


def found(*, actor: Actor, words: str, within: str = "", cursor: str = "", size: int = 50) -> Page:
    """Divisions whose code or name begins with the words; within a division, also those that have them in the middle."""
    permit(actor, SEE)
    rows, words = _on(None), words.strip()
    if words.isascii() and words.isdigit():
        return page_of(rows.filter(code__startswith=words), order=["code", "id"], cursor=cursor, size=size)
    inside = Q(code__gt=within, code__lt=within + "a", name__contains=words)
    rows = rows.filter(inside if within else Q(name__startswith=words))
    return page_of(rows, order=["code", "id"], cursor=cursor, size=size)


def held_version() -> tuple[int, date] | None:
    """Number and day of the code set's version that was taken over last; None: none yet."""
    done = Takeover.objects.filter(state=Takeover.State.DONE)
    return done.order_by("-version").values_list("version", "effective_on").first()


def open_takeover() -> Takeover | None:
    """The one that is under way, or waits to be tried again."""
    return Takeover.objects.filter(ended_at=None).first()


def takeovers(*, actor: Actor, most: int = 10) -> list[Takeover]:
    """The last ones, the newest first."""
    permit(actor, SEE)
    return list(Takeover.objects.order_by("-began_at", "-id")[:most])


def takeover(*, actor: Actor, takeover_id: UUID) -> Takeover:
    permit(actor, SEE)
    return find(Takeover.objects.all(), pk=takeover_id)


def names_in(code: str) -> dict[str, str]:
    """Ways of naming a county's divisions and all above it → code, for reading addresses. A name that means two things is left out.

    What a division was called before counts as well, unless another is called so today.
    """
    rows = [(one.code, one.name) for one in above(code)]
    rows += list(_on(None).filter(code__gte=code, code__lt=code + "a").values_list("code", "name"))
    today = _told(rows)
    held = {each for each, _name in rows}
    before = DivisionSpan.objects.filter(code__gte=code, code__lt=code + "a", valid_to__isnull=False)
    earlier = _told([row for row in before.values_list("code", "name") if row[0] in held])
    told = {word: codes for word, codes in earlier.items() if word not in today} | today
    return {word: codes.pop() for word, codes in told.items() if len(codes) == 1}


def _told(rows: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Way of naming → all it may mean."""
    told: dict[str, set[str]] = {}
    for code, name in rows:
        for word in _ways(name, len(code)):
            told.setdefault(word, set()).add(code)
    return told


def _ways(name: str, digits: int) -> set[str]:
    ways = {name}
    if digits == 12:
        ways |= {_ENDINGS.sub("社区", name), _VILLAGE.sub("村", name)}
    elif digits <= 4 and len(name) > 2:
        ways.add(name[:-1])  # 四川, 广安
    return {plain(one) for one in ways if len(one) > 1}
