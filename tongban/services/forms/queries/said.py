"""What was answered, in words, by the label of each question: for letters and exports."""

from __future__ import annotations

from typing import Any

from .page import groups_of
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
