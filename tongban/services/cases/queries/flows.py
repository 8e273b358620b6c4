"""A flow as its author sees it: what is wrong with it in words, its diagram, and a made-up case taken through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.foundation.identity.queries import staff_of
from tongban.foundation.organisations.queries import all_departments, department_by_name, halls_of, role_names
from tongban.services.cases.rules.bpmn import in_order, write_bpmn
from tongban.services.cases.rules.bpmn_reading import LARGEST, NotOurDiagram, read_bpmn
from tongban.services.cases.rules.flow import INSTANTLY, KINDS, conditions_in
from tongban.services.cases.rules.flow_checks import (
    Course,
    Desks,
    FlowRemark,
    courses_of,
    days_of,
    desks_in,
    remarks_on_flow,
    settings_of,
    windows_in,
)
from tongban.services.forms.queries.situations import Condition, Survey, Way, in_words

__all__ = [
    "FLOW_KINDS",
    "LARGEST",
    "FlowRemark",
    "NotOurDiagram",
    "diagram_of",
    "flow_read",
    "flow_remarks",
    "flow_sentence",
    "in_order",
    "longest_days",
    "reasons_against",
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
    "decision_passed_over": _("条件不成立的时候，办件就不经过“决定”环节了。每一种情形都要有人作决定。"),
    "return_unknown": _("环节“%(name)s”要退回到“%(target)s”，可是没有这个环节。"),
    "return_in_circles": _("环节“%(name)s”只能退回到前面的环节；退到“%(target)s”会绕圈子，永远办不完。"),
    "return_too_late": _("环节“%(name)s”在决定之后，不能再退回。"),
    "window_unknown": _("没有找到窗口“%(hall)s %(number)s”。请重新选择，不然没有人看得到这一步。"),
    "person_does_both": _("%(name)s既在审查岗位，又在决定岗位。同一个办件不能由同一个人既审查又决定，请确认另有人手。"),
}


def flow_sentence(remark: FlowRemark) -> str:
    """The remark in the reader's language; posts by what they are called."""
    values = dict(remark.values)
    if "post" in values:
        values["post"] = str(role_names().get(values["post"], values["post"]))
    return gettext(str(SENTENCES[remark.code])) % values


def flow_remarks(content: Content) -> list[FlowRemark]:
    """Everything to say about a definition's flow, with what the city knows of its departments, posts and windows."""
    return remarks_on_flow(content, _desks(content), _courses(content))


def longest_days(content: Content) -> int:
    """The working days to the decision on the course that takes longest."""
    flow = content.get("flow") or {}
    return max((days_of(flow, course.holds) for course in _courses(content)), default=0)


def _courses(content: Content) -> list[Course]:
    """The courses cases take: for every way through the situation tree, what its answers settle, and the rest both ways."""
    conditions = list(dict.fromkeys(text for _at, text in conditions_in(content.get("flow") or {})))
    survey = Survey(content) if conditions else None  # without conditions there is one course, whatever the situation
    if survey is None or not survey.open_ways:
        return courses_of(content)
    found: dict[tuple[frozenset[str], str], Course] = {}
    for way in survey.open_ways:
        at, promise = _promise_on(way, content)
        for holding in _holding(survey, way, conditions):
            found.setdefault((holding, at), Course(holding, at, promise))
    return list(found.values())


def _holding(survey: Survey, way: Way, conditions: list[str]) -> Iterator[frozenset[str]]:
    judged = {text: survey.outlook.open(text, way) for text in conditions}
    certain = frozenset(text for text, verdict in judged.items() if verdict is True)
    for some in settings_of(text for text, verdict in judged.items() if isinstance(verdict, Condition)):
        yield certain | some


def _promise_on(way: Way, content: Content) -> tuple[str, Content]:
    """The limit promised on a way and where it is written: the last answer that names one, else the item's own."""
    if way.promise is None:
        return "/promise", content.get("promise") or {}
    for step in reversed(way.steps):
        place: Any = content
        for name in step.strip("/").split("/"):
            place = place[int(name)] if isinstance(place, list) else place[name]
        if place.get("promise"):
            return f"{step}/promise", way.promise
    return "/promise", way.promise


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
    return Desks(names, frozenset(held), tuple(name for _account, name in both), _windows(content))


def _windows(content: Content) -> frozenset[tuple[str, str]]:
    """The counters there are, asked for only where a flow names one."""
    if not any(windows_in(content.get("flow") or {})):
        return frozenset()
    halls = halls_of()
    return frozenset(
        [(hall.name, "") for hall in halls]
        + [(hall.name, window.number) for hall in halls for window in hall.windows.all()]
    )


def diagram_of(content: Content) -> str:
    """The flow as BPMN 2.0."""
    name = str(content.get("plain_name") or content.get("task_name") or "")
    specials = [row for row in content.get("special_procedures") or () if isinstance(row, dict)]
    return write_bpmn(
        content.get("flow") or {}, name=name, specials=specials, says=lambda text: in_words(text, content)
    )


REFUSALS = {
    "too_large": _("文件太大，流程图不超过%(most)sKB。"),
    "not_utf8": _("文件不是UTF-8编码，请用流程图工具重新保存。"),
    "doctype": _("文件里有文档类型声明或者实体（DOCTYPE、ENTITY）。这种写法可能藏有危险，不接收。"),
    "too_deep": _("文件嵌套太深或者内容太多，不像是流程图。"),
    "not_xml": _("文件读不出来，不是完整的XML。"),
    "not_bpmn": _("这不是BPMN 2.0流程图。"),
    "no_steps": _("图里没有找到受理和办理环节。请先在本页下载流程图，在它的基础上改。"),
    "foreign_step": _("“%(name)s”是在别处新画的步骤，这里不知道由谁办、几天办完。请在本页加这个环节，再画图。"),
    "foreign_kind": _("“%(name)s”这种图形（%(kind)s）在办理流程里用不上，请删去。"),
    "step_unreadable": _("“%(name)s”里面记的办理信息坏了，请重新下载流程图再改。"),
    "part_alone": _("“%(name)s”的主办环节已经从图里删掉，它不能单独留下。"),
    "unconnected": _("“%(name)s”没有连上线，办件走不到那里。"),
    "lane_moved": _("“%(name)s”从“%(was)s”移到了“%(now)s”。由谁来办请在本页选择，不能靠移动图形来改。"),
}


def flow_read(data: str | bytes) -> dict[str, Any]:
    """The flow of a diagram that this house wrote, as it was changed elsewhere; else `NotOurDiagram`."""
    return read_bpmn(data)


def reasons_against(refusal: NotOurDiagram) -> list[str]:
    """Every reason why a file is not taken over, in the reader's language."""
    return [gettext(str(REFUSALS[code])) % values for code, values in refusal.reasons]
