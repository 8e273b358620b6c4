"""A made-up case taken through a flow, and the rehearsals kept with it: run again at every change, told in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.organisations.queries import department_by_name, role_names
from tongban.services.cases.rules.flow import Holds, conditions_in
from tongban.services.cases.rules.rehearsal import (
    EVENTS,
    Change,
    Rehearsal,
    changes_to,
    expectation,
    rehearse,
    with_days,
)
from tongban.services.forms.queries import holds, leaf, names_in, outline

__all__ = [
    "EVENTS",
    "VERBS",
    "Rehearsal",
    "Trial",
    "conditions_hold",
    "kept",
    "questions_of_flow",
    "rehearsed",
    "trials_of",
]
Content = Mapping[str, Any]


def conditions_hold(situation: Mapping[str, Any], answers: Mapping[str, Any], applicant_kind: str, on: date) -> Holds:
    """Which conditions of a flow are met by a case with these answers, applied for on this day."""
    scope = {
        **answers,
        "situation": dict(situation),
        "applicant": {"kind": applicant_kind},
        "today": on.isoformat(),
    }
    return lambda condition: holds(condition, scope)


def rehearsed(
    content: Content,
    events: Iterable[str],
    started_on: date,
    *,
    situation: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    applicant: str = "person",
) -> Rehearsal:
    """A made-up case taken through the flow, by the calendar of the department's division."""
    office = department_by_name(str(content.get("department") or ""))
    calendar = calendar_of(office.division_id if office is not None else "")
    rest = leaf(dict(content), dict(situation or {}), applicant_kind=applicant, answers=dict(answers or {}))
    return rehearse(
        {**content, "promise": rest.promise},
        events,
        started_on,
        with_days(lambda day, days: add_working_days(day, days, calendar)),
        conditions_hold(rest.situation, answers or {}, applicant, started_on),
    )


def questions_of_flow(content: Content) -> list[dict[str, Any]]:
    """The fields of the form that the flow's conditions ask for, to be answered for a made-up case."""
    asked = {name for _at, text in conditions_in(content.get("flow") or {}) for name in names_in(text)}
    return [place.raw for place in outline.fields(dict(content)) if place.row is None and place.raw.get("key") in asked]


@dataclass(frozen=True)
class Trial:
    """How a kept rehearsal went when it was run again. `changes` are sentences; none: it came out as recorded."""

    number: int
    name: str
    changes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.changes


VERBS = {
    "submit": _("提交申请"), "receive": _("收件"), "ask_correction": _("一次告知补正"), "supply_correction": _("补齐材料"),
    "accept": _("受理"), "review": _("审查"), "give_opinion": _("会办意见"), "send_back": _("退回重审"),
    "suspend": _("暂停计时"), "resume": _("恢复计时"), "extend": _("延长期限"), "decide": _("决定"), "certify": _("制证"),
    "deliver": _("送达"), "close": _("办结"),
}  # fmt: skip
CHANGES = {
    "now_ends": _("原来走不到办结，现在能办结了"),
    "no_longer_ends": _("原来能办结，现在走不下去了"),
    "now_in_time": _("原来超过承诺时限，现在没有超过"),
    "no_longer_in_time": _("原来在承诺时限内决定，现在超过了"),
    "gone": _("原来有“%(step)s”，现在没有了"),
    "come": _("原来没有“%(step)s”，现在有了"),
    "order": _("先后次序变了"),
    "times": _("同一步走的次数变了"),
}


def kept(name: str, content: Content, **made: Any) -> dict[str, Any]:
    """A rehearsal to keep with the flow: what the case is made of, and what came out now. `made` as for `rehearsed`."""
    found = rehearsed(content, made["events"], made["started_on"], **_case_of(made))
    return {
        "name": name,
        "from": made["started_on"].isoformat(),
        "events": list(made["events"]),
        **_case_of(made),
        "expect": expectation(found),
    }


def _case_of(made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "situation": made.get("situation") or {},
        "answers": made.get("answers") or {},
        "applicant": made.get("applicant") or "person",
    }


def trials_of(content: Content) -> list[Trial]:
    """Every kept rehearsal of a flow, run again."""
    roles = {**role_names(), "applicant": gettext("申请人")}
    found = []
    for number, made in enumerate((content.get("flow") or {}).get("rehearsals") or ()):
        again = rehearsed(content, made.get("events") or (), date.fromisoformat(made["from"]), **_case_of(made))
        changes = tuple(_said(change, roles) for change in changes_to(made["expect"], again))
        found.append(Trial(number, str(made["name"]), changes))
    return found


def _said(change: Change, roles: Mapping[str, str]) -> str:
    told = change.values
    verb = str(VERBS.get(str(told.get("verb")), told.get("verb")))
    office = "" if told.get("department") in ("self", None) else str(told["department"])
    who = " ".join(word for word in (office, roles.get(str(told.get("post")), ""), told.get("window")) if word)
    words = [str(told.get("name") or ""), verb if verb != told.get("name") else "", who]
    return gettext(str(CHANGES[change.code])) % {"step": "，".join(word for word in words if word)}
