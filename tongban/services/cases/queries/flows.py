"""A flow as its author sees it: what is wrong with it in words, its diagram, and a made-up case taken through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.identity.queries import staff_of
from tongban.foundation.organisations.queries import all_departments, department_by_name, role_names
from tongban.services.cases.rules.bpmn import NotOurDiagram, in_order, read_bpmn, write_bpmn
from tongban.services.cases.rules.flow import INSTANTLY, KINDS
from tongban.services.cases.rules.flow_checks import Desks, FlowRemark, days_of, desks_in, remarks_on_flow
from tongban.services.cases.rules.rehearsal import EVENTS, Rehearsal, rehearse, with_days

__all__ = [
    "EVENTS",
    "FLOW_KINDS",
    "FlowRemark",
    "NotOurDiagram",
    "Rehearsal",
    "days_of",
    "diagram_of",
    "flow_read",
    "flow_remarks",
    "flow_sentence",
    "in_order",
    "rehearsed",
]
FLOW_KINDS = (*KINDS, INSTANTLY)
Content = Mapping[str, Any]
SENTENCES = {
    "no_stages": _("流程里还没有环节。"),
    "stage_repeated": _("环节的代码“%(key)s”重复了，请换一个。"),
    "stages_reordered": _("办理时总是先审查、再决定、再制证、最后送达。写的顺序不一样，建议照这个顺序排。"),
    "flow_unreadable": _("流程的写法有误，没法推演。请检查每个环节的类型和代码。"),
    "dead_end": _("办件走到这一步以后，没有办法正常办结。"),
    "limits_beyond_promise": _("各环节加起来要%(days)s个工作日，超过了承诺的%(promise)s个工作日。"),
    "stage_without_limit": _("环节“%(name)s”还没有写时限。"),
    "reviews_and_decides": _("审查和决定都由同一个岗位（%(post)s）来做，审批应当分离。"),
    "department_unknown": _("没有找到部门“%(name)s”。"),
    "post_not_held": _("%(department)s还没有人担任“%(post)s”，办件到了这里会没人办。"),
    "person_does_both": _("%(name)s既在审查岗位，又在决定岗位。同一个办件不能由同一个人既审查又决定，请确认另有人手。"),
}


def flow_sentence(remark: FlowRemark) -> str:
    """The remark in the reader's language; posts by what they are called."""
    values = dict(remark.values)
    if "post" in values:
        values["post"] = str(role_names().get(values["post"], values["post"]))
    return gettext(str(SENTENCES[remark.code])) % values


def flow_remarks(content: Content) -> list[FlowRemark]:
    """Everything to say about a definition's flow, with what the city knows of its departments and posts."""
    return remarks_on_flow(content, _desks(content))


def _desks(content: Content) -> Desks:
    """The departments there are, the posts of this flow somebody holds, and who would both review and decide."""
    names = frozenset(office.short_name for office in all_departments())
    own = str(content.get("department") or "")
    wanted = {
        (own if name == "self" else name, role, kind) for _at, kind, name, role in desks_in(content.get("flow") or {})
    }
    held: set[tuple[str, str]] = set()
    people: dict[str, dict[Any, str]] = {}
    for name in {name for name, _role, _kind in wanted} & names:
        office = department_by_name(name)
        for wants, role, kind in wanted:
            if wants == name and office is not None and (holders := staff_of(office.pk, role)):
                held.add((name, role))
                people.setdefault(kind, {}).update(holders)
    both = sorted(set(people.get("review", {}).items()) & set(people.get("decide", {}).items()))
    return Desks(names, frozenset(held), tuple(name for _account, name in both))


def diagram_of(content: Content) -> str:
    """The flow as BPMN 2.0."""
    name = str(content.get("plain_name") or content.get("task_name") or "")
    specials = [row for row in content.get("special_procedures") or () if isinstance(row, dict)]
    return write_bpmn(content.get("flow") or {}, name=name, specials=specials)


def flow_read(text: str) -> dict[str, Any]:
    """The flow of a diagram that this house wrote, else `NotOurDiagram`."""
    return read_bpmn(text)


def rehearsed(content: Content, events: Iterable[str], started_on: date) -> Rehearsal:
    """A made-up case taken through the flow, by the calendar of the department's division."""
    office = department_by_name(str(content.get("department") or ""))
    calendar = calendar_of(office.division_id if office is not None else "")
    return rehearse(content, events, started_on, with_days(lambda day, days: add_working_days(day, days, calendar)))
