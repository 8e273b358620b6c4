"""Test answers kept with a form: what it showed, computed and refused when they were recorded, asked again at every change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .checking import settle
from .faults import Fault, fault, gettext_noop
from .structure import plan_of

MOST_TESTS = 60
PLACEHOLDER = "test-file"  # stands where a citizen would upload or sign
_KEYS = {"type": "array", "items": {"type": "string", "maxLength": 120}, "maxItems": 2000}
TEST = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "situation": {"type": "object"},
        "applicant": {"enum": ["person", "company"]},
        "today": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "answers": {"type": "object"},
        "expect": {
            "type": "object",
            "properties": {
                "shown": _KEYS,
                "hidden": _KEYS,
                "computed": {"type": "object"},
                "faults": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"path": {"type": "string"}, "code": {"type": "string"}},
                        "required": ["path", "code"],
                        "additionalProperties": False,
                    },
                },
            },
            "required": ["shown", "hidden", "computed", "faults"],
            "additionalProperties": False,
        },
    },
    "required": ["name", "today", "answers", "expect"],
    "additionalProperties": False,
}

DIFFERENCES = {
    "gone": gettext_noop("字段“%(label)s”已经不在表里"),
    "shown": gettext_noop("“%(label)s”原来不出现，现在出现了"),
    "hidden": gettext_noop("“%(label)s”原来出现，现在不出现了"),
    "computed": gettext_noop("“%(label)s”原来算得%(before)s，现在算得%(now)s"),
    "fault": gettext_noop("“%(label)s”原来能通过，现在提示：%(text)s"),
    "other_fault": gettext_noop("“%(label)s”的提示变了，现在是：%(text)s"),
    "no_fault": gettext_noop("“%(label)s”原来会被指出问题，现在通过了"),
    "asks_more": gettext_noop("新增的“%(label)s”还没有测试答案"),
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was recorded. What a newer field asks for is told, and breaks nothing."""

    kind: str
    path: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def breaks(self) -> bool:
        return self.kind != "asks_more"

    def say(self, translate: Any = str) -> str:
        return str(translate(DIFFERENCES[self.kind])) % self.params


@dataclass(frozen=True)
class Trial:
    """How one test went."""

    number: int
    name: str
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not any(difference.breaks for difference in self.differences)


def record_test(
    form: dict[str, Any],
    *,
    name: str,
    answers: dict[str, Any],
    situation: dict[str, Any],
    applicant: str,
    today: date,
) -> dict[str, Any]:
    """A test that expects just what the form does now with these answers. Uploads and signatures become placeholders."""
    plan = plan_of(form)
    context = _context({"situation": situation, "applicant": applicant, "today": today.isoformat()})
    filled = answers | {key: PLACEHOLDER for key, item in plan.fields.items() if item.type in ("file", "signature")}
    settled = settle(form, filled, context, today)
    visible = settled.evaluated.visible
    return {
        "name": name,
        "situation": situation,
        "applicant": applicant,
        "today": today.isoformat(),
        "answers": {key: value for key, value in settled.answers.items() if key not in settled.evaluated.computed},
        "expect": {
            "shown": [key for key in plan.fields if key in visible],
            "hidden": [key for key in plan.fields if key not in visible],
            "computed": settled.evaluated.computed,
            "faults": [{"path": one.path, "code": one.code} for one in settled.faults],
        },
    }


def _context(test: dict[str, Any]) -> dict[str, Any]:
    kind = test.get("applicant") or "person"
    return {"situation": test.get("situation") or {}, "applicant": {"kind": kind}, "today": test["today"]}


def run_tests(form: dict[str, Any]) -> list[Trial]:
    """Every test kept with a sound form, in their order."""
    return [Trial(number, test["name"], tuple(_run(form, test))) for number, test in enumerate(form.get("tests") or ())]


def _run(form: dict[str, Any], test: dict[str, Any]) -> Iterator[Difference]:
    fields, expect = plan_of(form).fields, test["expect"]
    answers = {key: value for key, value in test["answers"].items() if key in fields}
    settled = settle(form, answers, _context(test), date.fromisoformat(test["today"]))
    visible = settled.evaluated.visible
    for key in [*expect["shown"], *expect["hidden"]]:
        if key not in fields:
            yield Difference("gone", key, {"label": key})
        elif (key in visible) != (key in expect["shown"]):
            yield Difference("shown" if key in visible else "hidden", key, {"label": fields[key].label})
    yield from _computed_differences(form, expect, settled.evaluated.computed)
    yield from _fault_differences(form, expect, settled.faults)


def _label(form: dict[str, Any], path: str) -> str:
    """The label of the field a path leads to, the row counted as people do."""
    head, *rest = path.split(".")
    item = plan_of(form).fields.get(head)
    if item is None:
        return path or str(form.get("title") or "")
    cell = next((cell.label for cell in item.rows if len(rest) > 1 and cell.key == rest[1]), "")
    return f"{item.label} {int(rest[0]) + 1} {cell}" if cell and rest[0].isdigit() else item.label


def _computed_differences(form: dict[str, Any], expect: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    for path, before in expect["computed"].items():
        if path in now and now[path] != before:
            yield Difference("computed", path, {"label": _label(form, path), "before": before, "now": now[path]})


def _fault_differences(form: dict[str, Any], expect: dict[str, Any], faults: list[Fault]) -> Iterator[Difference]:
    known = {"", *expect["shown"], *expect["hidden"]}
    before = {(one["path"], one["code"]) for one in expect["faults"]}
    paths = {path for path, _code in before}
    for problem in faults:
        if (problem.path, problem.code) in before:
            continue
        kind = "fault" if problem.path.split(".")[0] in known else "asks_more"
        kind = "other_fault" if problem.path in paths else kind
        yield Difference(kind, problem.path, {"label": _label(form, problem.path), "text": problem.text})
    there = {problem.path for problem in faults}
    for path in sorted(paths - there):
        if path.split(".")[0] in plan_of(form).fields or not path:
            yield Difference("no_fault", path, {"label": _label(form, path)})


def faults_of_tests(form: dict[str, Any]) -> Iterator[Fault]:
    """A test that no longer comes out as recorded is a fault of the definition: mend the form, or record it anew."""
    for trial in run_tests(form):
        if not trial.passed:
            detail = "；".join(one.say() for one in trial.differences if one.breaks)
            yield fault(f"tests.{trial.number}", "test_differs", name=trial.name, detail=detail[:500])
