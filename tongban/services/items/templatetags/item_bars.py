"""Shares drawn as bars. What a bar shows stands in figures beside it, so it is hidden from screen readers."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

WIDTH = 120


@register.simple_tag
def bar(*parts: int) -> SafeString:
    """A bar of up to three parts, in proportion; grey where there is nothing."""
    whole, place, shapes = sum(parts) or 1, 0.0, []
    for number, part in enumerate(parts, start=1):
        width = WIDTH * part / whole
        shapes.append((number, f"{place:.1f}", f"{width:.1f}"))
        place += width
    rects = format_html_join("", '<rect class="tb-bar__{}" x="{}" y="0" width="{}" height="10"></rect>', shapes)
    return format_html(
        '<svg class="tb-bar" viewBox="0 0 {} 10" aria-hidden="true" focusable="false">{}</svg>', WIDTH, rects
    )
