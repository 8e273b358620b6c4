"""The parts of a draft, in the order an official goes through them. A part whose page does not exist is not shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tongban.services.authoring.queries import Finding

# name of the part (and of its page: authoring-<name>) → title
TABS: dict[str, Any] = {
    "elements": _("要素"),
    "materials": _("材料"),
    "form": _("表单"),
    "situations": _("情形"),
    "flow": _("流程"),
    "letters": _("文书"),
    "review": _("提交审核"),
}


@dataclass(frozen=True)
class Tab:
    name: str
    title: Any
    url: str
    count: int  # of findings
    current: bool


def tabs_of(draft_id: UUID, current: str, findings: Iterable[Finding]) -> list[Tab]:
    counts = Counter(finding.tab for finding in findings)
    found = []
    for name, title in TABS.items():
        try:
            url = reverse(f"authoring-{name}", args=[draft_id])
        except NoReverseMatch:
            continue
        found.append(Tab(name, title, url, counts[name], name == current))
    return found
