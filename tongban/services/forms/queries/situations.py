"""The situation tree of a definition: every leaf of it, what is wrong with it, its conditions in words, and ways to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from tongban.services.forms.rules.conditions import names_of
from tongban.services.forms.rules.leaves import MOST_LEAVES, Way
from tongban.services.forms.rules.outcomes import Entry, Outcome, Said, Survey, in_shape
from tongban.services.forms.rules.remarks import Remark, remarks_on
from tongban.services.forms.rules.ticking import condition_for, parted, ticks_of
from tongban.services.forms.rules.tree_edits import (
    KEY,
    NoSuchNode,
    Removal,
    adding_option,
    adding_question,
    carrying,
    copying,
    keys_of,
    moving,
    node_at,
    questions_with_places,
    removing,
    renaming_key,
    renaming_value,
)
from tongban.services.forms.rules.verdicts import Condition
from tongban.services.forms.rules.wording import say

__all__ = [
    "KEY",
    "MOST_LEAVES",
    "Condition",
    "Entry",
    "NoSuchNode",
    "Outcome",
    "Remark",
    "Removal",
    "Said",
    "Survey",
    "Way",
    "adding_option",
    "adding_question",
    "carrying",
    "condition_for",
    "copying",
    "in_shape",
    "in_words",
    "keys_of",
    "moving",
    "node_at",
    "parted",
    "questions_with_places",
    "remarks_on",
    "removing",
    "renaming_key",
    "renaming_value",
    "ticks_of",
]


def in_words(expression: str, content: Mapping[str, Any]) -> str:
    """A condition as the reader would say it."""
    shaped = in_shape(content)
    groups = [
        {"fields": [item for item in group["fields"] if item.get("key") and item.get("type")]}
        for group in shaped["form"].get("groups") or ()
    ]
    return say(expression, names_of(shaped | {"form": {"groups": groups}}), gettext)
