"""Template tags and filters shared by every face."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from json import dumps
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tongban.foundation.kernel import masks
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.listing import listed

register = template.Library()
register.filter("listed", listed)
register.filter("mask_name", masks.mask_name)
register.filter("mask_phone", masks.mask_phone)
register.filter("mask_id", masks.mask_id_number)

LAMPS = {
    "green": gettext_noop("正常"),
    "warn": gettext_noop("临近期限"),
    "yellow": gettext_noop("黄牌"),
    "red": gettext_noop("红牌"),
}


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value, SHANGHAI) if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | str | None) -> str:
    """2026年11月21日."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10]) if value else None
    if value is None:
        return ""
    value = _local(value)
    return _("%(year)s年%(month)s月%(day)s日") % {"year": value.year, "month": value.month, "day": value.day}


@register.filter
def moment(value: datetime | str | None) -> str:
    """2026年11月21日 15:04, in China."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if value else None
    return f"{day(value)} {_local(value):%H:%M}" if value else ""


@register.filter
def fen(value: int | None) -> str:
    """1200 → ¥12.00; nothing for nothing."""
    return "" if value is None else f"¥{value / 100:,.2f}"


@register.filter
def ago(value: datetime | None) -> str:
    """刚刚, 5分钟前, 3小时前, 2天前; older than a month: the day."""
    if value is None:
        return ""
    seconds = int((now() - value).total_seconds())
    if seconds < 60:
        return _("刚刚")
    if seconds < 3600:
        return ngettext("%d分钟前", "%d分钟前", seconds // 60) % (seconds // 60)
    if seconds < 86_400:
        return ngettext("%d小时前", "%d小时前", seconds // 3600) % (seconds // 3600)
    if seconds < 30 * 86_400:
        return ngettext("%d天前", "%d天前", seconds // 86_400) % (seconds // 86_400)
    return day(value)


@register.filter
def lamp_word(lamp: str) -> str:
    return _(LAMPS.get(lamp, lamp))


@register.filter
def field_id(path: str) -> str:
    """The HTML id of the control for a field's path: `staff.0.name` → `f-staff-0-name`."""
    return "f-" + str(path).replace(".", "-").replace("[", "-").replace("]", "")


@register.filter
def json(value: Any) -> str:
    """As JSON, for an attribute a script reads; the template escapes it as any text."""
    return dumps(value, ensure_ascii=False, default=str)


@register.filter
def at(values: Mapping[Any, Any], key: Any) -> Any:
    """The value of a dictionary at a key that is itself a variable."""
    return values.get(key) if values else None


@register.filter
def pairs(values: Mapping[Any, Any] | None) -> list[tuple[Any, Any]]:
    """Keys and values of a dictionary. `values.items` would ask for its key "items" first, and facts and answers have one."""
    return list(values.items()) if values else []


@register.filter
def stars(count: int | None) -> SafeString:
    """★★★★☆ with the words for those who hear the page."""
    count = max(0, min(5, int(count or 0)))
    words = _("%(count)s 星，满分 5 星") % {"count": count}
    return format_html(
        '<span class="tb-stars" role="img" aria-label="{}">{}</span>', words, "★" * count + "☆" * (5 - count)
    )


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative mark from the sprite; what it means is always said in words beside it."""
    return format_html(
        '<svg class="tb-icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], prefix: str, exact: bool = False) -> str:
    """Marks the link of the part one is in."""
    path = context["request"].path if "request" in context else ""
    return mark_safe(' aria-current="page"') if (path == prefix if exact else path.startswith(prefix)) else ""


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own query with some values changed; `None` leaves one out."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value
    return f"?{values.urlencode()}"


def sign_in_address(back: str) -> str:
    """Where to sign in, choose in whose name one acts, and come back."""
    choose = f"/account/enter/?{urlencode({'next': back})}"
    return f"{settings.LOGIN_URL}?{urlencode({'next': choose})}"


@register.simple_tag(takes_context=True)
def sign_in(context: dict[str, Any], back: str = "") -> str:
    """The address of the sign-in page that leads back here."""
    return sign_in_address(back or context["request"].get_full_path())


@register.simple_tag(takes_context=True)
def prefer(context: dict[str, Any], **choice: str) -> str:
    """The address that sets a way of showing pages (care, language) and comes back to this one."""
    back = context["request"].get_full_path() if "request" in context else "/"
    return f"/prefer/?{urlencode({**choice, 'next': back})}"
