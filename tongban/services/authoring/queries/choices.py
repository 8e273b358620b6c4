"""Conditions to choose from instead of writing them: a question of the situation or the form, and the answer that matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.services.forms.queries import Compared, Named, names_of, write
from tongban.services.forms.queries.situations import in_shape, in_words

MOST_ANSWERS = 200


@dataclass(frozen=True)
class ConditionChoices:
    """What stands in a picker: the questions with their answers as (expression, words), and the condition there is now.

    `strange` says a condition in words that no single answer means; it is kept until another one is chosen.
    """

    now: str
    questions: list[tuple[str, list[tuple[str, str]]]]
    strange: str = ""


def condition_choices(content: Mapping[str, Any], now: Any) -> ConditionChoices:
    """Everything one answer can decide, for a document in any state."""
    text = now if isinstance(now, str) else ""
    shaped = in_shape(content)
    groups = [
        {"fields": [raw for raw in group["fields"] if raw.get("key") and raw.get("type")]}
        for group in shaped["form"].get("groups") or ()
    ]
    questions = list(_questions(names_of(shaped | {"form": {"groups": groups}})))
    known = {expression for _label, answers in questions for expression, _words in answers}
    return ConditionChoices(text, questions, in_words(text, content) if text and text not in known else "")


def _questions(names: Mapping[str, Named]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    left = MOST_ANSWERS
    # The situation first: it is known before anything is filled in.
    for one in sorted(names.values(), key=lambda one: not one.name.startswith("situation.")):
        answers = list(_answers(one))[:left]
        left -= len(answers)
        if answers:
            yield one.label, answers


def _answers(one: Named) -> Iterator[tuple[str, str]]:
    if one.type == "boolean":
        yield write(Compared(one.name, "is", True)), _("勾选了")
        yield write(Compared(one.name, "is", False)), _("没有勾选")
    elif one.type == "checkboxes":
        for value, label in one.options:
            yield write(Compared(one.name, "has", value, listed=True)), label
    else:
        for value, label in one.options:
            yield write(Compared(one.name, "is", value)), label
