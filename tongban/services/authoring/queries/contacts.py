"""Addresses that do not open and telephone numbers nobody can dial: told, but no reason to keep a draft back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.services.authoring.models import LinkCheck
from tongban.services.authoring.rules import OFFLINE, is_phone, urls_in

from .findings import WARN, Finding
from .words import tab_of

FAULTS: dict[str, Any] = {
    "form": gettext_lazy("不是完整的网址"),
    "name": gettext_lazy("找不到这个网站"),
    "inside": gettext_lazy("是内部网络的地址，群众打不开"),
    "timeout": gettext_lazy("很久没有回应"),
    "refused": gettext_lazy("连接不上"),
    OFFLINE: gettext_lazy("本系统没有接通外网，请自己打开看一看"),
}


def contact_findings(content: Mapping[str, Any]) -> list[Finding]:
    """One query, and none when no address is written."""
    return [*_dead(content), *_undiallable(content)]


def _dead(content: Mapping[str, Any]) -> Iterator[Finding]:
    written = urls_in(content)
    faults = (
        dict(LinkCheck.objects.filter(url__in=written.values()).exclude(fault="").values_list("url", "fault"))
        if written
        else {}
    )
    for path, url in written.items():
        if fault := faults.get(url):
            why = FAULTS.get(fault, fault)
            text = _("网址打不开（%(why)s）：%(url)s") if fault != OFFLINE else _("没能检查网址（%(why)s）：%(url)s")
            yield Finding(path, text % {"why": why, "url": url[:80]}, "", tab_of(path), WARN)


def _undiallable(content: Mapping[str, Any]) -> Iterator[Finding]:
    places = content.get("locations")
    for place, row in enumerate(places if isinstance(places, list) else []):
        phone = row.get("phone") if isinstance(row, dict) else None
        if isinstance(phone, str) and phone.strip() and not is_phone(phone):
            text = _("电话“%(phone)s”拨不通，请写成 0826-2345678 这样。") % {"phone": phone[:30]}
            yield Finding(f"/locations/{place}/phone", text, "", "elements", WARN)
