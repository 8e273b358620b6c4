"""How staff read a case at a glance."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.masks import mask_name
from tongban.services.cases.models import Case

register = template.Library()


@register.filter
def days_left(due_on: date | None) -> str:
    """今天到期, 剩3天, 超期2天: days by the calendar, for a glance; the law's own count is in the clock ledger."""
    if due_on is None:
        return ""
    days = (due_on - today()).days
    if days == 0:
        return _("今天到期")
    if days > 0:
        return ngettext("剩%d天", "剩%d天", days) % days
    return ngettext("超期%d天", "超期%d天", -days) % -days


@register.filter
def applicant(case: Case) -> str:
    """Whose case it is, as lists show it: a person's name masked, a company's whole, for it is public."""
    return case.applicant_name if case.applicant_kind == "company" else mask_name(case.applicant_name)


@register.filter
def short_number(project_no: str) -> str:
    """Day and serial: what people read to one another."""
    return f"…{project_no[-12:]}"


@register.filter
def of(rows: dict[str, list[str]] | str | None, name: str) -> list[str]:
    """The sentences about one field."""
    return rows.get(name, []) if isinstance(rows, dict) else []


@register.filter
def clock_word(kind: str) -> str:
    """What a clock's kind is called; each correction starts another `acceptance…`."""
    words = {"acceptance": _("受理答复期限"), "decision": _("办理期限"), "delivery": _("送达期限")}
    return next((word for name, word in words.items() if kind.startswith(name)), kind)


@register.filter
def about(rows: dict[str, list[str]] | str | None, key: str) -> list[str]:
    """The sentences about one material."""
    return of(rows, f"materials.{key}")
