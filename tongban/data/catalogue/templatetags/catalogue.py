"""Addresses of a list narrowed further."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def narrowed(context: dict[str, Any], name: str, value: str) -> str:
    """This page's own query with one facet set, or taken away where it is set already; from the first page."""
    values = context["request"].GET.copy()
    values.pop("cursor", None)
    was = values.pop(name, [""])[-1]
    if was != value:
        values[name] = value
    return f"?{values.urlencode()}"
