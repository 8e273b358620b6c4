"""What was answered, in words, by the label of each question: for letters and exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongban.foundation.kernel.kept import kept

from .page import groups_of
from .places import Places
from .widgets import Widget


def answers_in_words(
    form: dict[str, Any], answers: dict[str, Any], context: dict[str, Any] | None = None
) -> dict[str, str]:
    """Label → answer as a person reads it. Questions that are not asked in this case are left out; rows are joined by ；."""
    found = groups_of(form, answers, readonly=True, context=context)
    return {widget.label: _said(widget) for group in found for widget in group["widgets"]}


def _said(widget: Widget) -> str:
    if widget.rows:
        return "；".join("，".join(filter(None, map(_said, row))) for row in widget.rows)
    return widget.words


def plain(form: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers by key, those with parts in words: an address in one line, what was chosen by its label, what was ticked by
    its labels, joined by 、.

    For papers made on the hot path: no query for a place that was met in the last ten minutes.
    """
    fields = {field["key"]: field for group in form.get("groups") or () for field in group.get("fields") or ()}
    return {key: _plain(fields.get(key, {}), value) for key, value in answers.items()}


def _plain(field: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, dict) and "division" in value:
        return f"{_place(str(value['division'] or ''))}{value.get('detail') or ''}"
    labels = {str(option.get("value")): str(option.get("label") or "") for option in field.get("options") or ()}
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "、".join(labels.get(one) or one for one in value)
    return labels.get(value) or value if isinstance(value, str) else value


@kept(seconds=600)
def _place(code: str) -> str:
    return Places([code]).words({"division": code})
