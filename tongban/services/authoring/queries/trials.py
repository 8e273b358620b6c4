"""What a draft was tried with before it is handed in: the form's kept tests, the situations, the flow's rehearsals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.services.cases.queries.flows import flow_remarks, longest_days
from tongban.services.cases.queries.rehearsals import trials_of
from tongban.services.forms.queries import faults_of_form, passing, run_tests

from .tree import Survey, remarks_about


@dataclass(frozen=True)
class Tried:
    """One thing the draft was tried with: which tab, what it is called, how it came out in words, and whether it passed.

    `passed` is None where there is nothing to try yet.
    """

    tab: str
    name: str
    words: str
    passed: bool | None


def tried(content: Mapping[str, Any]) -> list[Tried]:
    """Everything a draft was tried with, in the order of the tabs, for a document in any state."""
    return [*_form(content), *_situations(content), *_flow(content)]


def _form(content: Mapping[str, Any]) -> list[Tried]:
    form = content.get("form") if isinstance(content.get("form"), dict) else {}
    tests = (form or {}).get("tests") or []
    if not form or not tests:
        return [Tried("form", _("表单测试"), _("还没有记下测试答案。"), None)]
    with passing(form):
        if [fault for fault in faults_of_form(form) if not fault.path.startswith("tests")]:
            return [Tried("form", _("表单测试"), _("表单还有问题，改好以后才能跑测试。"), False)]
        return [
            Tried(
                "form",
                _("表单测试“%(name)s”") % {"name": trial.name},
                "；".join(one.say(_) for one in trial.differences if one.breaks) or _("和记下的一样。"),
                trial.passed,
            )
            for trial in run_tests(form)
        ]


def _situations(content: Mapping[str, Any]) -> list[Tried]:
    survey = Survey(content)
    name = _("情形分析")
    if survey.is_too_large:
        return [Tried("situations", name, _("走法太多，没有逐一分析。"), None)]
    if not content.get("situations"):
        return [Tried("situations", name, _("没有情形，所有人要交的都一样。"), True)]
    wrong = [text for _at, remark, text in remarks_about(survey) if not remark.is_advice]
    stops = len(survey.ways) - len(survey.open_ways)
    counted = _("一共%(ways)s种走法，其中%(stops)s种提示不用办。") % {"ways": len(survey.ways), "stops": stops}
    return [Tried("situations", name, " ".join([counted, *wrong]), not wrong)]


def _flow(content: Mapping[str, Any]) -> list[Tried]:
    flow = content.get("flow") if isinstance(content.get("flow"), dict) else {}
    remarks = [remark for remark in flow_remarks(content) if remark.hinders]
    if remarks:
        words = _("有%(count)s处要改，见检查结果。") % {"count": len(remarks)}
        return [Tried("flow", _("流程推演"), words, False)]
    words = _("每一种情形都能办结，从受理到决定最多%(days)s个工作日。") % {"days": longest_days(content)}
    found = [Tried("flow", _("流程推演"), words, True)]
    if not (flow or {}).get("rehearsals"):
        return [*found, Tried("flow", _("流程演练"), _("还没有记下演练。"), None)]
    return found + [
        Tried(
            "flow",
            _("流程演练“%(name)s”") % {"name": trial.name},
            "；".join(trial.changes) or _("和记下的一样。"),
            trial.passed,
        )
        for trial in trials_of(content)
    ]
