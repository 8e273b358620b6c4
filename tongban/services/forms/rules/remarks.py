"""What is wrong with a situation tree and the conditions that ask about it.

行政许可法第三十条: what is published is the list of all materials that are asked for, and no others.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .faults import Fault, gettext_noop
from .leaves import MOST_LEAVES, Question, Way
from .outcomes import Said, Survey, said_in
from .verdicts import Condition, keys_in

PUBLISHED_LIST = "行政许可法第三十条"
MOST_COMBINATIONS = 2000

SENTENCES = {
    "tree_too_large": gettext_noop(
        "情形共有%(count)s种走法，超过了%(most)s种，没法逐一核对。只有个别情形才问的问题，请放到那个选项下面。"
    ),
    "question_unknown": gettext_noop("条件“%(expression)s”问到了情形里没有的问题“%(key)s”。"),
    "answer_unknown": gettext_noop("条件“%(expression)s”里的“%(value)s”不是问题“%(question)s”的选项。"),
    "condition_contradicts": gettext_noop("“%(name)s”的条件自相矛盾，永远不会成立：%(expression)s"),
    "material_never": gettext_noop("材料“%(name)s”在哪种情形下都不会要求提交。请改条件，或者删去这份材料。"),
    "fee_never": gettext_noop("收费“%(name)s”在哪种情形下都不会收取。请改条件，或者删去这项收费。"),
    "stage_never": gettext_noop("环节“%(name)s”在哪种情形下都不会经过。请改条件，或者删去这个环节。"),
    "group_never": gettext_noop("表单分组“%(name)s”在哪种情形下都不会出现。"),
    "field_never": gettext_noop("表单字段“%(name)s”在哪种情形下都不会出现。"),
    "question_unreachable": gettext_noop("问题“%(question)s”永远问不到：前面的选项已经让人停下。"),
    "option_unreachable": gettext_noop("选项“%(option)s”永远选不到：前面有相同的选项，或者同一个问题已经回答过。"),
    "nobody_can_apply": gettext_noop("每种走法最后都不能申请，没有人能办这个事项。"),
    "answer_changes_nothing": gettext_noop("问题“%(question)s”怎么回答，材料、时限、收费、表单和流程都一样。可以不问，或者改在表单里问。"),
    "answers_alike": gettext_noop("问题“%(question)s”的选项%(options)s只是说法不同，办理上没有区别，可以合并。"),
    "condition_always": gettext_noop("“%(name)s”的条件在每种情形下都成立，可以去掉：%(expression)s"),
}  # fmt: skip
ADVICE = frozenset({"answer_changes_nothing", "answers_alike", "condition_always"})
GROUNDED = frozenset({"material_never", "fee_never", "stage_never"})


@dataclass(frozen=True)
class Remark(Fault):
    """A fault of the tree. Advice does not keep a definition from being published."""

    @property
    def is_advice(self) -> bool:
        return self.code in ADVICE

    @property
    def ground(self) -> str:
        return PUBLISHED_LIST if self.code in GROUNDED else ""


def _remark(path: str, code: str, **params: Any) -> Remark:
    return Remark(path, code, SENTENCES[code], params)


def remarks_on(survey: Survey) -> list[Remark]:
    """Everything to say about the tree, in the order of the definition. Of a tree too large to look at, only that it is."""
    if survey.is_too_large:
        return [_remark("situations", "tree_too_large", count=survey.total, most=MOST_LEAVES)]
    said = list(said_in(survey.content))
    questions = list(_questions(survey.content.get("situations") or [], "/situations"))
    return [
        *_unreached(survey, questions),
        *_alike(survey, questions, said),
        *_asked_amiss(questions, said),
        *_hopeless(survey, questions, said),
    ]


def _questions(tree: list[Question], at: str) -> Iterator[tuple[str, Question]]:
    for place, question in enumerate(tree):
        yield f"{at}/{place}", question
        for number, option in enumerate(question.get("options") or ()):
            yield from _questions(option.get("then") or [], f"{at}/{place}/options/{number}/then")


Questions = list[tuple[str, Question]]


def _unreached(survey: Survey, questions: Questions) -> Iterator[Remark]:
    """Options no way takes, and questions none of whose options is taken."""
    if survey.ways and not survey.open_ways:
        yield _remark("situations", "nobody_can_apply")
    taken = {step for way in survey.ways for step in way.steps}
    for at, question in questions:
        options = question.get("options") or ()
        missed = [o for number, o in enumerate(options) if f"{at}/options/{number}" not in taken]
        if options and len(missed) == len(options):
            yield _remark(f"situations.{question['key']}", "question_unreachable", question=_text(question))
            continue
        for option in missed:
            path = f"situations.{question['key']}.{option.get('value')}"
            yield _remark(path, "option_unreachable", option=option.get("label") or option.get("value"))


def _text(question: Question) -> str:
    return str(question.get("question") or question["key"])


# --- answers that make no difference --------------------------------------------------------------------------------------


def _alike(survey: Survey, questions: Questions, said: list[Said]) -> Iterator[Remark]:
    marks = {id(way): _mark(survey, way, said) for way in survey.ways}
    for at, question in questions:
        groups = defaultdict(list)
        for number, option in enumerate(question.get("options") or ()):
            behind = [way for way in survey.ways if f"{at}/options/{number}" in way.steps]
            if behind:
                groups[frozenset((_rest(way, question["key"]), marks[id(way)]) for way in behind)].append(option)
        path = f"situations.{question['key']}"
        if len(groups) == 1 and len(question.get("options") or ()) > 1:
            yield _remark(path, "answer_changes_nothing", question=_text(question))
            continue
        for options in groups.values():
            if len(options) > 1:
                labels = "、".join(f"“{option.get('label')}”" for option in options)
                yield _remark(path, "answers_alike", question=_text(question), options=labels)


def _rest(way: Way, key: str) -> frozenset[tuple[str, str]]:
    return frozenset(way.situation.items() - {(key, way.situation.get(key, ""))})


def _mark(survey: Survey, way: Way, said: list[Said]) -> tuple[Any, ...]:
    """Everything about a way that makes a difference to anybody."""
    if way.stop:
        return ("stop", way.stop)
    promise = tuple(sorted((way.promise or {}).items()))
    return promise, tuple(_effect(survey, way, one) for one in said)


def _effect(survey: Survey, way: Way, one: Said) -> Any:
    if one.what == "rule":  # a value, perhaps: whatever situation it asks about makes a difference
        keys = keys_in(one.text)
        return tuple(way.situation.get(key) for key in sorted(way.situation if keys is None else keys))
    found = [survey.outlook.for_kind(one.text, way, kind) for kind in survey.outlook.kinds]
    return tuple(result.text if isinstance(result, Condition) else result for result in found)


# --- conditions that ask amiss --------------------------------------------------------------------------------------------

_KEY = r"\bsituation\.([A-Za-z_]\w*)"
_STRING = r"('[^']*'|\"[^\"]*\")"
_COMPARED = (re.compile(rf"{_KEY}\s*[=!]=\s*{_STRING}"), re.compile(rf"{_STRING}\s*[=!]=\s*{_KEY}"))
_LISTED = re.compile(rf"{_KEY}\s+(?:not\s+)?in\s*\[([^\[\]]*)\]")


def _comparisons(text: str) -> Iterator[tuple[str, str]]:
    """(question, answer) wherever an expression compares the two."""
    for match in _COMPARED[0].finditer(text):
        yield match[1], match[2][1:-1]
    for match in _COMPARED[1].finditer(text):
        yield match[2], match[1][1:-1]
    for match in _LISTED.finditer(text):
        for value in re.findall(_STRING, match[2]):
            yield match[1], value[1:-1]


def _asked_amiss(questions: Questions, said: list[Said]) -> Iterator[Remark]:
    answers: dict[str, set[str]] = defaultdict(set)
    words: dict[str, str] = {}
    for _at, question in questions:
        answers[question["key"]] |= {str(option.get("value")) for option in question.get("options") or ()}
        words[question["key"]] = _text(question)
    for one in said:
        for key in sorted((keys_in(one.text) or frozenset()) - words.keys()):
            yield _remark(one.path, "question_unknown", expression=one.text, key=key)
        for key, value in dict.fromkeys(_comparisons(one.text)):
            if key in words and value not in answers[key]:
                yield _remark(one.path, "answer_unknown", expression=one.text, value=value, question=words[key])


# --- what never comes about -----------------------------------------------------------------------------------------------

Results = set[bool | None]


def _hopeless(survey: Survey, questions: Questions, said: list[Said]) -> Iterator[Remark]:
    if not survey.open_ways:
        return
    for one in said:
        if one.what == "rule":
            continue
        found = {_sign(survey.outlook.open(one.text, way)) for way in survey.open_ways}
        if found == {True}:
            yield _remark(one.path, "condition_always", name=one.name, expression=one.text)
        elif found == {False}:
            code = "condition_contradicts" if _contradicts(survey, questions, one) else f"{one.what}_never"
            yield _remark(one.path, code, name=one.name, expression=one.text)
        elif one.around and _never(survey, one):
            yield _remark(one.path, "field_never", name=one.name)


def _sign(result: Any) -> bool | None:
    return result if isinstance(result, bool) else None


def _never(survey: Survey, one: Said) -> bool:
    """Whether a field and the group around it never show together."""
    both = ((survey.outlook.open(one.text, way), survey.outlook.open(one.around, way)) for way in survey.open_ways)
    return all(False in (own, around) for own, around in both)


def _contradicts(survey: Survey, questions: Questions, one: Said) -> bool:
    """Whether a condition could hold under no answers at all, whatever the tree: then it denies itself."""
    keys = keys_in(one.text)
    if keys is None or not keys:
        return True
    answers: dict[str, set[str | None]] = {key: {None} for key in keys}
    for _at, question in questions:
        if question["key"] in keys:
            answers[question["key"]] |= {str(option.get("value")) for option in question.get("options") or ()}
    for key, value in _comparisons(one.text):
        answers[key].add(value)
    order = sorted(keys)
    choices = itertools.islice(itertools.product(*(sorted(answers[k], key=str) for k in order)), MOST_COMBINATIONS)
    return not any(
        survey.outlook.open(one.text, Way({k: v for k, v in zip(order, choice, strict=True) if v is not None}))
        is not False
        for choice in choices
    )
